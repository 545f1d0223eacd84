"""The doubts beside a figure: counted in the ledger, and after any act those the facts give."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hrtrain.certificates.models import Certificate
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.facts import retract
from hrtrain.coverage.derived.verifying import verify
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Doubts, Standing
from hrtrain.people.models import Headcount, Membership, Person
from hrtrain.training.models import Completion
from tests import makers
from tests.queries.tiny import Tiny

DAY = date(2026, 6, 1)


@pytest.fixture
def tiny(app: object) -> Tiny:
    made = Tiny()
    db.session.commit()
    return made


def doubts(tiny: Tiny, unit: str = "top", day: date = DAY) -> Doubts:
    (row,) = standings(Question(tiny.plan.key, day, tiny.units[unit].key))
    assert row.doubts is not None
    return row.doubts


def test_each_gap_of_a_person_is_counted_where_the_person_is_and_above(tiny: Tiny) -> None:
    tiny.member("left", birth_date="1980", national_id_hash="x")
    tiny.member("left", national_id_hash="x")
    tiny.member("right", birth_date="1980")
    db.session.commit()
    assert doubts(tiny, "left") == Doubts(unsure=2, no_birth=1)
    assert doubts(tiny) == Doubts(unsure=3, no_birth=1, no_identity=1)


def test_a_declaration_takes_the_doubt_about_the_unit_s_list_away(tiny: Tiny) -> None:
    tiny.member("left")
    tiny.member("right")
    makers.headcount(tiny.units["left"], tiny.group, 1, starts_on=DAY)
    db.session.commit()
    assert (doubts(tiny).unsure, doubts(tiny, day=DAY - timedelta(days=1)).unsure) == (1, 2)


def test_birth_date_and_identity_count_from_the_moment_they_are_entered(tiny: Tiny) -> None:
    who = tiny.member("left")
    db.session.commit()
    assert (doubts(tiny).no_birth, doubts(tiny).no_identity) == (1, 1)
    who.birth_date, who.national_id_hash = "1985-03", "hash"
    db.session.commit()
    assert doubts(tiny, day=date(2021, 1, 1)) == Doubts(unsure=1)


@pytest.mark.parametrize("source", ["", "  "])
def test_completion_without_session_document_or_certificate_is_without_evidence(
    tiny: Tiny, source: str
) -> None:
    tiny.completed(tiny.member("left"), source=source)
    db.session.commit()
    assert doubts(tiny).no_evidence == 1
    assert doubts(tiny, day=date(2025, 12, 31)).no_evidence == 0


def test_document_or_session_is_evidence(tiny: Tiny) -> None:
    tiny.completed(tiny.member("left"), source="outside: QĐ 12")
    session = makers.training_session(tiny.course, tiny.units["top"])
    tiny.completed(tiny.member("left"), training_session_id=session.id)
    db.session.commit()
    assert doubts(tiny).no_evidence == 0


def test_certificate_is_evidence_while_it_is_issued(tiny: Tiny) -> None:
    who = tiny.member("left")
    tiny.completed(who)
    made = Certificate(key="k", person_id=who.id, course_id=tiny.course.id, number="1",
                       issued_on=DAY, check_code="c", qr_code="q")  # fmt: skip
    db.session.add(made)
    db.session.commit()
    assert doubts(tiny).no_evidence == 0
    made.state = "revoked"
    db.session.commit()
    assert doubts(tiny).no_evidence == 1


def test_doubts_are_not_told_as_known_at_an_instant_nor_part_of_the_figures(tiny: Tiny) -> None:
    tiny.member("left")
    db.session.commit()
    now = clock.now()
    (live,) = standings(Question(tiny.plan.key, DAY, tiny.units["top"].key, known_at=now))
    (row,) = standings(Question(tiny.plan.key, DAY, tiny.units["top"].key))
    assert live.doubts is None
    assert live == row


def recounted(tiny: Tiny, unit_ids: set[int], day: date) -> tuple[Doubts, int]:
    """The doubts by loops over all facts, and how many people there are."""
    found, people = Doubts(), 0
    known = select(Membership).where(Membership.retracted_at.is_(None))
    for row in db.session.scalars(known):
        if row.unit_id in unit_ids and row.starts_on <= day:
            people += 1
            who = db.session.get_one(Person, row.person_id)
            done = select(Completion).filter_by(person_id=who.id, retracted_at=None)
            counts = [one for one in db.session.scalars(done) if one.completed_on <= day]
            declared = select(Headcount).filter_by(unit_id=row.unit_id, retracted_at=None)
            found = Doubts(
                found.unsure + (db.session.scalar(declared) is None),
                found.no_birth + (not who.birth_date),
                found.no_identity + (not who.national_id_hash),
                found.no_evidence + (bool(counts) and not any(one.source for one in counts)),
            )
    return found, people


def act_by_chance(tiny: Tiny, dice: random.Random) -> None:
    people = db.session.scalars(select(Person)).all()
    who, unit = dice.choice(people) if people else None, dice.choice(["left", "right"])
    act = dice.choice(["join", "join", "complete", "person", "declare", "retract"])
    if act == "join" or who is None:
        tiny.member(unit, birth_date=dice.choice(["", "1990"]))
    elif act == "complete":
        on = date(2026, dice.randint(1, 9), 1)
        tiny.completed(who, completed_on=on, source=dice.choice(["", "document"]))
    elif act == "person":
        who.birth_date, who.national_id_hash = dice.choice(["", "1990"]), dice.choice(["", "x"])
    else:
        live = select(Headcount).filter_by(unit_id=tiny.units[unit].id, retracted_at=None)
        known = db.session.scalar(live)
        if known is not None:
            retract(known)
        else:
            makers.headcount(tiny.units[unit], tiny.group, 3)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_act_the_doubts_are_those_of_all_facts(tiny: Tiny, seed: int) -> None:
    dice = random.Random(seed)
    for _each in range(12):
        act_by_chance(tiny, dice)
        db.session.commit()
        for unit in ("left", "right", "top"):
            inside = {"top"} | {"left", "right"} if unit == "top" else {unit}
            numbers = {tiny.units[one].id for one in inside}
            (row,) = standings(Question(tiny.plan.key, DAY, tiny.units[unit].key))
            assert (row.doubts, row.in_scope) == recounted(tiny, numbers, DAY)
    assert verify().differences == []


def test_own_rows_and_children_add_up(tiny: Tiny) -> None:
    for unit in ("top", "left", "left", "right"):
        tiny.member(unit)
    db.session.commit()
    rows: list[Standing] = standings(Question(tiny.plan.key, DAY, tiny.units["top"].key, by="unit"))
    assert sorted(row.doubts.no_birth for row in rows if row.doubts) == [1, 1, 2]
