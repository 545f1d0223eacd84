"""What an act would change is what it then changes, and looking leaves nothing behind."""

import copy
import os
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from hrtrain.core import clock, derived
from hrtrain.core.db import Base, db
from hrtrain.core.errors import Refusal
from hrtrain.core.period import Period
from hrtrain.coverage.actions import edit_target
from hrtrain.coverage.impact import COUNTS, Change, Impact, impact_of
from hrtrain.coverage.plan import Origin, TargetDetails
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Standing
from hrtrain.people.actions import correct_membership, retract_membership, transfer_membership
from hrtrain.people.models import Membership, Person
from hrtrain.people.rules import Placement
from hrtrain.training.models import Completion
from hrtrain.units.actions import move_unit
from hrtrain.units.models import Unit
from hrtrain.units.scope import Scope, reach
from tests import makers
from tests.makers.province import Province, province
from tests.queries.histories import day_of
from tests.queries.world_life import live
from tests.queries.worlds import DAYS, Numbers, World, make_common, make_world
from tests.statements import statements_sent

WORLDS = int(os.environ.get("WORLDS", "6"))
ACTS = 12
Place = tuple[date, str, str, str]
Figures = tuple[Any, ...]
Measured = dict[Place, Figures]
Differing = dict[Place, tuple[Figures, Figures]]
NOTHING: Figures = (None, 0, 0, 0, 0, 0, 0)


def figures(row: Standing) -> Figures:
    percent = None if row.status == "nothing_asked" else row.percent
    return percent, *(getattr(row, name) for name in COUNTS)


def measured(days: list[date]) -> Measured:
    """Every target everywhere, as any page asks it."""
    return {
        (day, row.programme, row.group, key or ""): figures(row)
        for day in days
        for key in (None, *db.session.scalars(select(Unit.key)))
        for row in standings(Question(None, day, key))
    }


def differing(before: Measured, after: Measured) -> Differing:
    pairs = {
        place: (before.get(place, NOTHING), after.get(place, NOTHING))
        for place in before.keys() | after.keys()
    }
    return {place: pair for place, pair in pairs.items() if pair[0] != pair[1]}


def place_of(one: Change) -> Place:
    unit = "" if one.is_whole else one.after.unit or ""
    return one.day, one.after.programme, one.after.group, unit


def shown(found: Impact) -> Differing:
    return {place_of(one): (figures(one.before), figures(one.after)) for one in found.changes}


def everything_stored() -> dict[str, list[str]]:
    """Every row of every table, derived ones, audit log and what is noted as touched included."""
    db.session.rollback()
    tables = Base.metadata.sorted_tables
    return {one.name: sorted(map(repr, db.session.execute(select(one)))) for one in tables}


# --- random worlds ---------------------------------------------------------------------------


def foreseen_and_done(world: World, dice: random.Random) -> None:
    """One act is previewed, then done; the preview showed what it did."""
    days = [clock.today(), day_of(dice.choice(DAYS))]
    state, memory = world.dice.getstate(), world.remembered()
    numbers = copy.deepcopy(vars(world.numbers))
    before = measured(days)
    found = impact_of(lambda: live(world), None, days[1:])
    world.recall(memory)
    vars(world.numbers).update(numbers)
    world.dice.setstate(state)
    live(world)
    is_plan = bool(db.session.scalars(select(derived.touched.c.kind)).all().count("plan"))
    db.session.commit()
    is_right(found, differing(before, measured(days)), world, is_plan=is_plan)


def is_right(found: Impact, real: Differing, world: World, *, is_plan: bool) -> None:
    today = clock.today()
    if any(place[0] == today for place in real):
        real = {place: pair for place, pair in real.items() if place[0] == today}
    told = shown(found)
    wrong = {place: pair for place, pair in told.items() if real.get(place) != pair}
    assert not wrong, (world.told, wrong)
    missing = {
        place
        for place, pair in real.items()
        # Not said twice: the unit is the target's scope, or has it below it.
        if place not in told
        and pair != told.get((*place[:3], ""))
        # Of a rule that changes, not every unit of the country is shown.
        and not (is_plan and place[3])
    }
    assert not missing, (world.told, missing)


@pytest.mark.parametrize("number", range(WORLDS))
def test_preview_of_anything_that_happens_is_what_happens(
    app: Flask, engine: str, number: int
) -> None:
    numbers, seed = Numbers(), f"impact {engine} {number}"
    common = make_common(numbers, random.Random(seed))
    world = make_world("w1", random.Random(f"{seed} world"), numbers, common)
    db.session.commit()
    for _each in range(ACTS):
        foreseen_and_done(world, random.Random(f"{seed} {len(world.told)}"))


# --- acts of the product ---------------------------------------------------------------------


@pytest.fixture
def here(app: Flask) -> Province:
    made = province(deadline=clock.today() + timedelta(days=40))
    db.session.commit()
    return made


def of(person_number: int, here: Province) -> Membership:
    asked = select(Membership).where(Membership.person_id == here.people[person_number].id)
    return db.session.scalars(asked).one()


def transfer(here: Province) -> None:
    transfer_membership(of(0, here), here.right, date(2026, 1, 1), "", by=None)


def retract(here: Province) -> None:
    retract_membership(of(2, here), "nhầm", by=None)


