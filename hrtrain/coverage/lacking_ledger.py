"""Who has met one of two items, out of the ledger: its cost follows the places, not the people.

Whoever lacks the target, yet does not lack an item of it, has met that item and lacks the other.
So of a target of two items the figures of the whole and of each item apart say all there is to
know of those for whom no seat is held.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.coverage.derived.reading import Place, counts_with_below, own_counts
from hrtrain.coverage.derived.tables import measure
from hrtrain.coverage.patterns import Pattern
from hrtrain.coverage.queries import Look, Question
from hrtrain.coverage.states import items_of
from hrtrain.coverage.steps import Counts

Waiting = tuple[int, int]
"""How many people are untrained, and how many in grace."""


def patterns_of_two(
    question: Question, looks: Sequence[Look], shown: Mapping[int, Collection[int]]
) -> Iterator[Pattern]:
    """The patterns of people not trained on the day who have met one of two items."""
    if not looks:
        return
    figures = _Figures(question.as_of.toordinal(), looks, shown)
    for look in looks:
        for unit_id in _places(look, shown):
            whole = figures.waiting(look, unit_id, "")
            for position, item in enumerate(items_of(look.options)):
                apart = figures.waiting(look, unit_id, item)
                for is_in_grace, people in enumerate(map(int.__sub__, whole, apart)):
                    if people:
                        yield look.target.id, unit_id, is_in_grace, 1 << position, None, people


def _places(look: Look, shown: Mapping[int, Collection[int]]) -> Collection[int]:
    """The units that the look's people are shown for."""
    return shown[look.target.id] if look.child_id is None else [look.child_id]


class _Figures:
    """The figures of the looks' measures at their places, read at once."""

    def __init__(
        self, day: int, looks: Sequence[Look], shown: Mapping[int, Collection[int]]
    ) -> None:
        self.day = day
        asked = select(measure.c.target_id, measure.c.item, measure.c.id).where(
            measure.c.target_id.in_([look.target.id for look in looks])
        )
        rows = db.session.connection().execute(asked)
        self.numbers = {(target_id, item): number for target_id, item, number in rows}
        roots = {self._root(look, unit) for look in looks for unit in _places(look, shown)}
        bases = {look.base_id for look in looks}
        self.below = counts_with_below(self.numbers.values(), roots, [day])
        self.own = own_counts(self.numbers.values(), bases, [day])

    def _root(self, look: Look, unit_id: int) -> int:
        return look.root_id or 0 if unit_id == look.child_id else unit_id

    def waiting(self, look: Look, unit_id: int, item: str) -> Waiting:
        """The people who wait at the place for the item, or for the whole target."""
        number = self.numbers.get((look.target.id, item), 0)
        is_alone = look.child_id is None and unit_id == look.base_id
        figures: Mapping[Place, Counts] = self.own if is_alone else self.below
        counts = figures.get((number, self._root(look, unit_id), self.day), (0,) * 4)
        in_scope, exempt, in_grace, trained, *_more = counts
        return in_scope - exempt - in_grace - trained, in_grace
