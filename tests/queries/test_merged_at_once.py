"""No fact is recorded of a record set aside, not even in the very instant of its merge."""

import random
import threading
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hrtrain.core.acts.models import Act
from hrtrain.core.acts.recording import begin, recording
from hrtrain.core.acts.undoing import undo
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.facts import restate
from hrtrain.exchange.importing import import_package
from hrtrain.merging.actions import merge, unmerge
from hrtrain.merging.queries import MOVED
from hrtrain.merging.rules import Choices
from hrtrain.people.merges.models import PersonMerge
from hrtrain.people.models import Membership, Person
from hrtrain.training.actions.attendance import correct_attendance
from hrtrain.training.actions.enrolments import enrol
from hrtrain.training.actions.sessions import close_training_session, reopen_training_session
from hrtrain.training.models import Completion, Enrolment, TrainingSession
from hrtrain.training.rules import SessionState, WhenFull
from tests import makers
from tests.makers.packages import small_package, write_package
from tests.queries import writers
from tests.queries.merge_world import MergeWorld, day

pytestmark = pytest.mark.usefixtures("app")
ON, TODAY = date(2026, 5, 5), date(2026, 11, 22)


def records(world: MergeWorld, many: int = 2) -> list[int]:
    """People of a session who have all come; the first two are one person."""
    found = [world.person(f"Nguyễn {n}") for n in range(many)]
    for person in found:
        makers.enrolment(world.sessions[0], person, attended=True)
    ids = [person.id for person in found]
    db.session.commit()
    return ids


def join(ids: list[int], _dice: random.Random) -> None:
    kept, merged = (db.session.get_one(Person, id_) for id_ in ids[:2])
    merge(kept, merged, Choices(), by=None)


def part(_dice: random.Random) -> None:
    link = db.session.scalars(
        select(PersonMerge).where(PersonMerge.retracted_at.is_(None))
    ).one_or_none()
    if link is not None:
        unmerge(db.session.get_one(Act, link.act_id), by=None)


def session() -> TrainingSession:
    return db.session.scalars(select(TrainingSession).order_by(TrainingSession.id)).first()  # type: ignore[return-value]


def close(_dice: random.Random) -> None:
    if session().state == SessionState.OPEN:
        close_training_session(session(), by=None, today=TODAY)
    else:
        reopen_training_session(session(), "sai", certificates=0, by=None)


def correct(dice: random.Random) -> None:
    asked = select(Enrolment.id).where(Enrolment.training_session_id == session().id)
    marks = {id_: dice.random() < 0.7 for id_ in db.session.scalars(asked)}
    correct_attendance(session(), dict.fromkeys(marks, True) | marks, "nhầm", by=None)


def committed(act: writers.Act, dice: random.Random) -> None:
    act(dice)
    db.session.commit()


def of_set_aside() -> list[tuple[str, int]]:
    """Known facts of records that stand for nobody."""
    return [
        (fact.__tablename__, row)
        for fact in MOVED
        for row in db.session.scalars(
            select(fact.id)
            .join(Person, Person.id == fact.person_id)
            .where(Person.is_set_aside, fact.retracted_at.is_(None))
        )
    ]


def beside_a_merge(app: Flask, ids: list[int], act: Callable[[], Any]) -> None:
    """The act begins when a merge of the first two is written and not committed."""
    written = threading.Event()

    def merging(dice: random.Random) -> None:
        join(ids, dice)
        written.set()
        time.sleep(0.5)
        db.session.commit()

    def acting(_dice: random.Random) -> None:
        if db.engine.dialect.name == "postgresql":
            written.wait(10)
        act()
        db.session.commit()

    writers.at_once(app, [merging, acting], 1)


def test_session_closed_in_the_instant_of_a_merge_is_completed_by_who_stands(app: Flask) -> None:
    ids = records(MergeWorld())
    beside_a_merge(app, ids, lambda: close_training_session(session(), by=None, today=TODAY))
    assert of_set_aside() == []
    known = select(Completion.person_id).where(Completion.retracted_at.is_(None))
    assert db.session.scalars(known).all() == [ids[0]]
    db.session.rollback()
    assert writers.differences() == []


