"""Pairs that may be one person: found among who is new or changed, decided, remembered."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from hrtrain.cli.people import Chore, look_at_all
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal, Stale
from hrtrain.merging.actions import merge, unmerge
from hrtrain.merging.rules import Choices
from hrtrain.people.duplicates import blocks, queries
from hrtrain.people.duplicates.actions import put_off, take_up_again, tell_apart
from hrtrain.people.duplicates.models import DuplicatePair, PersonBlock
from hrtrain.people.duplicates.queries import count_to_look_at, find_pair, pair_page
from hrtrain.people.models import CadreGroup, Person
from hrtrain.units.models import Unit, UnitSuccession
from hrtrain.units.scope import Scope
from tests import makers

EVERYTHING = Scope(everything=True)
FULL = {"birth_date": "1985-03-02", "birth_precision": "day"}

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def group(app: object) -> CadreGroup:
    return makers.group()


@pytest.fixture
def unit(app: object) -> Unit:
    return makers.unit()


def member(group: CadreGroup, unit: Unit, name: str = "Nguyễn Văn An", **more: Any) -> Person:
    who = makers.person(name, **more)
    makers.membership(who, group, unit)
    return who


def found() -> list[tuple[str, str]]:
    look_at_all()
    rows = pair_page(EVERYTHING, queries.OPEN).rows
    return [(row.first.full_name, row.second.full_name) for row in rows]


def the_pair() -> DuplicatePair:
    return db.session.scalars(select(DuplicatePair)).one()


def test_same_person_written_twice_is_proposed_with_reasons(group: CadreGroup, unit: Unit) -> None:
    member(group, unit, **FULL)
    member(group, unit, "Nguyễn An", birth_date="1985", birth_precision="year")
    member(group, unit, "Trần Thị Bình", **FULL)
    assert found() == [("Nguyễn Văn An", "Nguyễn An")]
    pair = the_pair()
    assert (pair.level, pair.reasons[0]["code"]) == ("possible", "name")
    assert pair.reasons[0]["damages"] == ["shorter_name"]


def test_two_real_people_of_one_name_and_unit_stay_apart(group: CadreGroup, unit: Unit) -> None:
    member(group, unit, **FULL)
    member(group, unit, birth_date="1991-12-24", birth_precision="day")
    assert found() == []


def test_units_one_taken_over_by_the_other_count_as_one(group: CadreGroup, unit: Unit) -> None:
    heir = makers.unit()
    values = {"predecessor_id": unit.id, "successor_id": heir.id}
    db.session.add(UnitSuccession(effective_on=date(2025, 7, 1), **values))
    member(group, unit)
    member(group, heir)
    assert len(found()) == 1


def test_only_who_is_new_or_changed_is_looked_at(group: CadreGroup, unit: Unit) -> None:
    one, other = member(group, unit, **FULL), member(group, unit, "Lê Bình", **FULL)
    assert (found(), count_to_look_at()) == ([], 0)
    other.full_name, other.version = "Nguyễn An", 2
    db.session.commit()
    assert count_to_look_at() == 1
    assert found() == [(one.full_name, "Nguyễn An")]
    other.full_name, other.version = "Lê Bình", 3
    db.session.commit()
    assert found() == []


def test_pairs_do_not_depend_on_who_is_looked_at_first(
    group: CadreGroup, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hrtrain.cli.people.look_at_some.__defaults__", (1,))
    for _n in range(3):
        member(group, unit, **FULL)
    assert len(found()) == 3


def test_key_that_too_many_share_meets_nobody(
    group: CadreGroup, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    for _n in range(3):
        member(group, unit)
    assert found() == []
    assert blocks.MOST > 2


def test_told_apart_never_comes_back_till_it_is_taken_back(group: CadreGroup, unit: Unit) -> None:
    one, _other = member(group, unit, **FULL), member(group, unit, **FULL)
    found()
    tell_apart(the_pair(), "khác quê quán", version=1, by=None)
    one.phone, one.version = "0912345678", 2
    db.session.commit()
    assert found() == []
    row = pair_page(EVERYTHING, queries.APART).rows[0]
    assert (row.pair.note, row.pair.decided_at is not None) == ("khác quê quán", True)
    take_up_again(row.pair, version=row.pair.version, by=None)
    db.session.commit()
    assert len(found()) == 1


def test_put_off_stands_last(group: CadreGroup, unit: Unit) -> None:
    for name in ("Nguyễn Văn An", "Lê Thị Bình"):
        for _n in range(2):
            member(group, unit, name, **FULL)
    first = found()[0]
    pair = pair_page(EVERYTHING, queries.OPEN).rows[0].pair
    put_off(pair, "", version=pair.version, by=None)
    db.session.commit()
    assert found()[-1] == first


def test_of_two_who_decide_at_a_time_the_second_is_told(group: CadreGroup, unit: Unit) -> None:
    for _n in range(2):
        member(group, unit, **FULL)
    found()
    tell_apart(the_pair(), "", version=1, by=None)
    with pytest.raises(Stale):
        put_off(the_pair(), "", version=1, by=None)
    with pytest.raises(Refusal):
        take_up_again(DuplicatePair(state="open"), version=1, by=None)


def test_pair_is_shown_where_both_are_in_scope(group: CadreGroup, unit: Unit) -> None:
    other = makers.unit()
    for here in (unit, other):
        member(group, here, **FULL)
    found()
    mine = Scope(roots=frozenset({unit.id}))
    both = Scope(roots=frozenset({unit.id, other.id}))
    assert pair_page(mine, queries.OPEN).rows == []
    assert find_pair(the_pair().key, mine) is None
    assert len(pair_page(both, queries.OPEN).rows) == 1


def test_merged_record_is_in_no_pair_and_comes_back_with_it(group: CadreGroup, unit: Unit) -> None:
    one, other = member(group, unit, **FULL), member(group, unit, **FULL)
    assert len(found()) == 1
    act = merge(one, other, Choices(), by=None)
    db.session.commit()
    assert found() == []
    assert db.session.scalars(select(PersonBlock).filter_by(person_id=other.id)).all() == []
    unmerge(act, by=None)
    db.session.commit()
    assert len(found()) == 1


def test_told_apart_from_a_merged_record_is_told_apart_from_the_kept(
    group: CadreGroup, unit: Unit
) -> None:
    one, other = member(group, unit, **FULL), member(group, unit, **FULL)
    found()
    tell_apart(the_pair(), "", version=1, by=None)
    last = member(group, unit, **FULL)
    db.session.commit()
    merge(last, other, Choices(), by=None)
    db.session.commit()
    assert found() == []
    assert one.is_set_aside is False


def test_command_counts_pairs_and_merges_and_takes_apart(
    group: CadreGroup, unit: Unit, runner: FlaskCliRunner
) -> None:
    one, other = member(group, unit, **FULL), member(group, unit, **FULL)
    db.session.commit()
    keys = one.key, other.key
    assert "1 pairs likely" in runner.invoke(args=["people", "duplicates"]).output
    dry = runner.invoke(args=["people", "merge", *keys, "--dry-run"])
    assert "Nothing was done" in dry.output
    done = runner.invoke(args=["people", "merge", *keys])
    key = done.output.split()[-1]
    again = runner.invoke(args=["people", "merge", *keys])
    assert (done.exit_code, again.exit_code) == (0, 1)
    assert runner.invoke(args=["people", "unmerge", key]).exit_code == 0
    assert runner.invoke(args=["people", "unmerge", "nothing"]).exit_code == 1


def test_worker_finds_pairs_between_jobs(group: CadreGroup, unit: Unit) -> None:
    for _n in range(2):
        member(group, unit, **FULL)
    db.session.commit()
    chore = Chore()
    for _n in range(3):
        chore()
    assert the_pair().score > 50
    assert count_to_look_at() == 0
