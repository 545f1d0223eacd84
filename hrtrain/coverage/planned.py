"""The planned training sessions a forecast reckons with: open ones, their seats, for whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select

from hrtrain.core.db import db
from hrtrain.coverage.states import plus_days
from hrtrain.training.models import Enrolment, TrainingSession
from hrtrain.training.rules import SEATED, SessionState, last_day
from hrtrain.units.queries import names_on, paths_on

Line = frozenset[int]
"""A unit and those above it today."""


@dataclass(frozen=True)
class PlannedSession:
    """An open training session; ``free`` seats are None without a capacity, 0 once it is over."""

    id: int
    key: str
    title: str
    course_id: int
    last_day: date
    seated: int
    free: int | None
    is_over: bool
    unit_id: int
    unit_name: str


@dataclass(frozen=True)
class Planned:
    """Open sessions by day, and the lines of the units that organise them and of the scopes."""

    sessions: list[PlannedSession]
    lines: dict[int, Line]

    def sessions_for(self, scope_id: int | None) -> list[PlannedSession]:
        """Those organised at, above or below a target's scope unit; None: all.

        A session of the next province is no place to send people to, though one of the nation is.
        """
        if scope_id is None:
            return self.sessions
        return [one for one in self.sessions if self._is_for(one.unit_id, scope_id)]

    def _is_for(self, unit_id: int, scope_id: int) -> bool:
        return scope_id in self.lines[unit_id] or unit_id in self.lines[scope_id]


def planned_sessions(
    course_ids: Collection[int], scope_ids: Collection[int], *, until: date, today: date
) -> Planned:
    """The open sessions of the courses whose last day is not after ``until``."""
    rows = db.session.execute(_open(course_ids, until)).all()
    organisers = {row.unit_id for row in rows}
    names = names_on(organisers, today)
    sessions = [
        PlannedSession(
            id=row.id,
            key=row.key,
            title=row.title,
            course_id=row.course_id,
            last_day=last_day(row.ends_on),
            seated=row.seated,
            free=_free(row, today),
            is_over=row.ends_on <= today,
            unit_id=row.unit_id,
            unit_name=names[row.unit_id],
        )
        for row in rows
    ]
    paths = paths_on(dict.fromkeys({*organisers, *scope_ids}, today))
    lines = {unit: frozenset({unit, *(one.id for one in path)}) for unit, path in paths.items()}
    return Planned(sessions, lines)


def _free(row: Any, today: date) -> int | None:
    if row.ends_on <= today:
        return 0
    return None if row.capacity is None else max(0, row.capacity - row.seated)


def _open(course_ids: Collection[int], until: date) -> Select[Any]:
    session = TrainingSession
    sits = and_(Enrolment.training_session_id == session.id, Enrolment.state.in_(SEATED))
    return (
        select(session.id, session.key, session.title, session.course_id, session.unit_id)
        .add_columns(session.ends_on, session.capacity, func.count(Enrolment.id).label("seated"))
        .outerjoin(Enrolment, sits)
        .where(
            session.state == SessionState.OPEN,
            session.course_id.in_(course_ids),
            session.ends_on <= plus_days(until, 1),
        )
        .group_by(session.id)
        .order_by(session.ends_on, session.id)
    )
