"""Who lay above a unit on which days; pure: edges come as arguments, days as ordinals."""

from collections.abc import Mapping, Sequence

from hrtrain.core.period import OPEN_END, OPEN_START

Days = tuple[int, int]
Above = tuple[int, int, int]
Edges = Mapping[int, Sequence[Above]]


def ancestors_in_time(unit: int, edges: Edges) -> list[Above]:
    """Each ``(ancestor, starts, ends)``, the unit itself for all time included, in order.

    ``edges`` says of each unit which parents it has from when until when. It is walked within
    the days left on the way up, and days on which an ancestor was met already are not walked
    again: A below B, then B below A, ends, and so does a cycle on one day.
    """
    found: dict[int, list[Days]] = {unit: [(OPEN_START, OPEN_END)]}
    waiting = [(unit, OPEN_START, OPEN_END)]
    while waiting:
        below, starts, ends = waiting.pop()
        for parent, since, until in edges.get(below, ()):
            known = found.setdefault(parent, [])
            new = _without(max(starts, since), min(ends, until), known)
            found[parent] = _joined(known + new) if new else known
            waiting += [(parent, *days) for days in new]
    above = [(ancestor, *days) for ancestor in found for days in found[ancestor]]
    return sorted(above)


def _without(starts: int, ends: int, known: list[Days]) -> list[Days]:
    """The parts of ``[starts, ends)`` outside the known periods, which are in order."""
    left = []
    for known_from, known_to in known:
        if starts < min(ends, known_from):
            left.append((starts, min(ends, known_from)))
        starts = max(starts, known_to)
    return [*left, (starts, ends)] if starts < ends else left


def _joined(periods: list[Days]) -> list[Days]:
    """The periods in order, those that touch or overlap made one."""
    joined: list[Days] = []
    for starts, ends in sorted(periods):
        if joined and starts <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(ends, joined[-1][1])
        else:
            joined.append((starts, ends))
    return joined
