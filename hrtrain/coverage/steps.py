"""Counts that change on days: changes by day, summed up into steps, cut to periods, put together.

Pure. Days are numbers; a count holds from a day on until the next. All counts of a thing are
packed side by side into one whole number, so that they are summed and compared at once: a ledger
is made of tens of millions of such sums. Changes may be negative, and so may their parts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from hrtrain.core.period import OPEN_END

Counts = tuple[int, ...]
Packed = int
Changes = dict[int, Packed]
"""By how much the counts change on each day."""
Steps = list[tuple[int, Packed]]
"""The counts from each day on, in the order of days; before the first they are all zero."""

_BITS = 32
_HALF, _MASK = 1 << (_BITS - 1), (1 << _BITS) - 1


def packed(counts: Iterable[int]) -> Packed:
    """The counts as one number; sums of such numbers are the numbers of the sums."""
    number = 0
    for place, count in enumerate(counts):
        number += count << (_BITS * place)
    return number


def unpacked_changes(number: Packed, size: int) -> Counts:
    """So many counts out of one number, negative ones among them."""
    counts = []
    for _each in range(size):
        # A negative count has taken one from its neighbour, who gets it back.
        count = ((number + _HALF) & _MASK) - _HALF
        counts.append(count)
        number = (number - count) >> _BITS
    return tuple(counts)


def add(to: Changes, day: int, counts: Packed) -> None:
    """Add a change on the day; what ends beyond all days changes nothing."""
    if day < OPEN_END:
        to[day] = to.get(day, 0) + counts


def steps_of(changes: Mapping[int, Packed]) -> Steps:
    """The counts on and after each day of change; unchanging days left out."""
    steps, now = [], 0
    for day in sorted(changes):
        if changes[day]:
            now += changes[day]
            steps.append((day, now))
    return steps


def changes_of(steps: Sequence[tuple[int, Packed]]) -> Changes:
    """The changes from day to day that the steps are the sums of."""
    changes: Changes = {}
    was = 0
    for day, counts in steps:
        if day < OPEN_END and counts != was:
            changes[day] = counts - was
        was = counts
    return changes


def changes_between(
    before: Sequence[tuple[int, Packed]], after: Sequence[tuple[int, Packed]]
) -> Changes:
    """The changes that turn the one's counts into the other's."""
    changes: Changes = {}
    for steps, sign in ((before, -1), (after, 1)):
        was = 0
        for day, counts in steps:
            add(changes, day, sign * (counts - was))
            was = counts
    return {day: counts for day, counts in changes.items() if counts}


def within(changes: Mapping[int, Packed], starts: int, ends: int) -> Iterator[tuple[int, Packed]]:
    """The changes of the same counts where they are zero outside ``[starts, ends)``."""
    for day, counts in changes.items():
        if day < ends:
            yield (day if day > starts else starts), counts
            if ends < OPEN_END:
                yield ends, -counts


def pieces(changes: Mapping[int, Packed]) -> Iterable[tuple[int, int, Packed]]:
    """Where the counts differ from zero and by how much: ``[starts, ends)`` and the counts."""
    steps = [*steps_of(changes), (OPEN_END, 0)]
    return ((day, until, counts) for (day, counts), (until, _next) in pairwise(steps) if counts)


def on(steps: Sequence[tuple[int, Packed]], day: int) -> Packed:
    """The counts on the day."""
    found = 0
    for starts, counts in steps:
        if starts > day:
            break
        found = counts
    return found