def correct(here: Province) -> None:
    placed = Placement(here.group.id, here.right.id, Period(date(2021, 1, 1)), "")
    correct_membership(of(1, here), placed, by=None)


def move(here: Province) -> None:
    move_unit(here.right, here.other, date(2026, 1, 1), by=None)


def ask_more(here: Province) -> None:
    details = TargetDetails(90, here.target.deadline, Origin.STATED, here.left.id, (), 0, None)
    edit_target(here.programme, here.target, details, by=None)


@pytest.mark.parametrize("act", [transfer, retract, correct, move, ask_more])
def test_act_changes_what_its_preview_showed_and_the_preview_nothing(
    here: Province, act: Callable[[Province], None]
) -> None:
    days = [clock.today(), clock.today() + timedelta(days=40)]
    stored, before = everything_stored(), measured(days)
    found = impact_of(lambda: act(here), None)
    assert everything_stored() == stored
    act(here)
    db.session.commit()
    real = differing(before, measured(days))
    assert found.changes and {day for day, *_place in real} == set(days)
    assert all(real[place] == pair for place, pair in shown(found).items())


def test_transfer_shows_both_units_and_not_the_province_where_nothing_changes(
    here: Province,
) -> None:
    found = impact_of(lambda: transfer(here), None)
    today = {one.after.unit: one for one in found.on(found.today)}
    assert set(today) == {"u1", "u2"}
    assert (today["u1"].before.trained, today["u1"].after.trained) == (2, 1)
    assert (today["u2"].before.rate, today["u2"].after.rate) == ("0.0", "50.0")


def test_only_units_in_reach_are_shown(here: Province) -> None:
    leaver = reach(Scope(roots=frozenset({here.left.id})))
    found = impact_of(lambda: transfer(here), leaver)
    assert {one.after.unit for one in found.changes} == {"u1"}
    nobody = reach(Scope())
    assert not impact_of(lambda: transfer(here), nobody).changes


def test_change_of_scope_shows_the_target_before_and_after(here: Province) -> None:
    found = impact_of(lambda: ask_more(here), None)
    whole = found.on(found.today)[0]
    assert whole.is_whole
    assert (whole.before.unit, whole.before.required) == ("u0", 4)
    assert (whole.after.unit, whole.after.required, whole.after.percent) == ("u1", 3, 90)


def test_days_gone_by_are_shown_where_today_stays_as_it_is(here: Province) -> None:
    def correct_the_past() -> None:
        placed = Placement(here.group.id, here.left.id, Period(date(2020, 6, 1)), "")
        correct_membership(of(0, here), placed, by=None)

    then = date(2020, 3, 1)
    assert not impact_of(correct_the_past, None).changes
    assert {one.day for one in impact_of(correct_the_past, None, [then]).changes} == {then}


def test_refusal_is_the_acts_own_and_leaves_nothing(here: Province) -> None:
    stored = everything_stored()
    with pytest.raises(Refusal, match="chính đơn vị này"):
        impact_of(
            lambda: transfer_membership(of(0, here), here.left, clock.today(), "", by=None), None
        )
    assert everything_stored() == stored


def test_questions_asked_do_not_grow_with_the_people(here: Province) -> None:
    assert _statements(here) == _statements(here, more=30)


def _statements(here: Province, more: int = 0) -> int:
    for _each in range(more):
        makers.membership(makers.person(), here.group, here.left)
    db.session.commit()
    with statements_sent() as sent:
        impact_of(lambda: retract(here), None)
    return len(sent)


def test_rule_that_changes_shows_the_units_below_its_scope(here: Province) -> None:
    def ask_less() -> None:
        details = TargetDetails(50, None, Origin.STATED, None, (), 0, None)
        edit_target(here.programme, here.target, details, by=None)

    today = impact_of(ask_less, None).on(clock.today())
    assert [(one.after.unit, one.is_whole) for one in today] == [
        ("u0", True), ("u1", False), ("u2", False),
    ]  # fmt: skip
    assert [one.turns for one in today] == [True, True, False]


# SQLite has one writer at a time, so there nobody commits meanwhile.
with_other_writers = pytest.mark.parametrize("engine", ["postgresql"])


@with_other_writers
def test_what_others_commit_meanwhile_is_not_taken_for_the_acts(here: Province) -> None:
    completed = insert(Completion).values(
        person_id=here.people[3].id, course_id=here.course.id,
        completed_on=date(2026, 1, 1), source="session", is_void=False,
    )  # fmt: skip

    def act_while_another_completes() -> None:
        retract(here)
        with db.engine.begin() as other:
            other.execute(completed)

    found = impact_of(act_while_another_completes, None)
    whole = found.on(found.today)[0]
    assert (whole.before.trained, whole.after.trained) == (2, 2)
    assert (whole.before.required, whole.after.required) == (4, 3)


@with_other_writers
def test_row_that_another_just_changed_is_looked_at_again(here: Province) -> None:
    changed, tries = update(Person).values(position="Chuyên viên"), []

    def act_after_another_changed_the_person() -> None:
        tries.append(1)
        membership = of(2, here)
        if len(tries) == 1:
            with db.engine.begin() as other:
                other.execute(changed)
        retract_membership(membership, "nhầm", by=None)

    assert impact_of(act_after_another_changed_the_person, None).changes
    assert len(tries) == 2
