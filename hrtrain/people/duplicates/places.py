"""How near the units of two people lie: the same, one of the other, one above the other. Pure."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from functools import cached_property


class PlaceMatch(StrEnum):
    """The best that can be said of where two people are or were."""

    SAME = "same_unit"
    LINEAGE = "unit_lineage"
    BELOW = "unit_below"
    APART = "other_unit"
    UNKNOWN = "no_unit"


class Places:
    """The units' tree through all times, and which took which over."""

    def __init__(
        self, parents: Mapping[int, Collection[int]], successions: Iterable[tuple[int, int]]
    ) -> None:
        self._parents = parents
        self._heads: dict[int, int] = {}
        self._above: dict[int, frozenset[int]] = {}
        for predecessor, successor in successions:
            self._join(predecessor, successor)

    def head_of(self, unit: int) -> int:
        """One number for the unit and all that took it over or that it took over."""
        met = []
        while (head := self._heads.get(unit, unit)) != unit:
            met.append(unit)
            unit = head
        self._heads.update(dict.fromkeys(met, unit))
        return unit

    def compare(self, one: Collection[int], other: Collection[int]) -> PlaceMatch:
        """The nearest that a unit of the one and a unit of the other lie."""
        if not one or not other:
            return PlaceMatch.UNKNOWN
        if not set(one).isdisjoint(other):
            return PlaceMatch.SAME
        heads, others = ({self.head_of(unit) for unit in units} for units in (one, other))
        if not heads.isdisjoint(others):
            return PlaceMatch.LINEAGE
        above = {head for unit in one for head in self.above(unit)}
        above_other = {head for unit in other for head in self.above(unit)}
        is_below = not above.isdisjoint(others) or not above_other.isdisjoint(heads)
        return PlaceMatch.BELOW if is_below else PlaceMatch.APART

    def above(self, unit: int) -> frozenset[int]:
        """The heads of all units that ever lay above, but for one that is above everybody."""
        found = self._above.get(unit)
        if found is None:
            met: set[int] = set()
            rest = list(self._parents.get(unit, ()))
            while rest:
                here = rest.pop()
                if here not in met:
                    met.add(here)
                    rest += self._parents.get(here, ())
            heads = {self.head_of(here) for here in met}
            found = self._above[unit] = frozenset(heads - self._tops)
        return found

    @cached_property
    def _tops(self) -> frozenset[int]:
        """The one unit above all others, which says nothing of who is below it; none of several."""
        below = {unit for unit, above in self._parents.items() if above}
        uppermost = {unit for above in self._parents.values() for unit in above} - below
        return frozenset(map(self.head_of, uppermost)) if len(uppermost) == 1 else frozenset()

    def _join(self, one: int, other: int) -> None:
        self._heads[self.head_of(one)] = self.head_of(other)
