"""Trust beside figures: units never heard from, and lists as long as the statement says."""

from datetime import date

import pytest
from sqlalchemy import select, text

from hrtrain.core.db import db
from hrtrain.coverage.derived.rebuilding import rebuild
from hrtrain.coverage.derived.verifying import verify
from hrtrain.coverage.gaps import NO_BIRTH, NO_EVIDENCE, NO_IDENTITY
from hrtrain.coverage.names import people_lacking
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.trust.queries import in_question, silent_page, trust_told_whole, trusts_of
from hrtrain.coverage.trust.rules import Gap, Trust
from hrtrain.coverage.trust.silent import silent_unit
from hrtrain.people.duplicates.models import DuplicatePair
from tests import makers
from tests.queries.tiny import Tiny

DAY = date(2026, 6, 1)


@pytest.fixture
def tiny(app: object) -> Tiny:
    made = Tiny()
    db.session.commit()
    return made


def trust(tiny: Tiny, unit: str | None = "top") -> Trust:
    key = tiny.units[unit].key if unit else None
    (row,) = standings(Question(tiny.plan.key, DAY, key))
    found, (quick,) = trust_told_whole(row, DAY), trusts_of([row], DAY)
    assert (quick.grade, quick.telling) == (found.grade, found.telling)
    return found


def silent(tiny: Tiny, unit: str | None = "top") -> tuple[int, int]:
    return next((one.count, one.of) for one in trust(tiny, unit).gaps if one.gap is Gap.SILENT)


def silent_keys() -> list[str]:
    return [row.key for row in silent_page((0, ""), DAY).rows]


def test_unit_is_silent_until_its_first_member_or_declaration(tiny: Tiny) -> None:
    assert (silent(tiny), silent_keys()) == ((2, 3), ["left", "right"])
    tiny.member("left")
    makers.headcount(tiny.units["right"], makers.group(), 0)
    db.session.commit()
    assert (silent(tiny), silent_keys()) == ((0, 3), [])


def test_unit_with_units_below_is_heard_through_them(tiny: Tiny) -> None:
    makers.unit("leaf", under=tiny.units["left"])
    db.session.commit()
    assert silent_keys() == ["leaf", "right"]
    assert silent(tiny, "left") == (1, 2)


def test_units_out_of_tier_life_or_set_aside_are_not_counted(tiny: Tiny) -> None:
    makers.unit("gone", under=tiny.units["top"], ends_on=date(2026, 5, 1))
    makers.unit("aside", under=tiny.units["top"], is_set_aside=True)
    makers.unit("commune", under=tiny.units["top"], tier="commune")
    db.session.commit()
    assert silent(tiny) == (3, 4)
    db.session.execute(text("UPDATE target SET tiers = 'commune'"))
    db.session.commit()
    assert silent(tiny) == (1, 1)


def test_unit_heard_once_stays_heard_and_verify_finds_what_was_tampered_with(tiny: Tiny) -> None:
    tiny.member("left")
    db.session.commit()
    left = {"id": tiny.units["left"].id}
    db.session.execute(text("INSERT INTO silent_unit VALUES (:id)"), left)
    db.session.execute(text("DELETE FROM silent_unit WHERE unit_id <> :id"), left)
    db.session.commit()
    assert sorted(verify().differences) == [
        "unit left: was heard from",
        "unit right: is not among those never heard from",
    ]
    rebuild()
    db.session.commit()
    assert verify().differences == []
    assert list(db.session.scalars(select(silent_unit))) == [tiny.units["right"].id]


@pytest.mark.parametrize("unit", ["top", "left", None])
@pytest.mark.parametrize(
    ("gap", "mark"),
    [(Gap.NO_BIRTH, NO_BIRTH), (Gap.NO_IDENTITY, NO_IDENTITY), (Gap.NO_EVIDENCE, NO_EVIDENCE)],
)
def test_list_to_mend_is_as_long_as_the_statement_says(
    tiny: Tiny, unit: str | None, gap: Gap, mark: int
) -> None:
    for number in range(12):
        who = tiny.member(
            ("left", "right", "top")[number % 3],
            birth_date="1980" if number % 2 else "",
            national_id_hash="x" if number % 4 == 0 else "",
        )
        if number % 5:
            tiny.completed(who, source="" if number % 2 else "document")
    db.session.commit()
    said = next(one.count for one in trust(tiny, unit).gaps if one.gap is gap)
    key = tiny.units[unit].key if unit else None
    question, keys, after = Question(tiny.plan.key, DAY, key), set[str](), None
    while True:
        page = people_lacking(question, mark, size=2, after=after)
        keys |= {row.key for row in page.rows}
        assert page.total == said
        after = page.after
        if after is None:
            break
    assert len(keys) == said > 0


def test_trust_of_units_is_that_of_each_alone(tiny: Tiny) -> None:
    tiny.member("left", birth_date="1980", national_id_hash="x")
    makers.headcount(tiny.units["left"], tiny.group, 1)
    tiny.member("right")
    db.session.commit()
    rows = standings(Question(tiny.plan.key, DAY, "top", by="unit"))
    grades = [one.grade for one in trusts_of(rows, DAY, itself="top")]
    assert [(row.unit, grade) for row, grade in zip(rows, grades, strict=True)] == [
        ("left", "A"),
        ("right", "D"),
        ("top", None),
    ]
    assert trust(tiny).grade == "D"


def test_thirty_declared_and_ten_named_and_trained_is_graded_d_and_never_green(
    tiny: Tiny,
) -> None:
    for _each in range(10):
        who = tiny.member("left", birth_date="1980", national_id_hash="x")
        tiny.completed(who, source="document")
    makers.headcount(tiny.units["left"], tiny.group, 30)
    makers.headcount(tiny.units["right"], tiny.group, 0)
    db.session.commit()
    (row,) = standings(Question(tiny.plan.key, DAY, "top"))
    assert (row.rate, row.strict_rate, row.status) == ("100.0", "33.3", "met_named_only")
    (found,) = trusts_of([row], DAY)
    assert (found.grade, [one.gap for one in found.deciding]) == ("D", [Gap.UNNAMED])


def test_people_in_open_questions_of_duplicates_are_told_apart_from_the_grade(tiny: Tiny) -> None:
    one, two, out = tiny.member("left"), tiny.member("right"), makers.person()
    for state, other in (("open", two), ("apart", out)):
        pair = {"first_id": one.id, "second_id": other.id, "state": state}
        db.session.add(DuplicatePair(key=f"d-{state}", score=90, level="likely", **pair))
    db.session.commit()
    counts = [in_question(Question("plan", DAY, unit)) for unit in (None, "top", "left")]
    assert counts == [2, 2, 1]
