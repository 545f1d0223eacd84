"""The pure rule of spans: the worked cases of `coverage.md`, and an independent count per day."""

import random
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.coverage.spans import (
    EXEMPT,
    IN_GRACE,
    SHARED,
    TRAINED,
    UNTRAINED,
    Choice,
    Proof,
    Rule,
    Span,
    Stay,
    proof_ends,
    spans_of,
    together,
)
from tests.queries import day_by_day
from tests.queries.brute_force import Done, Exempt, Known, Member, Need
from tests.queries.day_by_day import Facts, Place, Wanted, places_of, together_on

# --- the worked cases, as tables -------------------------------------------------------------

COURSE, OTHER = 1, 2
U1, U2 = 1, 2
ASKED = Rule((Choice("item", COURSE),))
STATE = {EXEMPT: "exempt", TRAINED: "trained", IN_GRACE: "in grace", UNTRAINED: "untrained"}


def day(text: str) -> int:
    """``01/07/2025`` as the rule's number; an empty text is an open end."""
    return date(*map(int, reversed(text.split("/")))).toordinal() if text else OPEN_END


def stay(starts: str = "01/01/2020", ends: str = "", unit: int = U1) -> Stay:
    return Stay(unit, day(starts), day(ends))


def proof(completed: str, through: str = "", revoked: str = "", course: int = COURSE) -> Proof:
    last_day = day(through) if through else None
    ends = proof_ends(day(completed), last_day, day(revoked) if revoked else None)
    return Proof(course, day(completed), ends)


def told(spans: Sequence[Span], asked: str) -> str:
    """``U1 trained``, or nothing where the person is not counted."""
    found = [span for span in spans if span.starts <= day(asked) < span.ends]
    return " ".join(f"U{span.unit_id} {STATE[span.state]}" for span in found)


MOVED = [stay(ends="01/04/2025"), stay("01/04/2025", unit=U2)]
RENEWED = [stay("01/01/2025", "01/07/2025"), stay("01/07/2025")]
WITH_GAP = [stay("01/01/2025", "01/07/2025"), stay("02/07/2025")]
QUARTER = ASKED._replace(grace_days=90)
TWO = Rule((Choice("item", COURSE), Choice("other item", OTHER)))
EITHER = Rule((Choice("item", COURSE), Choice("item", OTHER, accepts_to=day("01/01/2025"))))
CASES = [
    ([stay()], [proof("10/05/2024", "31/12/2025")], ASKED, "31/12/2025", "U1 trained"),
    ([stay()], [proof("10/05/2024", "31/12/2025")], ASKED, "01/01/2026", "U1 untrained"),
    ([stay()], [proof("10/05/2025")], ASKED, "09/05/2025", "U1 untrained"),
    ([stay()], [proof("10/05/2025")], ASKED, "10/05/2025", "U1 trained"),
    ([stay()], [proof("10/05/2025", "", "01/07/2025")], ASKED, "30/06/2025", "U1 trained"),
    ([stay()], [proof("10/05/2025", "", "01/07/2025")], ASKED, "01/07/2025", "U1 untrained"),
    (MOVED, [proof("10/05/2024")], ASKED, "31/03/2025", "U1 trained"),
    (MOVED, [proof("10/05/2024")], ASKED, "01/04/2025", "U2 trained"),
    ([stay(ends="01/09/2025")], [proof("10/05/2024")], ASKED, "31/08/2025", "U1 trained"),
    ([stay(ends="01/09/2025")], [proof("10/05/2024")], ASKED, "01/09/2025", ""),
    ([stay("01/06/2025")], [], QUARTER, "29/08/2025", "U1 in grace"),
    ([stay("01/06/2025")], [], QUARTER, "30/08/2025", "U1 untrained"),
    (RENEWED, [], QUARTER, "15/07/2025", "U1 untrained"),
    (WITH_GAP, [], QUARTER, "15/07/2025", "U1 in grace"),
    (WITH_GAP, [], QUARTER, "01/07/2025", ""),
    ([stay()], [], TWO, "01/07/2025", "U1 untrained"),
    ([stay()], [proof("10/05/2024")], TWO, "01/07/2025", "U1 untrained"),
    (
        [stay()],
        [proof("10/05/2024"), proof("11/05/2024", course=OTHER)],
        TWO,
        "11/05/2024",
        "U1 trained",
    ),
    ([stay()], [proof("31/12/2024", course=OTHER)], EITHER, "01/07/2025", "U1 trained"),
    ([stay()], [proof("01/01/2025", course=OTHER)], EITHER, "01/07/2025", "U1 untrained"),
    ([stay()], [], Rule(()), "01/07/2025", ""),
    ([stay()], [], ASKED._replace(starts=day("01/07/2025")), "30/06/2025", ""),
    ([stay()], [], ASKED._replace(starts=day("01/07/2025")), "01/07/2025", "U1 untrained"),
    (
        [stay()],
        [],
        QUARTER._replace(starts=day("01/06/2025")),
        "29/08/2025",
        "U1 in grace",
    ),
    ([stay()], [], QUARTER._replace(starts=day("01/06/2025")), "30/08/2025", "U1 untrained"),
]


