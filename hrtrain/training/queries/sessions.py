"""Questions about training sessions: the list, one session's figures, a person's sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from hrtrain.core.db import db
from hrtrain.core.paging import SIZE, Page, bad_cursor, page_of, read_cursor
from hrtrain.people.merges.queries import standing_for
from hrtrain.people.models import Person
from hrtrain.training.models import Enrolment, TrainingSession
from hrtrain.training.rules import GONE, SEATED, EnrolmentState


@dataclass(frozen=True)
class SessionFilter:
    """What the list is narrowed to; ``when`` is upcoming, past or all."""

    when: str = "upcoming"
    text: str = ""
    course_id: int | None = None
    units: Select[int] | None = None


@dataclass(frozen=True)
class SessionRow:
    """A training session of the list, with how many seats are taken and how many people wait."""

    session: TrainingSession
    seated: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Figures:
    """A session's figures; ``free`` is None without a capacity."""

    seated: int
    waiting: int
    present: int
    absent: int
    unmarked: int
    gone: int
    free: int | None

    @property
    def filled(self) -> int:
        """Capacity as a whole, for a bar: the seats taken and those free."""
        return self.seated + (self.free or 0)


@dataclass(frozen=True)
class OwnSession:
    """A training session as the person enrolled in it sees it."""

    session: TrainingSession
    state: str
    seat: int | None
    attended: bool | None


def find_training_session(key: str) -> TrainingSession | None:
    """The training session of this key, whoever asks."""
    return db.session.scalar(select(TrainingSession).where(TrainingSession.key == key))


def training_session_page(
    asked: SessionFilter, reached: Select[int] | None, today: date, after: str | None
) -> Page[SessionRow]:
    """A page of the sessions in reach: those to come by day, others from the newest back."""
    forward = asked.when == "upcoming"
    days = [TrainingSession.starts_on, TrainingSession.id]
    order = days if forward else [column.desc() for column in days]
    found = select(TrainingSession).where(*_conditions(asked, reached, today))
    if place := read_cursor(after, str, int):
        found = found.where(_beyond(_day_of(place[0]), place[1], forward))
    found = found.options(
        joinedload(TrainingSession.course), joinedload(TrainingSession.unit)
    ).order_by(*order)
    sessions = db.session.scalars(found.limit(SIZE + 1)).all()
    counts = _counts([session.id for session in sessions])
    rows = [SessionRow(s, *counts.get(s.id, (0, 0))) for s in sessions]
    return page_of(rows, lambda row: (row.session.starts_on.isoformat(), row.session.id))


def figures_of(session: TrainingSession) -> Figures:
    """The session's figures by one statement."""
    seated = Enrolment.state.in_(SEATED)
    counted = select(
        _count_if(seated),
        _count_if(Enrolment.state == EnrolmentState.WAITING),
        _count_if(and_(seated, Enrolment.attended.is_(True))),
        _count_if(and_(seated, Enrolment.attended.is_(False))),
        _count_if(and_(seated, Enrolment.attended.is_(None))),
        _count_if(Enrolment.state.in_(GONE)),
    ).where(Enrolment.training_session_id == session.id)
    seats, waiting, present, absent, unmarked, gone = db.session.execute(counted).one()
    free = None if session.capacity is None else max(0, session.capacity - seats)
    return Figures(seats, waiting, present, absent, unmarked, gone, free)


def training_sessions_of(person: Person) -> list[OwnSession]:
    """The sessions a person is or was in, the newest first."""
    rows = db.session.execute(
        select(Enrolment, TrainingSession)
        .join(TrainingSession, TrainingSession.id == Enrolment.training_session_id)
        .options(joinedload(TrainingSession.course), joinedload(TrainingSession.unit))
        .where(Enrolment.person_id == person.id)
        .order_by(TrainingSession.starts_on.desc(), TrainingSession.id.desc())
    )
    return [OwnSession(s, e.state, e.seat, e.attended) for e, s in rows]


def own_training_session(person: Person, key: str) -> TrainingSession | None:
    """The session of this key, when the person is in it and did not leave."""
    return db.session.scalar(
        select(TrainingSession)
        .join(Enrolment, Enrolment.training_session_id == TrainingSession.id)
        .where(
            TrainingSession.key == key,
            Enrolment.person_id == person.id,
            Enrolment.state != EnrolmentState.WITHDRAWN,
        )
    )


def person_of_code(code: str) -> Person | None:
    """Whose personal link has the code: of a merged record, the one that stands for it."""
    person = db.session.scalar(select(Person).where(Person.access_code == code))
    return person and standing_for(person)


def _conditions(
    asked: SessionFilter, reached: Select[int] | None, today: date
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.when == "upcoming":
        conditions.append(TrainingSession.ends_on > today)
    elif asked.when == "past":
        conditions.append(TrainingSession.ends_on <= today)
    if asked.text:
        conditions.append(TrainingSession.title.icontains(asked.text, autoescape=True))
    if asked.course_id is not None:
        conditions.append(TrainingSession.course_id == asked.course_id)
    for units in (asked.units, reached):
        if units is not None:
            conditions.append(TrainingSession.unit_id.in_(units))
    return conditions


def _day_of(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise bad_cursor() from None


def _beyond(day: date, row_id: Any, forward: bool) -> ColumnElement[bool]:
    same_day = TrainingSession.starts_on == day
    if forward:
        later = TrainingSession.starts_on > day
        return or_(later, and_(same_day, TrainingSession.id > row_id))
    earlier = TrainingSession.starts_on < day
    return or_(earlier, and_(same_day, TrainingSession.id < row_id))


def _counts(session_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    counted = (
        select(
            Enrolment.training_session_id,
            _count_if(Enrolment.state.in_(SEATED)),
            _count_if(Enrolment.state == EnrolmentState.WAITING),
        )
        .where(Enrolment.training_session_id.in_(list(session_ids)))
        .group_by(Enrolment.training_session_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in db.session.execute(counted)}


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
