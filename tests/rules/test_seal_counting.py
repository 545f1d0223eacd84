"""The pure part of sealed reports: the plan there and back, who is counted where, causes."""

import json
from dataclasses import replace
from datetime import date
from hashlib import sha256
from itertools import product

import pytest

from hrtrain.coverage.seals.causes import Cause, Known, cause_of
from hrtrain.coverage.seals.counting import Count, canonical
from hrtrain.coverage.seals.facts import (
    Done,
    Facts,
    Goal,
    Leave,
    Place,
    SealedRules,
    Sought,
    Stint,
    Tried,
    Way,
    plain_rules,
    read_rules,
)
from hrtrain.coverage.seals.standing import child_of
from hrtrain.coverage.states import State

DAY = date(2026, 11, 22)
LONG_AGO = date(2020, 1, 1)
GOAL = Goal("hr", percent=70, scope="u0", ways=(Way("i", "c", accepts_to=date(2026, 6, 1)),))
RULES = SealedRules("Kế hoạch", "175/KH", (GOAL,))
SOUGHT = Sought("kh", DAY)
DONE = Done("c", date(2025, 5, 10))


def facts(**more: object) -> Facts:
    """One member of U1 under U0, who completed the course."""
    given: dict[str, object] = {
        "places": {unit: Place(unit.upper(), "province") for unit in ("u0", "u1", "u2")},
        "parents": {"u1": "u0", "u2": "u0"},
        "stints": {("hr", "p"): [Stint("u1", LONG_AGO)]},
        "done": {"p": [DONE]},
        "names": {"p": "Đỗ Anh"},
        **more,
    }
    return Facts(**given)  # type: ignore[arg-type]


def known(rules: SealedRules = RULES, **more: object) -> Known:
    return Known(rules, facts(**more))


def test_plan_comes_back_from_json_as_it_went() -> None:
    bounds = (None, date(2026, 1, 1))
    for starts_on, ends_on, deadline in product(bounds, repeat=3):
        way = Way("Mục", "khoa", starts_on, ends_on, ends_on, starts_on)
        goal = Goal(
            "hr", "Cán bộ", None, deadline, "inherited", ("central",), 90, "u", None, (way,)
        )
        rules = SealedRules("Đề án", "", (goal, GOAL))
        assert read_rules(plain_rules(rules)) == rules


def test_same_value_is_the_same_bytes_in_whatever_order_it_came() -> None:
    one = {"b": [1, (date(2026, 1, 2), None)], "a": "Đỗ"}
    assert canonical(one) == canonical(dict(reversed(one.items())))
    assert canonical(one) == '{"a":"Đỗ","b":[1,["2026-01-02",null]]}'.encode()


@pytest.mark.parametrize(
    ("unit", "scope", "path", "row"),
    [
        ("u0", None, ["u1", "u0"], "u1"),
        ("u0", None, ["u5", "u1", "u0", "top"], "u1"),
        ("u0", None, ["u0", "top"], "u0"),
        ("u0", None, ["top"], None),
        (None, "u0", ["u5", "u1", "u0", "top"], "u1"),
        ("top", "u1", ["u5", "u1", "u0", "top"], "u0"),
        ("top", "u1", ["u0", "top"], None),
        ("u1", "top", ["u1", "u0", "top"], "u1"),
        (None, None, ["u5", "u1", "u0", "top"], "top"),
    ],
)
def test_unit_is_counted_in_the_child_that_leads_to_it(
    unit: str | None, scope: str | None, path: list[str], row: str | None
) -> None:
    assert child_of(Sought("kh", DAY, unit), Goal("hr", scope=scope), path) == row


def test_circle_in_the_tree_ends() -> None:
    assert Facts(parents={"a": "b", "b": "a"}).path("a") == ["a", "b"]


def test_order_in_which_facts_are_read_changes_neither_bytes_nor_hash() -> None:
    more = [DONE, Done("c", date(2024, 1, 1)), Done("c", date(2024, 1, 1), is_void=True)]
    one, two = (Count(SOUGHT, RULES, facts(done={"p": done})) for done in (more, more[::-1]))
    assert one.content == two.content and one.inputs_hash == two.inputs_hash


