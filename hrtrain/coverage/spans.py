"""The pure rule: from one person's facts to spans of days in one state, for one target.

It says what `docs/coverage.md` says of a day (`state_on`), asks it on each day on which something
changes, and joins equal neighbours. Days are numbers (`date.toordinal`), every pair of bounds is
half-open, and an open bound is `OPEN_START` or `OPEN_END`. The facts handed in are those known.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from hrtrain.core.period import OPEN_END, OPEN_START

# What a change of these rules raises, so that nobody takes old figures for new ones.
RULE_VERSION = 1

EXEMPT, TRAINED, IN_GRACE, UNTRAINED = 1, 2, 3, 4
# Of a person counted at several units on the same days, in a programme's distinct people.
SHARED = 4


class Stay(NamedTuple):
    """Days in the target's group at a unit; ``counts``: the unit's tier passes the filter."""

    unit_id: int
    starts: int
    ends: int
    counts: bool = True


class Proof(NamedTuple):
    """A completion that is not void: it counts on ``[completed, ends)`` where it is accepted.

    ``is_evidenced``: something is behind it (`gaps`); it counts either way.
    """

    course_id: int
    completed: int
    ends: int = OPEN_END
    is_evidenced: bool = True


class Choice(NamedTuple):
    """One course that satisfies an item, asked on ``[starts, ends)``.

    It accepts completions of ``[accepts_from, accepts_to)``.
    """

    item: str
    course_id: int
    starts: int = OPEN_START
    ends: int = OPEN_END
    accepts_from: int = OPEN_START
    accepts_to: int = OPEN_END


class Rule(NamedTuple):
    """What a target asks, and from which day; nothing, where there are no choices."""

    choices: tuple[Choice, ...]
    starts: int = OPEN_START
    grace_days: int = 0


class Span(NamedTuple):
    """Days ``[starts, ends)`` on which the person is at the unit in the state.

    ``gaps`` says what these days' figures should be trusted less for (`gaps`); it changes none.
    """

    unit_id: int
    starts: int
    ends: int
    state: int
    gaps: int = 0


Days = tuple[int, int]


def proof_ends(completed: int, last_day: int | None, revoked_from: int | None) -> int:
    """The first day on which a completion counts no more: past its last day, or revoked."""
    ends = OPEN_END if last_day is None else min(last_day + 1, OPEN_END)
    return ends if revoked_from is None else max(completed, min(ends, revoked_from))


def spans_of(
    stays: Iterable[Stay], proofs: Sequence[Proof], exempt: Sequence[Days], rule: Rule
) -> list[Span]:
    """The person's states through time, in the order of days; none on days that ask nothing.

    ``stays`` are all memberships in the group, in scope or not: they tell how long it is unbroken.
    """
    courses, bounds = _courses_and_bounds(rule.choices)
    proofs = [proof for proof in proofs if proof.course_id in courses]
    changes = _days_of_change(proofs, exempt, bounds)
    spans: list[Span] = []
    for stay, due in with_due_days(stays, rule):
        if stay.counts:
            days = cut(max(stay.starts, rule.starts), stay.ends, {due, *changes})
            for starts, ends in days:
                state = state_on(starts, due, proofs, exempt, rule)
                if state is not None:
                    append(spans, Span(stay.unit_id, starts, ends, state))
    return spans


def state_on(
    day: int, due: int, proofs: Sequence[Proof], exempt: Sequence[Days], rule: Rule
) -> int | None:
    """The one state of a member on the day; None when no item is asked (coverage.md, 2 and 3)."""
    asked = [choice for choice in rule.choices if choice.starts <= day < choice.ends]
    if not asked:
        return None
    for starts, ends in exempt:
        if starts <= day < ends:
            return EXEMPT
    if is_trained(day, asked, proofs):
        return TRAINED
    return IN_GRACE if day < due else UNTRAINED


def is_trained(day: int, asked: Iterable[Choice], proofs: Sequence[Proof]) -> bool:
    """Whether every item asked has a completion that counts on the day."""
    missing: set[str] = set()
    met: set[str] = set()
    for choice in asked:
        for proof in proofs:
            if (
                proof.course_id == choice.course_id
                and proof.completed <= day < proof.ends
                and choice.accepts_from <= proof.completed < choice.accepts_to
            ):
                met.add(choice.item)
                break
        else:
            missing.add(choice.item)
    return missing <= met


def with_due_days(stays: Iterable[Stay], rule: Rule) -> Iterator[tuple[Stay, int]]:
    """Each stay with its due day: an unbroken membership has one, grace does not start again."""
    since, before = OPEN_START, None
    for stay in sorted(stays, key=lambda stay: stay.starts):
        if before != stay.starts:
            since = stay.starts
        before = stay.ends
        yield stay, min(max(since, rule.starts) + rule.grace_days, OPEN_END - 1)


def _is_alike(one: Span, other: Span) -> bool:
    return one.unit_id == other.unit_id and one.state == other.state and one.gaps == other.gaps


@lru_cache(maxsize=1024)
def _courses_and_bounds(choices: tuple[Choice, ...]) -> tuple[frozenset[int], frozenset[int]]:
    """The courses that satisfy some item, and the days on which something else is asked."""
    bounds = {day for choice in choices for day in (choice.starts, choice.ends)}
    return frozenset(choice.course_id for choice in choices), frozenset(bounds)


def _days_of_change(
    proofs: Iterable[Proof], exempt: Iterable[Days], bounds: Iterable[int]
) -> set[int]:
    days = set(bounds)
    for period in exempt:
        days.update(period)
    for proof in proofs:
        days.add(proof.completed)
        days.add(proof.ends)
    return days


def cut(starts: int, ends: int, days: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The period in pieces, cut on those of the days that lie inside."""
    inside = sorted(day for day in days if starts < day < ends)
    return pairwise([starts, *inside, ends]) if starts < ends else iter(())


def append(spans: list[Span], span: Span) -> None:
    """Add the span, or lengthen the last one when nothing but time has passed."""
    if spans:
        last = spans[-1]
        if last.ends == span.starts and _is_alike(last, span):
            spans[-1] = last._replace(ends=span.ends)
            return
    spans.append(span)


def together(targets: Sequence[Sequence[Span]]) -> list[Span]:
    """One person's states in a whole programme, from those for each of its targets.

    Untrained for any target is untrained; else trained for any is trained; else in grace, else
    exempt. At several units on the same days the person has a span at each, marked `SHARED`.
    """
    given = [spans for spans in targets if spans]
    if len(given) == 1:
        return list(given[0])
    every = [span for spans in given for span in spans]
    days = sorted({day for span in every for day in (span.starts, span.ends)})
    joined: dict[int, list[Span]] = {}
    for starts, ends in pairwise(days):
        here = [span for span in every if span.starts <= starts < span.ends]
        units = {span.unit_id for span in here}
        if here:
            state = _worst({span.state for span in here}) + (SHARED if len(units) > 1 else 0)
        for unit_id in units:
            append(joined.setdefault(unit_id, []), Span(unit_id, starts, ends, state))
    return sorted((span for spans in joined.values() for span in spans), key=lambda s: s.starts)


def _worst(states: set[int]) -> int:
    return next(state for state in (UNTRAINED, TRAINED, IN_GRACE, EXEMPT) if state in states)
