"""Giving seats, waiting, leaving."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core.db import db, hold_content
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.people.merges.actions import hold_each
from hrtrain.people.models import Person
from hrtrain.training.actions.sessions import refuse_unless_open
from hrtrain.training.models import Enrolment, TrainingSession
from hrtrain.training.rules import GONE, SEATED, EnrolmentState, WhenFull, free_seats

_NAMES_SHOWN = 20


@dataclass(frozen=True)
class Enrolled:
    """What became of the people somebody enrolled: each is in exactly one of the three."""

    booked: tuple[Person, ...]
    waiting: tuple[Person, ...]
    already: tuple[Person, ...]


def enrol(
    session: TrainingSession, people: Sequence[Person], *, when_full: WhenFull, by: User | None
) -> Enrolled:
    """Give the people seats in the order named, all of them in one set of statements.

    People in the session already stay as they are. Where seats run out, those left over are put
    on the waiting list or, with `WhenFull.REFUSE`, named and nobody is enrolled.
    """
    hold_content(session)
    hold_each([person.id for person in people])
    refuse_unless_open(session)
    known = _enrolments_of(session, people)
    distinct = {person.id: person for person in people}
    new = [p for p in distinct.values() if p.id not in known or known[p.id].state in GONE]
    seats = _seats_for(session, len(new))
    booked, left = new[: len(seats)], new[len(seats) :]
    if left and when_full is WhenFull.REFUSE:
        _refuse(session, len(seats), left)
    for person, seat in zip(booked, seats, strict=True):
        _put(session, person, known.get(person.id), EnrolmentState.BOOKED, seat)
    for person in left:
        _put(session, person, known.get(person.id), EnrolmentState.WAITING, None)
    db.session.flush()
    moved = {person.id for person in new}
    already = [person for person in distinct.values() if person.id not in moved]
    enrolled = Enrolled(tuple(booked), tuple(left), tuple(already))
    _record_enrolled(session, enrolled, by)
    return enrolled


def give_seat(enrolment: Enrolment, *, by: User | None) -> int:
    """Give a waiting person the lowest free seat; refused while the session is full."""
    session = enrolment.training_session
    hold_content(session)
    refuse_unless_open(session)
    db.session.refresh(enrolment)
    name = db.session.get_one(Person, enrolment.person_id).full_name
    if enrolment.state != EnrolmentState.WAITING:
        raise Refusal(_("%(name)s không ở danh sách chờ.", name=name))
    seats = _seats_for(session, 1)
    if not seats:
        raise Refusal(_("Lớp đã đủ %(n)s chỗ.", n=session.capacity))
    enrolment.state, enrolment.seat = EnrolmentState.BOOKED, seats[0]
    enrolment.version += 1
    db.session.flush()
    summary = _("Xếp chỗ số %(n)s cho %(name)s.", n=seats[0], name=name)
    record(by, "give_seat", ("training_session", session.key), summary)
    return seats[0]


def withdraw(enrolment: Enrolment, state: EnrolmentState, reason: str, *, by: User | None) -> None:
    """Take somebody off the list, by own wish or not, with the reason; the seat is free again."""
    session = enrolment.training_session
    hold_content(session)
    refuse_unless_open(session)
    db.session.refresh(enrolment)
    person = db.session.get_one(Person, enrolment.person_id)
    if enrolment.state in GONE:
        raise Refusal(_("%(name)s đã được đưa ra khỏi lớp.", name=person.full_name))
    enrolment.state, enrolment.state_reason = state, reason
    enrolment.seat = enrolment.attended = None
    enrolment.version += 1
    db.session.flush()
    summary = _("Đưa %(name)s ra khỏi lớp: %(reason)s", name=person.full_name, reason=reason)
    record(by, str(state), ("training_session", session.key), summary, person=person.key)


def _enrolments_of(session: TrainingSession, people: Sequence[Person]) -> dict[int, Enrolment]:
    rows = db.session.scalars(
        select(Enrolment)
        .where(
            Enrolment.training_session_id == session.id,
            Enrolment.person_id.in_([person.id for person in people]),
        )
        .execution_options(populate_existing=True)
    )
    return {row.person_id: row for row in rows}


def _seats_for(session: TrainingSession, wanted: int) -> list[int]:
    here = Enrolment.training_session_id == session.id
    occupied = db.session.scalar(select(func.count()).where(here, Enrolment.state.in_(SEATED)))
    taken = db.session.scalars(select(Enrolment.seat).where(here, Enrolment.seat.is_not(None)))
    numbers = [seat for seat in taken if seat is not None]
    return free_seats(numbers, wanted, occupied=occupied or 0, capacity=session.capacity)


def _put(
    session: TrainingSession,
    person: Person,
    known: Enrolment | None,
    state: EnrolmentState,
    seat: int | None,
) -> None:
    if known is None:
        db.session.add(
            Enrolment(training_session_id=session.id, person_id=person.id, state=state, seat=seat)
        )
        return
    known.state, known.seat, known.attended, known.state_reason = state, seat, None, ""
    known.version += 1


def _refuse(session: TrainingSession, room: int, left: Sequence[Person]) -> None:
    names = ", ".join(person.full_name for person in left[:_NAMES_SHOWN])
    more = len(left) - _NAMES_SHOWN
    if more > 0:
        names = _("%(names)s và %(n)s người nữa", names=names, n=more)
    raise Refusal(
        _("Lớp chỉ còn %(room)s chỗ; không còn chỗ cho: %(names)s.", room=room, names=names),
        where=session.title,
    )


def _record_enrolled(session: TrainingSession, enrolled: Enrolled, by: User | None) -> None:
    if not enrolled.booked and not enrolled.waiting:
        return
    summary = _(
        "Ghi danh %(booked)s người vào lớp “%(title)s”, %(waiting)s người chờ.",
        booked=len(enrolled.booked),
        waiting=len(enrolled.waiting),
        title=session.title,
    )
    record(
        by,
        "enrol",
        ("training_session", session.key),
        summary,
        booked=[person.key for person in enrolled.booked],
        waiting=[person.key for person in enrolled.waiting],
    )
