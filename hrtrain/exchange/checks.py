"""What facts may not say together: shared days, days outside a unit's life, circles in the tree.

Pure. Each check gives the offending fact, the column and the reason; a fact of the database
(number 0) is never blamed, only named.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hrtrain.core.period import Period, holds

Lives = Mapping[int, tuple[date | None, date | None]]
Fault = tuple["Fact", str, str]


@dataclass(slots=True)
class Fact:
    """A fact of a file (``number`` is its row) or of the database (0, with its ``id``)."""

    number: int
    content: tuple[Any, ...]
    recorded_at: datetime
    retracted_at: datetime | None
    id: int = 0

    def known_with(self, other: "Fact") -> bool:
        """Whether at some instant both are known."""
        return (self.retracted_at is None or other.recorded_at < self.retracted_at) and (
            other.retracted_at is None or self.recorded_at < other.retracted_at
        )


def overlaps(
    facts: Sequence[Fact], places: Sequence[int], days: tuple[int, int]
) -> Iterator[tuple[Fact, Fact]]:
    """Facts of a file with one they share days with, equal in ``places``, known together."""
    groups = defaultdict[tuple[Any, ...], list[Fact]](list)
    for fact in facts:
        groups[tuple(fact.content[place] for place in places)].append(fact)
    for group in groups.values():
        if len(group) > 1:
            yield from _overlaps_in(group, *days)


def _overlaps_in(group: list[Fact], first: int, last: int) -> Iterator[tuple[Fact, Fact]]:
    group.sort(key=lambda fact: (fact.content[first] or date.min, fact.number))
    for place, fact in enumerate(group):
        ends = fact.content[last]
        for other in group[place + 1 :]:
            starts = other.content[first]
            if ends is not None and starts is not None and starts >= ends:
                break
            if fact.known_with(other) and (fact.number or other.number):
                yield (other, fact) if other.number >= fact.number else (fact, other)


def _period(fact: Fact, index: Mapping[str, int]) -> Period:
    return Period(fact.content[index["valid_from"]], fact.content[index["valid_to"]])


def _written(period: Period) -> str:
    begin, end = period.starts_on, period.ends_on
    return f"[{begin.isoformat() if begin else '…'}, {end.isoformat() if end else '…'})"


def _memberships_in_life(
    facts: Sequence[Fact], index: Mapping[str, int], lives: Lives
) -> Iterator[Fault]:
    """A membership lies within its unit's life; one that is retracted no longer needs to."""
    for fact in facts:
        life = lives.get(fact.content[index["unit"]])
        if fact.number and fact.retracted_at is None and life is not None:
            if life == (None, None) or Period(*life).contains(_period(fact, index)):
                continue
            place = "valid_from" if life[0] and fact.content[index["valid_from"]] < life[0] else ""
            yield fact, place or "valid_to", f"the unit lives {_written(Period(*life))} only"


def _days_in_life(facts: Sequence[Fact], index: Mapping[str, int], lives: Lives) -> Iterator[Fault]:
    """What is said of a unit holds on some day of its life at least."""
    names = [name for name in ("unit", "parent") if name in index]
    for fact in facts:
        if not fact.number or fact.retracted_at is not None:
            continue
        for name in names:
            life = lives.get(fact.content[index[name]])
            if life is not None and not Period(*life).overlaps(_period(fact, index)):
                yield fact, name, f"lives {_written(Period(*life))} only"


def _later_names(facts: Sequence[Fact], index: Mapping[str, int], lives: Lives) -> Iterator[Fault]:
    """The first name is the unit's own, in units.csv; a later one begins after the unit does."""
    yield from _days_in_life(facts, index, lives)
    for fact in facts:
        life = lives.get(fact.content[index["unit"]])
        if not fact.number or fact.retracted_at is not None or life is None:
            continue
        starts = fact.content[index["valid_from"]]
        if starts is None or (life[0] is not None and starts <= life[0]):
            yield fact, "valid_from", "a later name begins after the unit's life does"


