"""Who of those not trained on a day has begun: has met some items, or holds a seat. Read only.

The rest, who lack everything and are booked nowhere, are what the figures leave over: a nation's
hundreds of thousands are never read. The database groups those who have begun into patterns, out
of the spans or, while the derived tables do not hold, from the facts.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.lacking_live import patterns_live
from hrtrain.coverage.lacking_spans import patterns_by_spans
from hrtrain.coverage.queries import Look, Question
from hrtrain.coverage.states import items_of


class Begun(NamedTuple):
    """So many people of a target at a place, the items they have met and those booked for."""

    target_id: int
    place_id: int
    is_in_grace: bool
    met: frozenset[str]
    booked: frozenset[str]
    people: int


def people_begun(
    question: Question,
    looks: Sequence[Look],
    meeting: Collection[tuple[int, int, str]],
    shown: Mapping[int, Collection[int]],
) -> Iterator[Begun]:
    """The people in the looks who are not trained on the question's day but have begun.

    ``meeting`` says which planned session meets which item: (target, session, item). Everybody
    booked there is taken as completing, but those already marked absent. ``shown`` are the units
    that each target's figures are shown for.
    """
    items = {look.target.id: items_of(look.options) for look in looks}
    if not meeting and all(len(asked) < 2 for asked in items.values()):
        return
    asked = [look for look in looks if look.options and look.root_id is not None]
    bits = [(target, session, items[target].index(item)) for target, session, item in meeting]
    if is_ready():
        rows = patterns_by_spans(question, asked, bits, shown)
    else:
        rows = patterns_live(question, asked, bits)
    for target_id, place_id, new, met, booked, people in rows:
        names = items[target_id]
        sets = _items(names, met), _items(names, booked)
        yield Begun(target_id, place_id, bool(new), *sets, people=people)


def _items(names: Sequence[str], bits: int | None) -> frozenset[str]:
    """The items of a sum of bits; PostgreSQL's is a decimal, and of no rows there is none."""
    found = int(bits or 0)
    return frozenset(name for number, name in enumerate(names) if found >> number & 1)
