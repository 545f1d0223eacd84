"""`flask coverage seal`, `seals`, `reproduce`, `restate`: sealed reports from the command line."""

import json
import re
from datetime import date, datetime
from typing import Any

import click

from hrtrain.cli.refusing import refusing
from hrtrain.core.db import db, new_key, reading
from hrtrain.core.errors import Refusal
from hrtrain.coverage.models import Programme
from hrtrain.coverage.plan_queries import find_programme
from hrtrain.coverage.seals import actions
from hrtrain.coverage.seals.facts import Sought
from hrtrain.coverage.seals.models import Seal
from hrtrain.coverage.seals.queries import (
    Difference,
    Frozen,
    all_seals,
    content_of,
    differences,
    find_seal,
    first_difference,
    frozen,
    reproduced,
    sought_of,
)

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.command("seal")
@click.option("--programme", required=True, help="Code of the programme.")
@click.option("--as-of", required=True, help="The day, YYYY-MM-DD.")
@click.option("--unit", help="Key of a unit (each target's scope).")
@click.option("--title", default="", help="What the report is called.")
@as_json
def seal(programme: str, as_of: str, unit: str | None, title: str, *, as_json: bool) -> None:
    """Freeze a programme's figures of a day with their people, for good."""
    with refusing():
        sought = Sought(programme, _day(as_of), unit or None)
        ready = _counted(_programme(programme), sought)
        title = title or f"{programme} {as_of}"
        made = actions.seal(new_key("seal"), ready, title=title, note="", by=None)
        db.session.commit()
        _say(made, as_json=as_json)


def _programme(key: str) -> Programme:
    found = find_programme(key)
    if found is None:
        raise Refusal(f"there is no programme {key}", where="programme")
    return found


def _counted(programme: Programme, sought: Sought) -> Frozen:
    instant: datetime = actions.settled_instant()
    with reading():
        ready = frozen(programme, sought, instant)
        db.session.rollback()
    return ready


def _day(text: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refusal(f"{text} is no day (YYYY-MM-DD)", where="as_of")


@click.command("seals")
@as_json
def seals(*, as_json: bool) -> None:
    """List the sealed reports, the oldest first."""
    with refusing(), reading():
        told = [_told(one) for one in all_seals()]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told:
        where = one["unit"] or "everywhere"
        what = f"{one['programme']} {one['as_of']} {where}"
        click.echo(f"{one['key']}  {what}  v{one['version']}  {one['known_at']}  {one['title']}")


@click.command("reproduce")
@click.argument("key")
def reproduce(key: str) -> None:
    """Count a sealed report again; exit 1, naming the first difference, if there is one."""
    with refusing(), reading():
        found = _seal(key)
        difference = first_difference(found, reproduced(found))
        if difference:
            raise Refusal(f"is not what was sealed: {difference}", where=key)
        click.echo(f"{key}: the same bytes, sha256 {found.content_sha256}")


@click.command("restate")
@click.argument("key")
@click.option("--note", default="", help="Why it is restated.")
@as_json
def restate(key: str, note: str, *, as_json: bool) -> None:
    """Seal the same day anew with what is known now; says who differs from before, and why."""
    with refusing():
        old = _seal(key)
        ready = _counted(old.programme, sought_of(old))
        made = actions.restate(old, new_key("seal"), ready, note=note, by=None)
        db.session.commit()
        found = [_difference(one) for one in differences(old, made)]
        if as_json:
            click.echo(json.dumps({**_told(made), "differences": found}, ensure_ascii=False))
            return
        _say(made, as_json=False)
        for one in found:
            steps = f"{_place(one['before'])} -> {_place(one['after'])}"
            click.echo(f"  {one['group']} {one['person']}: {steps} ({one['cause']})")


def _seal(key: str) -> Seal:
    found = find_seal(key)
    if found is None:
        raise Refusal(f"there is no sealed report {key}", where="key")
    return found


def _difference(one: Difference) -> dict[str, Any]:
    moved = one.moved
    before, after = (
        {"state": stand.state.value, "unit": stand.unit} if stand else None
        for stand in (moved.before, moved.after)
    )
    who = {"group": moved.group, "person": moved.person}
    return {**who, "before": before, "after": after, "cause": one.cause.value}


def _place(stand: dict[str, str] | None) -> str:
    return f"{stand['state']} at {stand['unit']}" if stand else "out of scope"


def _told(seal: Seal) -> dict[str, Any]:
    return {
        "key": seal.key,
        "programme": seal.programme.key,
        "unit": seal.unit.key if seal.unit else None,
        "as_of": seal.as_of.isoformat(),
        "known_at": seal.known_at.isoformat(),
        "title": seal.title,
        "version": seal.version,
        "rule_version": seal.rule_version,
        "inputs_hash": seal.inputs_hash,
        "sha256": seal.content_sha256,
    }


def _say(seal: Seal, *, as_json: bool) -> None:
    rows = [row for row in content_of(seal)["figures"] if row["by"] == "group"]
    if as_json:
        click.echo(json.dumps({**_told(seal), "figures": rows}, ensure_ascii=False))
        return
    click.echo(f"Sealed {seal.key}, version {seal.version}, sha256 {seal.content_sha256}.")
    for row in rows:
        click.echo(f"  {row['group']}: {row['trained']} of {row['required']}, {row['status']}")


commands = (seal, seals, reproduce, restate)