def test_who_does_not_hold_the_person_is_refused_by_the_database(app: Flask) -> None:
    world, refused = MergeWorld(), list[str]()
    course_id, ids = world.courses[0].id, records(world)

    def record() -> None:
        made = Completion(person_id=ids[1], course_id=course_id, completed_on=ON)
        db.session.add(made)
        try:
            db.session.commit()
        except IntegrityError as error:
            refused.append(str(error.orig))
            db.session.rollback()

    beside_a_merge(app, ids, record)
    assert of_set_aside() == []
    if db.engine.dialect.name == "postgresql":
        assert "person_is_set_aside" in refused[0]


@pytest.mark.parametrize("fact", MOVED, ids=lambda fact: fact.__tablename__)
def test_no_known_fact_of_a_record_set_aside_can_be_written(fact: Any) -> None:
    world = MergeWorld()
    one, aside = world.person(), world.person("Nguyễn An")
    world.post(one, 0, None)
    world.done(one, 0, 1)
    world.exempt(one, 0)
    aside.is_set_aside = True
    db.session.commit()
    row = db.session.scalars(select(fact)).one()
    own = {"id", "person_id"}
    values = {c.key: getattr(row, c.key) for c in fact.__table__.c if c.key not in own}
    past = {**values, "retracted_at": row.recorded_at}
    db.session.add(fact(person_id=aside.id, **past))
    db.session.commit()
    db.session.add(fact(person_id=aside.id, **values))
    with pytest.raises(IntegrityError, match="person_is_set_aside"):
        db.session.flush()
    db.session.rollback()


def test_enrolling_a_record_that_is_being_merged_is_refused(app: Flask) -> None:
    world, told = MergeWorld(), list[str]()
    other_id, ids = world.sessions[1].id, records(world)

    def act() -> None:
        other = db.session.get_one(TrainingSession, other_id)
        people = [db.session.get_one(Person, id_) for id_ in reversed(ids)]
        try:
            enrol(other, people, when_full=WhenFull.WAIT, by=None)
        except Refusal as refusal:
            told.append(str(refusal))
            db.session.rollback()

    beside_a_merge(app, ids, act)
    if db.engine.dialect.name == "postgresql":
        assert "Nguyễn 1" in told[0]


def test_merges_beside_closing_and_correcting_wait_for_nobody_for_ever(app: Flask) -> None:
    ids = records(MergeWorld(), many=6)
    acts: list[writers.Act] = [partial(join, ids), part, close, correct, correct]
    writers.at_once(app, [partial(committed, act) for act in acts], 3, 12)
    assert of_set_aside() == []
    db.session.rollback()
    assert writers.differences() == []


def test_act_is_not_undone_that_would_give_a_merged_record_its_fact_back() -> None:
    world = MergeWorld()
    one, other = world.person(), world.person("Nguyễn An")
    world.post(other, 0, None)
    act = begin("roster", "Nhập danh sách", by_id=None)
    with recording(act):
        restate(db.session.scalars(select(Membership)).one(), ends_on=day(5))
    link_act = merge(one, other, Choices(), by=None)
    db.session.commit()
    with pytest.raises(Refusal, match="hoàn tác"):
        undo(act, by_id=None)
    db.session.rollback()
    unmerge(link_act, by=None)
    undo(act, by_id=None)
    db.session.commit()
    known = select(Membership.ends_on).where(Membership.retracted_at.is_(None))
    assert db.session.scalars(known).all() == [None]


def test_package_from_before_a_merge_says_what_is_new_of_who_stands(tmp_path: Path) -> None:
    files = small_package()
    files["memberships"].pop()
    said_at = {"recorded_at": "2024-03-01T00:00:00Z"}
    files["completions"] = [{**files["completions"][0], "person": "p2", **said_at}]
    import_package(write_package(tmp_path / "one", files), secret_key="k")
    db.session.commit()
    kept, merged = db.session.scalars(select(Person).order_by(Person.key)).all()
    merge(kept, merged, Choices(), by=None)
    db.session.commit()
    more = {"person": "p2", "course": "c1", "completed_on": "2025-03-01", **said_at}
    files["completions"].append(more)
    counts = import_package(write_package(tmp_path / "two", files), secret_key="k")
    db.session.commit()
    assert counts["completions.csv"].added == 1
    known = select(Completion.person_id).where(Completion.retracted_at.is_(None))
    assert db.session.scalars(known).all() == [kept.id, kept.id]
