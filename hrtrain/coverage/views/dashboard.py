"""The front page: for those who answer for coverage, how every target stands; else own things."""

from datetime import date
from itertools import groupby

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import may
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to, signed_in
from hrtrain.coverage import words
from hrtrain.coverage.apart import apart
from hrtrain.coverage.asked import Plans, read_plans
from hrtrain.coverage.attendance import Attendance, attendance_of
from hrtrain.coverage.derived.standing import read_state
from hrtrain.coverage.drawing import Spark, bar_of, month_ends, spark_of
from hrtrain.coverage.gates import READERS
from hrtrain.coverage.models import Programme
from hrtrain.coverage.plan_queries import programmes
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Standing, Status
from hrtrain.coverage.trends import is_quick, outlines
from hrtrain.coverage.trust.queries import trusts_of
from hrtrain.coverage.trust.rules import Trust
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.asking import Asked, read_asked
from hrtrain.people.headcounts.due import Reminders, are_few, due_units, reminders
from hrtrain.privacy.gates import requests_to_answer
from hrtrain.units.queries import name_on, path_of
from hrtrain.units.scope import Scope, within

MONTHS = 12
FEW_PEOPLE = 2000
"""Places in scope up to which people and attendances are counted with the page: it is live work."""
FEW_UNITS = 200
"""Units up to which a focal point is reminded with the page of what they must declare."""
Sparks = dict[tuple[str, str], Spark | None]
"""Small trends by programme and group."""


@bp.get("/")
@signed_in
def dashboard() -> ResponseReturnValue:
    """How every target stands on the day, in the unit asked about."""
    if not may(*READERS):
        return redirect(url_for("training.my_page"), 303)
    asked = read_asked()
    question = Question(None, asked.as_of, asked.unit_key, known_at=asked.known_at)
    plans = read_plans()
    rows, small = _rows_and_trends(question, plans)
    parts = _parts(rows)
    return render_template(
        "coverage/dashboard.html",
        asked=asked,
        place=place_of(asked),
        parts=[part for part in parts if _weight(part[1]) < 2],
        idle=[part for part in parts if _weight(part[1]) >= 2],
        tally={status.value: sum(row.status is status for row in rows) for status in Status},
        attendance=_attendance(asked, rows),
        alarm=_alarm(),
        reminders=_reminders(asked),
        chores=[row for row in rows if _has_chore(row)] if may(Role.FOCAL_POINT) else [],
        may_plan=may(Role.PROGRAMME_MANAGER),
        data_requests=requests_to_answer(),
        bar_of=bar_of,
        small=small,
        items=apart(question, plans=plans),
        trusts=trusts_by_target(rows, asked.as_of),
        words=words,
        today=clock.today(),
    )


def _rows_and_trends(question: Question, plans: Plans) -> tuple[list[Standing], Sparks]:
    """The figures, and where they cost no more than these, each target's small trend."""
    if not is_quick(question):
        return standings(question, plans=plans), {}
    days = month_ends(question.as_of, MONTHS)
    drawn = outlines(question, days, plans)
    small = {(one.last.programme, one.last.group): spark_of(one) for one in drawn}
    return [one.last for one in drawn], small


def trusts_by_target(rows: list[Standing], day: date) -> dict[tuple[str, str], Trust]:
    """How far each target's figure can be trusted, by programme and group."""
    trusts = trusts_of(rows, day)
    return {(row.programme, row.group): one for row, one in zip(rows, trusts, strict=True)}


@bp.get("/attendance")
@open_to(*READERS)
def attendance_page() -> ResponseReturnValue:
    """How many people completed something, and how many times people did, below the unit."""
    asked = read_asked()
    counted = attendance_of(asked.unit, asked.as_of, asked.known_at)
    return render_template(
        "coverage/attendance.html", asked=asked, place=place_of(asked), attendance=counted
    )


def _attendance(asked: Asked, rows: list[Standing]) -> Attendance | None:
    """People and attendances, where they are counted at once."""
    if sum(row.in_scope for row in rows) > FEW_PEOPLE:
        return None
    return attendance_of(asked.unit, asked.as_of, asked.known_at)


def _reminders(asked: Asked) -> Reminders | None:
    """What a focal point's units wait for, where counting them costs little."""
    if asked.unit is None or asked.known_at or not may(Role.FOCAL_POINT):
        return None
    units = within(Scope(roots=frozenset({asked.unit.id})), clock.today())
    return reminders(*due_units(units)) if are_few(units, FEW_UNITS) else None


def _alarm() -> str:
    """What the last verification found wrong, for those who answer for the whole system."""
    state = read_state()
    return state.alarm if state else ""


def place_of(asked: Asked) -> str:
    """The unit's name and those above it, as of the day; empty for the whole country."""
    if asked.unit is None:
        return ""
    above = [unit.name for unit in reversed(path_of(asked.unit, asked.as_of))]
    return ", ".join([name_on(asked.unit, asked.as_of), *above])


def _parts(rows: list[Standing]) -> list[tuple[Programme, list[Standing]]]:
    """Each programme with its standings: first those that ask for a percentage here, then those
    that state none, then those that ask nothing here, last those without targets.
    """
    found = {key: list(part) for key, part in groupby(rows, lambda row: row.programme)}
    parts = [(row.programme, found.get(row.programme.key, [])) for row in programmes()]
    return sorted(parts, key=lambda part: _weight(part[1]))


def _has_chore(row: Standing) -> bool:
    return bool(row.untrained or row.unnamed or row.units_unconfirmed)


def _weight(rows: list[Standing]) -> int:
    if not rows:
        return 3
    asked = [row for row in rows if row.status is not Status.NOTHING_ASKED]
    if not asked:
        return 2
    return 0 if any(row.percent is not None for row in asked) else 1