def test_hash_of_the_inputs_knows_facts_that_change_no_figure() -> None:
    plain = Count(SOUGHT, RULES, facts())
    other = Count(SOUGHT, RULES, facts(done={"p": [DONE, DONE._replace(is_void=True)]}))
    outside = {("hr", "p"): [Stint("u1", LONG_AGO)], ("hr", "x"): [Stint("v", LONG_AGO)]}
    assert plain.inputs_hash != other.inputs_hash
    assert plain.inputs_hash == Count(SOUGHT, RULES, facts(stints=outside)).inputs_hash


ENDED = [Stint("u1", LONG_AGO, date(2026, 1, 1))]
REVOKED = {"p": [DONE._replace(revoked_from=date(2026, 1, 1))]}


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (known(), known(done=REVOKED), Cause.REVOCATION),
        (known(done=REVOKED), known(), Cause.CORRECTION),
        (known(), known(done={}), Cause.CORRECTION),
        (known(done={}), known(), Cause.LATE),
        (known(), known(stints={("hr", "p"): ENDED}), Cause.LATE),
        (known(stints={("hr", "p"): ENDED}), known(), Cause.CORRECTION),
        (known(), known(stints={("hr", "p"): [Stint("u2", LONG_AGO)]}), Cause.TRANSFER),
        (known(), known(parents={"u2": "u0", "u1": "u2"}), Cause.TRANSFER),
        (known(), known(SealedRules("", "", ())), Cause.RULE),
        (known(), known(parents={}, done=REVOKED), Cause.TRANSFER),
        (known(), known(), Cause.LATE),
    ],
)
def test_each_change_has_its_cause(old: Known, new: Known, cause: Cause) -> None:
    assert cause_of(SOUGHT, old, new, ("hr", "p")) is cause


def many_facts() -> Facts:
    """Two groups' people in every state, their facts in an order that is not the bytes'."""
    stints, done, leaves, names, tried = {}, {}, {}, {}, {}
    for n in range(24):
        person = f"p{n}"
        names[person] = f"Người “{n}”"
        later = Stint("u2", date(2024, 1, 10 + n % 3))
        for group in ("hr", "press")[: 1 + n % 2]:
            stints[group, person] = [later, Stint("u1", LONG_AGO, later.starts_on)]
        done[person] = [Done("c10", date(2024, 5, 1 + n)), DONE, Done("c", LONG_AGO, is_void=True)]
        done[person] = done[person][n % 4 :]
        tried[person] = [Tried("c", "waiting", is_over=False), Tried("c", "booked", is_over=True)]
        if n % 5 == 0:
            leaves["hr", person] = [Leave(date(2026, 2, 1), None, "9/QĐ"), Leave(None, LONG_AGO)]
    declared = {("hr", "u1"): 3, ("hr", "u2"): 40, ("press", "u2"): 0}
    people = {"stints": stints, "done": done, "leaves": leaves, "names": names, "tried": tried}
    return facts(**people, declared=declared)


def test_bytes_and_hash_are_for_ever_those_of_the_first_version() -> None:
    ways = (Way("i", "c", accepts_to=date(2026, 6, 1)), Way("i", "c10"), Way("k", "c10"))
    goals = (replace(GOAL, ways=ways), replace(GOAL, group="press", grace_days=3000, scope=None))
    count = Count(SOUGHT, SealedRules("Kế hoạch", "175/KH", goals), many_facts())
    content = json.loads(count.content)
    assert {one["state"] for one in content["people"]} == {state.value for state in State}
    assert canonical(content) == count.content
    assert sha256(count.content).hexdigest() == (
        "e5436991464d63d1b038d364b0cfaaf6aaeb0cec10fe97a0dd69d784e15bd654"
    )
    assert count.inputs_hash == ("14bfe5a6e3539e0a23ef9aa2c9541480f95d4d1bcd7bcb8eaccead15377bc65b")
