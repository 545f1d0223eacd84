"""`flask reorganise`: a plan of merged, split and renamed units done as one act, and taken back."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from hrtrain.cli.refusing import refusing
from hrtrain.core.acts.models import Act
from hrtrain.core.db import db, new_key
from hrtrain.core.errors import Refusal
from hrtrain.reorganising.actions.applying import apply
from hrtrain.reorganising.actions.drafting import Heading, draft
from hrtrain.reorganising.actions.undoing import undo
from hrtrain.reorganising.queries.effects import Counts
from hrtrain.reorganising.queries.reorganisations import find_reorganisation
from hrtrain.reorganising.reading import read_plan
from hrtrain.reorganising.rules import Entry
from hrtrain.reorganising.words import refusal_of


class PlanOrCommand(AppGroup):
    """What is no command is a plan: ``flask reorganise PLAN.csv`` applies it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command before a plan."""
        if args and args[0] not in (*self.commands, "--help"):
            args = ["apply", *args]
        return super().parse_args(ctx, args)


group = PlanOrCommand(
    "reorganise", help="PLAN.csv --document NO --on DATE: units merged, split, renamed."
)


@group.command("apply")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--document", required=True, help="Number of the document that orders it.")
@click.option("--on", "day", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--title", default="", help="What it is called (the document).")
@click.option("--dry-run", is_flag=True, help="Say what it would do; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@refusing()
def apply_command(
    plan: Path, document: str, day: datetime, title: str, *, dry_run: bool, as_json: bool
) -> None:
    """Apply a plan, all of it or nothing.

    Columns as in successions.csv (no successor: dissolved) or as in renames.csv; also
    key,parent_key to move and key,tier,kind to retype.
    """
    heading = Heading(_fitting(title or document, 300), _fitting(document, 120), day.date())
    made = draft(new_key("r"), heading, _entries(plan, heading), by=None)
    act = apply(made, by=None)
    key, details = made.key, dict(act.details) if act else {}
    if act is None or dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    _say(plan, key, details, is_dry=dry_run, as_json=as_json)


@group.command("undo")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@refusing()
def undo_command(key: str, *, as_json: bool) -> None:
    """Take a reorganisation back; what was decided of its queue goes first."""
    made = find_reorganisation(key)
    if made is None:
        raise Refusal(f"there is no reorganisation {key!r}")
    undo(made, by=None)
    db.session.commit()
    click.echo(
        json.dumps({"reorganisation": key, "undone": True}) if as_json else f"{key}: undone."
    )


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@refusing()
def list_command(*, as_json: bool) -> None:
    """The reorganisations that were done, the latest last."""
    asked = db.select(Act).where(Act.kind == "reorganisation").order_by(Act.id)
    rows = [
        {
            "reorganisation": made.details["reorganisation"],
            "document_no": made.details["document_no"],
            "on": made.details["on"],
            "undone": made.undone_at is not None,
        }
        for made in db.session.scalars(asked)
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        undone = "  undone" if row["undone"] else ""
        click.echo(f"{row['reorganisation']}  {row['on']}  {row['document_no']}{undone}")


def _fitting(text: str, longest: int) -> str:
    text = " ".join(text.split())
    if not text or len(text) > longest:
        raise Refusal(f"1 to {longest} characters are needed", where="--document")
    return text


def _entries(path: Path, heading: Heading) -> Sequence[Entry]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refusal(error.strerror or "it cannot be read", where=str(path)) from None
    entries, faults = read_plan(content, heading.on)
    if faults:
        raise refusal_of(faults)
    return entries


def _say(plan: Path, key: str, details: dict[str, Any], *, is_dry: bool, as_json: bool) -> None:
    counts = details.get("counts", asdict(Counts()))
    if as_json:
        state = "nothing_to_do" if not details else "dry_run" if is_dry else "done"
        made = key if state == "done" else None
        answer = {"plan": plan.name, "state": state, "reorganisation": made, **counts}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    if not details:
        click.echo(f"{plan.name}: nothing to do, all of it is so already.")
        return
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    click.echo(f"{plan.name}: {said}.")
    click.echo("Nothing was written." if is_dry else f"Done as {key}: flask reorganise undo {key}")