@pytest.mark.parametrize(("stays", "proofs", "rule", "asked", "expected"), CASES)
def test_worked_case_is_told_to_the_day(
    stays: list[Stay], proofs: list[Proof], rule: Rule, asked: str, expected: str
) -> None:
    assert told(spans_of(stays, proofs, [], rule), asked) == expected


def test_exemption_ends_on_its_first_day_outside() -> None:
    spans = spans_of([stay()], [], [(day("01/05/2025"), day("01/11/2025"))], ASKED)
    assert told(spans, "30/04/2025") == "U1 untrained"
    assert told(spans, "01/05/2025") == "U1 exempt"
    assert told(spans, "31/10/2025") == "U1 exempt"
    assert told(spans, "01/11/2025") == "U1 untrained"


def test_stay_that_does_not_count_makes_no_span_and_keeps_the_membership_unbroken() -> None:
    abroad = stay("01/01/2025", "01/07/2025", U2)._replace(counts=False)
    spans = spans_of([abroad, stay("01/07/2025")], [], [], QUARTER)
    assert told(spans, "30/06/2025") == ""
    assert told(spans, "01/07/2025") == "U1 untrained"


def test_person_with_one_completion_expired_and_another_later_has_a_gap_between() -> None:
    proofs = [proof("10/05/2024", "31/12/2024"), proof("01/03/2025")]
    spans = spans_of([stay()], proofs, [], ASKED)
    states = [(span.state, span.starts) for span in spans]
    assert states == [
        (UNTRAINED, day("01/01/2020")),
        (TRAINED, day("10/05/2024")),
        (UNTRAINED, day("01/01/2025")),
        (TRAINED, day("01/03/2025")),
    ]


@pytest.mark.parametrize("revoked", ["09/05/2025", "10/05/2025"])
def test_completion_revoked_from_its_own_day_or_before_never_counts(revoked: str) -> None:
    spans = spans_of([stay()], [proof("10/05/2025", "", revoked)], [], ASKED)
    assert [span.state for span in spans] == [UNTRAINED]


def test_last_day_of_the_calendar_is_no_end_of_validity_too_early() -> None:
    spans = spans_of([stay()], [proof("10/05/2025", "31/12/9999")], [], ASKED)
    assert told(spans, "31/12/9999") == "U1 trained"


# --- any facts, against the count day by day -------------------------------------------------

FIRST, LAST = 100, 130
DAYS = range(FIRST - 2, LAST + 12)
UNITS = {"u1": 1, "u2": 2, "uncounted": 3}
COURSES = {"c1": 1, "c2": 2, "c3": 3}
NUMBERS = {
    day_by_day.EXEMPT: EXEMPT,
    day_by_day.TRAINED: TRAINED,
    day_by_day.IN_GRACE: IN_GRACE,
    day_by_day.UNTRAINED: UNTRAINED,
}
ANY_DAY = st.integers(FIRST, LAST)
BOUND = st.one_of(st.none(), ANY_DAY)
ALWAYS = Known()
Bounds = tuple[int | None, int | None]


@st.composite
def memberships(draw: st.DrawFn) -> tuple[Member, ...]:
    """One after the other, some with gaps between them, the last perhaps open."""
    cuts = sorted(draw(st.sets(ANY_DAY, min_size=1, max_size=5)))
    ends = [*cuts[1:], draw(st.sampled_from([None, LAST + 1]))]
    return tuple(
        Member(1, "g", draw(st.sampled_from(sorted(UNITS))), start, end, ALWAYS)
        for start, end in zip(cuts, ends, strict=True)
        if draw(st.integers(0, 4))
    )


@st.composite
def periods(draw: st.DrawFn) -> Bounds:
    start, end = draw(BOUND), draw(BOUND)
    if start is not None and end is not None and start >= end:
        start, end = end, start + 1
    return start, end


DONE = st.builds(
    lambda course, on, lasts, revoked, void: Done(
        1, course, on, None if lasts is None else on + lasts, revoked, void, ALWAYS
    ),
    st.sampled_from(sorted(COURSES)),
    ANY_DAY,
    st.one_of(st.none(), st.integers(0, 12)),
    st.one_of(st.none(), st.integers(FIRST - 1, LAST + 1)),
    st.integers(0, 7).map(lambda dice: dice == 0),
)
EXEMPTION = periods().map(lambda days: Exempt(1, "p", "g", *days, ALWAYS))


def need(item: str, course: str, asked: Bounds, accepted: Bounds) -> Need:
    return Need("p", "g", item, course, *asked, *accepted, ALWAYS)


