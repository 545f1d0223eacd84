"""`flask headcounts`: which units must declare or confirm how many people they have."""

import json
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext

from hrtrain.cli.refusing import refusing
from hrtrain.core import clock
from hrtrain.core.db import one_snapshot
from hrtrain.core.errors import Refusal
from hrtrain.people.headcounts.due import DueGroup, DueUnit, due_units, reminders
from hrtrain.people.headcounts.rules import MAX_AGE_DAYS
from hrtrain.units.queries import find_unit
from hrtrain.units.scope import Scope, within

group = AppGroup("headcounts", help="Declared headcounts.")


@group.command("due")
@click.option("--unit", help="Key of a unit: it and all below it (all units).")
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=MAX_AGE_DAYS,
    show_default=True,
    help="A signature older than so many days is due.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_appcontext
@refusing()
def due(unit: str | None, days: int, as_json: bool) -> None:
    """Say which units must declare or confirm their headcounts, and why."""
    with one_snapshot():
        found, of = due_units(_units_below(unit), days)
    if as_json:
        counted = reminders(found, of)
        answer = {
            "unit": unit,
            "days": days,
            "due": counted.units,
            "of": of,
            "reasons": {due.value: count for due, count in counted.reasons.items()},
            "units": [_unit(one) for one in found],
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for one in found:
        why = ", ".join(f"{group.key} ({group.due})" for group in one.groups)
        click.echo(f"{one.key} {one.name}: {why}")
    click.echo(f"{len(found)} of {of} units must declare or confirm.")


def _units_below(key: str | None) -> Any:
    if key is None:
        return None
    unit = find_unit(key)
    if unit is None:
        raise Refusal(f"There is no unit {key}.")
    return within(Scope(roots=frozenset({unit.id})), clock.today())


def _unit(one: DueUnit) -> dict[str, Any]:
    return {
        "unit": one.key,
        "name": one.name,
        "last_signed": one.oldest.isoformat() if one.oldest else None,
        "groups": [_group(group) for group in one.groups],
    }


def _group(one: DueGroup) -> dict[str, Any]:
    signed_at = one.said.signed_at
    return {
        "group": one.key,
        "reason": one.due.value,
        "named": one.said.named,
        "declared": one.said.declared,
        "signed_at": signed_at.isoformat() if signed_at else None,
    }
