"""The grade beside a figure: every rule has its case, and more gaps never give a better grade."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.coverage.rules import Doubts, Standing
from hrtrain.coverage.trust.rules import LIMITS, Gap, Trust, grade_for, trust_of


def standing(**counts: int) -> Standing:
    """A hundred trained people of a unit, with these doubts."""
    doubts = Doubts(**{name: counts.pop(name) for name in Doubts.__annotations__ if name in counts})
    figures = {"in_scope": 100, "trained": 100, **counts}
    return Standing("plan", "Plan", "g", "G", "u", "U", doubts=doubts, percent=100, **figures)  # type: ignore[arg-type]


def grade(**counts: int) -> str | None:
    return trust_of(standing(**counts), (0, 5)).grade


def test_figure_without_gaps_has_the_best_grade() -> None:
    assert grade() == "A"


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"unsure": 1, "units_unconfirmed": 1}, "B"),
        ({"unsure": 10, "units_unconfirmed": 1}, "B"),
        ({"unsure": 11, "units_unconfirmed": 1}, "C"),
        ({"unsure": 31, "units_unconfirmed": 1}, "D"),
        ({"unnamed": 1}, "B"),
        ({"unnamed": 12}, "C"),
        ({"unnamed": 200}, "D"),
        ({"no_evidence": 1}, "A"),
        ({"no_evidence": 2}, "B"),
        ({"no_evidence": 11}, "C"),
        ({"no_evidence": 31}, "D"),
        ({"no_birth": 1}, "A"),
        ({"no_birth": 5}, "B"),
        ({"no_birth": 20}, "C"),
        ({"no_birth": 21}, "D"),
        ({"no_identity": 50}, "A"),
        ({"no_identity": 51}, "B"),
        ({"no_identity": 100}, "B"),
    ],
)
def test_each_gap_lowers_the_grade_past_its_limits(counts: dict[str, int], expected: str) -> None:
    assert grade(**counts) == expected


@pytest.mark.parametrize(
    ("silent", "expected"), [((0, 0), "A"), ((1, 10), "B"), ((2, 10), "C"), ((4, 10), "D")]
)
def test_units_never_heard_from_lower_the_grade(silent: tuple[int, int], expected: str) -> None:
    assert trust_of(standing(), silent).grade == expected


def test_the_worst_gap_decides_and_is_told_first() -> None:
    trust = trust_of(standing(no_birth=30, unsure=5, units_unconfirmed=2), (0, 5))
    assert (trust.grade, [one.gap for one in trust.deciding]) == ("D", [Gap.NO_BIRTH])
    assert [one.gap for one in trust.telling] == [Gap.NO_BIRTH, Gap.UNCONFIRMED]


def test_nothing_to_trust_has_no_grade_nor_has_what_was_not_counted_whole() -> None:
    nobody = Standing("plan", "Plan", "g", "G", "u", "U", doubts=Doubts())
    assert trust_of(nobody, (0, 5)).grade is None
    live = Standing("plan", "Plan", "g", "G", "u", "U", in_scope=3, trained=3)
    assert trust_of(live, None).grade is None
    assert [one.gap for one in trust_of(live, None).gaps] == [Gap.UNNAMED]


def test_nobody_named_of_those_declared_is_the_worst_grade() -> None:
    row = Standing("plan", "Plan", "g", "G", "u", "U", unnamed=5, doubts=Doubts())
    assert trust_of(row, (0, 1)).grade == "D"


def test_thirty_declared_ten_named_and_trained_is_never_green_and_graded_d() -> None:
    row = Standing("plan", "Plan", "g", "G", "u", "U", percent=100, in_scope=10, trained=10,
                   unnamed=20, doubts=Doubts())  # fmt: skip
    assert (row.rate, row.strict_rate, row.status) == ("100.0", "33.3", "met_named_only")
    assert trust_of(row, (0, 1)).grade == "D"


def test_limits_grow_from_grade_to_grade() -> None:
    assert all(list(limits) == sorted(limits) for limits in LIMITS.values())
    assert set(LIMITS) == set(Gap)


@given(st.sampled_from(list(Gap)), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_more_of_one_gap_never_betters_what_it_allows(
    gap: Gap, count: int, more: int, rest: int
) -> None:
    of = count + more + rest
    assert grade_for(gap, count, of) <= grade_for(gap, count + more, of)


PEOPLE = st.integers(0, 60)


@given(
    st.tuples(*[PEOPLE] * 5),
    st.tuples(*[PEOPLE] * 5),
    st.tuples(PEOPLE, PEOPLE),
    st.integers(1, 40),
)
def test_more_gaps_never_give_a_better_grade(
    gaps: tuple[int, ...], more: tuple[int, ...], silent: tuple[int, int], people: int
) -> None:
    def of(counts: tuple[int, ...], unheard: int) -> Trust:
        unsure, unnamed, none, no_birth, no_identity = counts
        doubts = Doubts(*(min(count, people) for count in (unsure, no_birth, no_identity, none)))
        row = replace(standing(in_scope=people, trained=people, unnamed=unnamed), doubts=doubts)
        return trust_of(row, (unheard, sum(silent)))

    before = of(gaps, silent[0])
    worse = of(tuple(a + b for a, b in zip(gaps, more, strict=True)), sum(silent))
    assert before.grade is not None
    assert worse.grade is not None
    assert before.grade <= worse.grade
