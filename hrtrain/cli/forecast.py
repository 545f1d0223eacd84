"""`flask coverage forecast`: what is to be expected by the deadline, and the seats still needed."""

import json
from typing import Any

import click
from flask.cli import with_appcontext

from hrtrain.cli.coverage import read_day
from hrtrain.cli.refusing import refusing
from hrtrain.core import clock
from hrtrain.core.db import one_snapshot
from hrtrain.coverage.forecasting import Forecast, Outlook, forecasts
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.seats import Need


@click.command("forecast")
@click.option("--programme", required=True, help="Code of the programme.")
@click.option("--unit", help="Key of a unit (each target's scope).")
@click.option("--on", help="The day forecast, YYYY-MM-DD (each target's deadline).")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_appcontext
@refusing()
def command(programme: str, unit: str | None, on: str | None, as_json: bool) -> None:
    """Say what the rates will be, as things are and with what is planned, and the seats needed."""
    day = read_day(on, "on") if on else None
    with one_snapshot():
        found = forecasts(programme, clock.today(), unit=unit or None, on=day)
    if as_json:
        rows = [row_of(one) for one in found]
        answer = {"programme": programme, "unit": unit or None, "on": on or None, "rows": rows}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for one in found:
        click.echo("\n".join(_lines(one)))
    if not found:
        click.echo(f"{programme} has no targets.")


def row_of(one: Forecast) -> dict[str, Any]:
    """A target's forecast as data; rates as in the figures, strings or null."""
    deadline = one.today.deadline
    return {
        "group": one.today.group,
        "unit": one.today.unit,
        "day": one.day.isoformat(),
        "deadline": deadline.isoformat() if deadline else None,
        "target": one.today.percent,
        "today": _figures(one.today),
        "nothing_more": _figures(one.whole.then),
        "with_planned": _figures(one.whole.planned),
        "booked": one.whole.booked_count,
        "need": _need(one.whole.need),
        "units": [_unit(part) for part in one.units],
    }


def _figures(row: Standing) -> dict[str, Any]:
    return {
        "trained": row.trained,
        "untrained": row.untrained,
        "in_grace": row.in_grace,
        "required": row.required,
        "rate": row.rate,
        "unnamed": row.unnamed,
        "strict_rate": row.strict_rate,
        "status": row.status.value,
    }


def _need(need: Need | None) -> dict[str, Any] | None:
    if need is None:
        return None
    return {
        "possible": need.is_possible,
        "seats": need.seats if need.is_possible else None,
        "people": need.people if need.is_possible else None,
        "names_first": need.names_first if need.is_possible else None,
        "to_organise": need.to_organise if need.is_possible else None,
        "courses": [
            {
                "course": course.course,
                "seats": course.seats,
                "free": course.free,
                "to_organise": course.to_organise,
            }
            for course in need.courses
        ],
    }


def _unit(part: Outlook) -> dict[str, Any]:
    """What a unit would need to reach the percentage by itself: free seats are everybody's."""
    need = part.need
    return {
        "unit": part.then.unit,
        "missing": part.missing_count,
        "booked": part.booked_count,
        "trained_by_planned": part.planned.trained - part.then.trained,
        "seats": need.seats if need and need.is_possible else None,
        "names_first": need.names_first if need and need.is_possible else None,
    }


def _lines(one: Forecast) -> list[str]:
    percent = "no percentage stated" if one.today.percent is None else f"{one.today.percent} %"
    return [
        f"{one.today.group}, by {one.day}, target {percent}:",
        f"  today                   {_rate(one.today)}",
        f"  if nothing more is done {_rate(one.whole.then)}",
        f"  with what is planned    {_rate(one.whole.planned)}",
        *(f"  {line}" for line in _need_lines(one.whole.need)),
    ]


def _rate(row: Standing) -> str:
    nameless = f", {row.unnamed} without a name" if row.unnamed else ""
    return f"{row.rate or '-':>6}  ({row.trained} of {row.required}{nameless})"


def _need_lines(need: Need | None) -> list[str]:
    if need is None:
        return []
    if not need.is_possible:
        return ["no course counts by then for what is lacking"]
    first = f"; {need.names_first} must be named first" if need.names_first else ""
    return [
        f"seats still needed: {need.seats}{first}",
        *(
            f"  {course.course}: {course.seats}, {course.to_organise} of them to be organised"
            for course in need.courses
        ),
    ]