NEED = st.builds(
    need,
    st.sampled_from(["a", "b"]),
    st.sampled_from(sorted(COURSES)),
    st.one_of(st.just((None, None)), periods()),
    st.one_of(st.just((None, None)), periods()),
)
FACTS = st.builds(
    Facts,
    memberships(),
    st.lists(DONE, max_size=5).map(tuple),
    st.lists(EXEMPTION, max_size=2).map(tuple),
)
WANTED = st.builds(
    Wanted, st.lists(NEED, max_size=4).map(tuple), BOUND, st.sampled_from([0, 0, 1, 3, 9])
)


def opened(start: int | None, end: int | None) -> tuple[int, int]:
    return OPEN_START if start is None else start, OPEN_END if end is None else end


def by_the_rule(facts: Facts, wanted: Wanted) -> list[Span]:
    stays = [
        Stay(UNITS[one.unit], *opened(one.start, one.end), one.unit != "uncounted")
        for one in facts.members
    ]
    proofs = [
        Proof(COURSES[one.course], one.on, proof_ends(one.on, one.through, one.revoked))
        for one in facts.done
        if not one.void
    ]
    choices = [
        Choice(
            need.item,
            COURSES[need.course],
            *opened(need.start, need.end),
            *opened(need.accepts_from, need.accepts_to),
        )
        for need in wanted.needs
    ]
    exempt = [opened(one.start, one.end) for one in facts.exempt]
    rule = Rule(tuple(choices), opened(wanted.start, None)[0], wanted.grace)
    return spans_of(stays, proofs, exempt, rule)


def by_the_day(facts: Facts, wanted: Wanted) -> dict[int, Place]:
    places = places_of(facts, wanted, DAYS)
    return {day: place for day, place in places.items() if place[0] != "uncounted"}


@settings(max_examples=400, deadline=None)
@given(FACTS, WANTED)
def test_every_day_has_the_state_that_counting_that_day_finds(facts: Facts, wanted: Wanted) -> None:
    spans, places = by_the_rule(facts, wanted), by_the_day(facts, wanted)
    for number in DAYS:
        found = [(s.unit_id, s.state) for s in spans if s.starts <= number < s.ends]
        unit, state = places.get(number, ("", ""))
        assert found == ([(UNITS[unit], NUMBERS[state])] if unit else [])


@given(FACTS, WANTED)
def test_spans_are_in_order_joined_and_never_share_a_day(facts: Facts, wanted: Wanted) -> None:
    spans = by_the_rule(facts, wanted)
    assert all(span.starts < span.ends for span in spans)
    for one, other in pairwise(spans):
        assert one.ends <= other.starts
        assert one.ends < other.starts or one[::3] != other[::3]


@given(FACTS, WANTED)
def test_spans_lie_within_memberships_that_count(facts: Facts, wanted: Wanted) -> None:
    for span in by_the_rule(facts, wanted):
        for inside in (span.starts, min(span.ends - 1, LAST + 40)):
            unit = day_by_day.unit_on(facts, inside)
            assert unit != "uncounted"
            assert UNITS[unit or ""] == span.unit_id


@given(FACTS, WANTED, st.randoms(use_true_random=False))
def test_order_in_which_facts_come_changes_nothing(
    facts: Facts, wanted: Wanted, dice: random.Random
) -> None:
    spans = by_the_rule(facts, wanted)
    for rows in (members := list(facts.members), done := list(facts.done)):
        dice.shuffle(rows)
    needs = dice.sample(wanted.needs, len(wanted.needs))
    mixed = Facts(tuple(members), tuple(done), facts.exempt[::-1])
    assert by_the_rule(mixed, Wanted(tuple(needs), wanted.start, wanted.grace)) == spans


TARGETS = st.lists(st.tuples(FACTS, WANTED), max_size=3)


@settings(max_examples=150, deadline=None)
@given(TARGETS)
def test_programme_counts_a_person_once_a_day_in_the_state_of_all_targets(
    targets: list[tuple[Facts, Wanted]],
) -> None:
    found = together([by_the_rule(*one) for one in targets])
    asked = [by_the_day(*one) for one in targets]
    for number in DAYS:
        state, units = together_on(places[number] for places in asked if number in places)
        shared = SHARED if len(units) > 1 else 0
        expected = {(UNITS[unit], NUMBERS[state or ""] + shared) for unit in units}
        here = [(s.unit_id, s.state) for s in found if s.starts <= number < s.ends]
        assert len(here) == len(units)
        assert set(here) == expected


@given(TARGETS)
def test_programmes_spans_at_a_unit_are_joined_and_never_share_a_day(
    targets: list[tuple[Facts, Wanted]],
) -> None:
    found = together([by_the_rule(*one) for one in targets])
    for unit in UNITS.values():
        for one, other in pairwise([span for span in found if span.unit_id == unit]):
            assert one.ends < other.starts or (one.ends == other.starts and one[::3] != other[::3])
