"""Counts that change on days: changes by day, summed up into steps, cut to periods, put together.

Pure. Days are numbers; a count holds from a day on until the next. All counts of a thing are kept
side by side in a tuple, so that they are summed and compared at once.
"""

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from hrtrain.core.period import OPEN_END

Counts = tuple[int, ...]
Changes = dict[int, Counts]
"""By how much the counts change on each day."""
Steps = list[tuple[int, Counts]]
"""The counts from each day on, in the order of days; before the first they are all zero."""


def plus(before: Counts | None, counts: Counts) -> Counts:
    """The sum of both, side by side."""
    return counts if before is None else tuple(map(operator.add, before, counts))


def add(to: Changes, day: int, counts: Counts) -> None:
    """Add a change on the day; what ends beyond all days changes nothing."""
    if day < OPEN_END:
        to[day] = plus(to.get(day), counts)


def negative(counts: Counts) -> Counts:
    """The opposite change."""
    return tuple(-count for count in counts)


def steps_of(changes: Mapping[int, Counts], start: Counts) -> Steps:
    """The counts on and after each day of change, from ``start`` on; unchanging days left out."""
    steps, now = [], start
    for day in sorted(changes):
        then = plus(now, changes[day])
        if then != now:
            steps.append((day, then))
            now = then
    return steps


def changes_between(before: Sequence[tuple[int, Counts]], after: Steps, zero: Counts) -> Changes:
    """The changes that turn the one's counts into the other's."""
    changes: Changes = {}
    for steps, sign in ((before, -1), (after, 1)):
        was = zero
        for day, counts in steps:
            change = plus(counts, negative(was))
            add(changes, day, change if sign > 0 else negative(change))
            was = counts
    return {day: counts for day, counts in changes.items() if any(counts)}


def within(changes: Mapping[int, Counts], starts: int, ends: int) -> Iterator[tuple[int, Counts]]:
    """The changes of the same counts where they are zero outside ``[starts, ends)``."""
    at_start: Counts | None = None
    now: Counts | None = None
    for day in sorted(changes):
        if day >= ends:
            break
        now = plus(now, changes[day])
        if day > starts:
            yield day, changes[day]
        else:
            at_start = now
    if at_start is not None:
        yield starts, at_start
    if now is not None:
        yield ends, negative(now)


def pieces(changes: Mapping[int, Counts], zero: Counts) -> Iterable[tuple[int, int, Counts]]:
    """Where the counts differ from zero and by how much: ``[starts, ends)`` and the counts."""
    steps = [*steps_of(changes, zero), (OPEN_END, zero)]
    return (
        (day, until, counts) for (day, counts), (until, _next) in pairwise(steps) if any(counts)
    )


def on(steps: Sequence[tuple[int, Counts]], day: int, zero: Counts) -> Counts:
    """The counts on the day."""
    found = zero
    for starts, counts in steps:
        if starts > day:
            break
        found = counts
    return found