def _parents(facts: Sequence[Fact], index: Mapping[str, int], lives: Lives) -> Iterator[Fault]:
    yield from _days_in_life(facts, index, lives)
    edges = defaultdict[int, list[Fact]](list)
    live = [fact for fact in facts if fact.retracted_at is None]
    for fact in live:
        edges[fact.content[index["unit"]]].append(fact)
    told = set[frozenset[int]]()
    for fact in live:
        circle = _circle(fact, edges, index)
        units = frozenset(edge.content[index["unit"]] for edge in circle)
        last = max(circle, key=lambda edge: edge.number, default=fact)
        if last.number and circle and units not in told:
            told.add(units)
            reason = f"closes a circle of {len(units)} units on {_first_day(fact, index)}"
            yield last, "parent", reason


def _first_day(fact: Fact, index: Mapping[str, int]) -> str:
    starts = fact.content[index["valid_from"]]
    return starts.isoformat() if starts else "its first day"


def _circle(fact: Fact, edges: Mapping[int, list[Fact]], index: Mapping[str, int]) -> list[Fact]:
    """The edges of the circle this one is in on its first day; none when it is in none.

    A circle that is there on some day was closed on the day one of its edges began: it is enough
    to walk up from every edge on its own first day. Those known already are walked from as well:
    a row may close a circle on a later day than its own first.
    """
    day = fact.content[index["valid_from"]] or date.min
    walked, seen = list[Fact](), set[int]()
    edge: Fact | None = fact
    while edge is not None and edge.content[index["unit"]] not in seen:
        walked.append(edge)
        seen.add(edge.content[index["unit"]])
        above = edge.content[index["parent"]]
        if above == fact.content[index["unit"]]:
            return walked
        edge = _edge_on(edges.get(above, []), day, index)
    return []


def _edge_on(edges: list[Fact], day: date, index: Mapping[str, int]) -> Fact | None:
    for edge in edges:
        if holds(edge.content[index["valid_from"]], edge.content[index["valid_to"]], day):
            return edge
    return None


def _items_share_a_period(
    facts: Sequence[Fact], index: Mapping[str, int], _lives: Lives
) -> Iterator[Fault]:
    """The courses of one item are alternatives: they are asked on the same days."""
    items = defaultdict[tuple[Any, ...], list[Fact]](list)
    for fact in facts:
        items[fact.content[:3]].append(fact)
    for item in items.values():
        for place, fact in enumerate(item):
            other = _first_apart(fact, item[:place], index)
            if other is not None and (fact.number or other.number):
                blamed, named = (fact, other) if fact.number else (other, fact)
                days = _written(_period(named, index))
                where = f"row {named.number}" if named.number else "a row known already"
                yield blamed, "valid_from", f"another course of the item has {days} ({where})"


def _first_apart(fact: Fact, others: Sequence[Fact], index: Mapping[str, int]) -> Fact | None:
    period = _period(fact, index)
    for other in others:
        if _period(other, index) != period and fact.known_with(other):
            return other
    return None


def _successions(facts: Sequence[Fact], index: Mapping[str, int], _lives: Lives) -> Iterator[Fault]:
    """One row per predecessor, successor and day; no unit succeeds itself."""
    seen: dict[tuple[Any, ...], Fact] = {}
    for fact in facts:
        predecessor, successor = (fact.content[index[n]] for n in ("predecessor", "successor"))
        if fact.number and predecessor == successor:
            yield fact, "successor", "is the unit itself"
        other = seen.setdefault(fact.content[:3], fact)
        if other is not fact:
            blamed = fact if fact.number else other
            yield blamed, "is_default", "the same succession is known with another value"


Check = Callable[[Sequence[Fact], Mapping[str, int], Lives], Iterator[Fault]]
CHECKS: dict[str, Check] = {
    "memberships": _memberships_in_life,
    "unit_parents": _parents,
    "unit_names": _later_names,
    "unit_codes": _days_in_life,
    "headcounts": _days_in_life,
    "requirements": _items_share_a_period,
    "unit_successions": _successions,
}
