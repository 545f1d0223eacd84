"""Personal data from the command line: requests that are due, a person's copy, retention."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from hrtrain.accounts.actions import record
from hrtrain.cli.refusing import refusing
from hrtrain.core import clock
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal
from hrtrain.core.files import write_whole
from hrtrain.core.jobs import worker
from hrtrain.core.language import gettext as _
from hrtrain.people.queries import find_person
from hrtrain.privacy.access_log import Access, write
from hrtrain.privacy.actions.retaining import ask_for_run
from hrtrain.privacy.queries.requests import RequestRow, open_requests
from hrtrain.privacy.queries.retention import Overdue, overdue_things
from hrtrain.reports.person_archive import copy_of

OWNER_ONLY = 0o600
group = AppGroup("privacy", help="Personal data: requests, copies, retention.")


@group.command("requests")
@click.option("--due", is_flag=True, help="Only those whose last day is today or has passed.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@refusing()
def requests(due: bool, as_json: bool) -> None:
    """List open requests of data subjects, the one due first on top; no names, but keys."""
    with reading():
        rows = open_requests(clock.today())
        told = [_told(row) for row in rows if not due or (row.due and row.due.days_left <= 0)]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{len(told)} open request(s)" + (" due." if due else "."))
    for one in told:
        late = f", {-one['days_left']} day(s) late" if one["days_left"] < 0 else ""
        click.echo(f"  {one['request']}  {one['kind']:9} {one['next']} by {one['due']}{late}")


def _told(row: RequestRow) -> dict[str, Any]:
    assert row.due is not None, "only open requests are listed"
    return {
        "request": row.request.key,
        "person": row.request.person.key,
        "kind": row.request.kind,
        "received_on": row.request.received_on.isoformat(),
        "next": "acknowledge" if row.due.is_acknowledgement else "answer",
        "due": row.due.day.isoformat(),
        "days_left": row.due.days_left,
    }


@group.command("export")
@click.argument("person")
@click.argument("path", type=click.Path(path_type=Path))
@refusing()
def export(person: str, path: Path) -> None:
    """Write a copy of a person's data to a new zip that its owner alone may read; it is logged."""
    if path.exists():
        raise Refusal("is there already; a copy never replaces another file", where=str(path))
    with reading():
        found = find_person(person)
        if found is None:
            raise Refusal("there is no such person", where=person)
        person_id = found.id
        _name, content = copy_of(found)
        db.session.rollback()
    record(None, "person_exported", ("person", person), _("Lấy bản sao dữ liệu"))
    db.session.commit()
    access = Access(
        what="cli.privacy_export",
        purpose="export",
        person_id=person_id,
        shown_count=1,
        person_ids=(person_id,),
    )
    write([access])
    write_whole(path, content, OWNER_ONLY)
    click.echo(f"Wrote {path}: {len(content):,} bytes.")


@group.command("retention")
@click.option("--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@refusing()
def retention(dry_run: bool, as_json: bool) -> None:
    """Do what the switched-on rules of retention say is overdue; nothing runs by itself."""
    with reading():
        found = [one for one in overdue_things(clock.today()) if one.rule.is_on]
        db.session.rollback()
    if not dry_run and any(one.count for one in found):
        ask_for_run(clock.today(), by=None)
        db.session.commit()
        worker.run_waiting()
    told = [_of_rule(one) for one in found]
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "rules": told}, ensure_ascii=False))
        return
    click.echo("Would be done:" if dry_run else "Done:")
    for one in told:
        click.echo(f"  {one['kind']:12} {one['count']:>8}  before {one['before'] or '(no term)'}")
    if not told:
        click.echo("  nothing: no rule is switched on")


def _of_rule(one: Overdue) -> dict[str, Any]:
    return {
        "kind": one.rule.kind,
        "months": one.rule.months,
        "before": one.before.isoformat() if one.before else None,
        "count": one.count,
        "first": list(one.examples),
    }
