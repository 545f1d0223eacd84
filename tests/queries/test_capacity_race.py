"""Fifty people enrol at the same moment, by real threads: no seat too many, none given twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.people.models import Person
from hrtrain.training.actions.enrolments import enrol
from hrtrain.training.models import Enrolment, TrainingSession
from hrtrain.training.queries.sessions import figures_of
from hrtrain.training.rules import WhenFull
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
