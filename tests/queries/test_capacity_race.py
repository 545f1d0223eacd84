"""Many at the same moment, by real threads: no seat too many or twice, one form one object."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from hrtrain.accounts.models import AuditEntry
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.people.models import Person
from hrtrain.training.actions.enrolments import enrol
from hrtrain.training.actions.sessions import create_training_session
from hrtrain.training.models import Enrolment, TrainingSession
from hrtrain.training.queries.sessions import figures_of
from hrtrain.training.rules import SessionDetails, WhenFull
from tests import makers

AT_ONCE = 50


def race(app: Flask, session_id: int, person_ids: list[int], full: WhenFull) -> list[str]:
    """What each of the people's own thread got."""
    start = Barrier(len(person_ids))

    def run(person_id: int) -> str:
        with app.app_context():
            start.wait(30)
            session = db.session.get_one(TrainingSession, session_id)
            person = db.session.get_one(Person, person_id)
            try:
                enrolled = enrol(session, [person], when_full=full, by=None)
                db.session.commit()
            except Refusal:
                return "refused"
            return "booked" if enrolled.booked else "waiting" if enrolled.waiting else "already"

    with ThreadPoolExecutor(len(person_ids)) as pool:
        return list(pool.map(run, person_ids))


def a_session_of(capacity: int, count: int) -> tuple[int, list[int]]:
    """Ids alone: reading a row here would begin a transaction that the threads wait for."""
    session = makers.training_session(makers.course(), makers.unit(), capacity=capacity)
    made = session.id, [makers.person(f"Người {n}").id for n in range(count)]
    db.session.commit()
    return made


def test_fifty_at_once_for_twenty_seats_fill_exactly_twenty(app: Flask) -> None:
    session_id, ids = a_session_of(capacity=20, count=AT_ONCE)
    outcomes = race(app, session_id, ids, WhenFull.REFUSE)
    assert (outcomes.count("booked"), outcomes.count("refused")) == (20, 30)
    seats = db.session.scalars(select(Enrolment.seat)).all()
    assert sorted(seat for seat in seats if seat) == list(range(1, 21))


def test_fifty_at_once_beyond_the_seats_all_wait(app: Flask) -> None:
    session_id, ids = a_session_of(capacity=20, count=AT_ONCE)
    race(app, session_id, ids, WhenFull.WAIT)
    figures = figures_of(db.session.get_one(TrainingSession, session_id))
    assert (figures.seated, figures.waiting) == (20, 30)


def test_one_person_enrolled_at_the_same_moment_many_times_is_enrolled_once(app: Flask) -> None:
    session_id, ids = a_session_of(capacity=20, count=1)
    outcomes = race(app, session_id, ids * 20, WhenFull.REFUSE)
    assert (outcomes.count("booked"), outcomes.count("already")) == (1, 19)


def test_one_form_sent_many_times_at_once_makes_one_session(app: Flask) -> None:
    unit_id, course_id = makers.unit().id, makers.course().id
    db.session.commit()
    details = SessionDetails(course_id, unit_id, "Lớp", date(2026, 5, 4), date(2026, 5, 6))
    start = Barrier(10)

    def send(_click: int) -> int:
        with app.app_context():
            start.wait(30)
            session = create_training_session("s-0123456789", details, by=None)
            db.session.commit()
            return session.id

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(send, range(10)))) == 1
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 1
