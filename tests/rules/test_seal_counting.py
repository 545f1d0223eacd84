"""The pure part of sealed reports: the plan there and back, who is counted where, causes."""

from datetime import date
from itertools import product

import pytest

from hrtrain.coverage.seals.causes import Cause, Known, cause_of
from hrtrain.coverage.seals.counting import Count, canonical
from hrtrain.coverage.seals.facts import (
    Done,
    Facts,
    Goal,
    Place,
    SealedRules,
    Sought,
    Stint,
    Way,
    plain_rules,
    read_rules,
)
from hrtrain.coverage.seals.standing import child_of

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
