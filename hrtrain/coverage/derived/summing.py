"""Counts of measures through time, summed up out of people's changes: units' own, and below.

Tree and declarations are at hand, nothing is read: it may be done in a process of its own.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from struct import Struct

from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.coverage.derived.measures import Measure
from hrtrain.coverage.derived.own_counts import OF_SPAN, Declarations, with_unnamed
from hrtrain.coverage.derived.tables import BELOW, COUNTERS, EVERYWHERE, OWN
from hrtrain.coverage.steps import Changes, Steps, changes_of, steps_of, within

SPAN = Struct("<5i")
"""A measure's span as it is packed for summing: unit, starts, ends, state, gaps."""
_PLACE = Struct("<4i")
_COUNTS = 4 * len(COUNTERS)

Lying = tuple[int, int, int]
"""A unit above, and the days ``[starts, ends)`` on which it is."""
_EVERYWHERE: Lying = (EVERYWHERE, OPEN_START, OPEN_END)


class Summing:
    """What lies above each unit, and what units declared."""

    def __init__(self, above: Mapping[int, Sequence[Lying]], declarations: Declarations) -> None:
        self.above = above
        self.declarations = declarations

    def steps(
        self, one: Measure, people: Iterable[tuple[int, Changes]]
    ) -> Iterator[tuple[int, int, Steps]]:
        """The measure's counts by unit and part: units' own first, then what is below.

        ``people``: how the counts of people change, unit by unit.
        """
        below: dict[int, Changes] = defaultdict(lambda: defaultdict(int))
        for unit_id, changes in self._units(one, people):
            declared = self.declarations.of(one, unit_id)
            own = with_unnamed(steps_of(changes), declared, one, OPEN_START)
            yield unit_id, OWN, own
            self._add_above(below, unit_id, changes_of(own))
        for above, changes in below.items():
            yield above, BELOW, steps_of(changes)

    def _units(
        self, one: Measure, people: Iterable[tuple[int, Changes]]
    ) -> Iterator[tuple[int, Changes]]:
        """Every unit that has people or declarations."""
        declaring = {unit for group, unit in self.declarations.declared if group == one.group_id}
        for unit_id, changes in people:
            declaring.discard(unit_id)
            yield unit_id, changes
        for unit_id in sorted(declaring):
            yield unit_id, {}

    def _add_above(self, below: dict[int, Changes], unit_id: int, changes: Changes) -> None:
        first = next(iter(changes), OPEN_END)
        for above, starts, ends in self._above(unit_id):
            is_always_above = starts <= first and ends == OPEN_END
            to = below[above]
            for day, counts in (
                changes.items() if is_always_above else within(changes, starts, ends)
            ):
                to[day] += counts

    def _above(self, unit_id: int) -> list[Lying]:
        return [*self.above.get(unit_id, ()), _EVERYWHERE]

    def rows(self, one: Measure, spans: bytes | bytearray) -> bytes:
        """The measure's rows of the ledger out of its spans, both packed; in the key's order."""
        found: dict[tuple[int, int], bytes] = {}
        for unit_id, part, steps in self.steps(one, _changes_by_unit(spans)):
            found[unit_id, part] = b"".join(
                _PLACE.pack(one.id, unit_id, part, day) + counts.to_bytes(_COUNTS, "little")
                for day, counts in steps
            )
        return b"".join(found[place] for place in sorted(found))


def _changes_by_unit(spans: bytes | bytearray) -> Iterator[tuple[int, Changes]]:
    """Sorted out by unit first: the changes of all units at once would fill the memory."""
    of_unit: dict[int, array[int]] = {}
    for unit_id, *rest in SPAN.iter_unpack(spans):
        if unit_id not in of_unit:
            of_unit[unit_id] = array("i")
        of_unit[unit_id].extend(rest)
    for unit_id, numbers in of_unit.items():
        changes: Changes = defaultdict(int)
        each = iter(numbers)
        for starts, ends, state, gaps in zip(each, each, each, each, strict=True):
            counts = OF_SPAN[state, gaps]
            changes[starts] += counts
            if ends < OPEN_END:
                changes[ends] -= counts
        yield unit_id, changes
