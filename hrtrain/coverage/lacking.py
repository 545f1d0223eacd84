"""Who of those not trained on a day has begun: has met some items, or holds a seat. Read only.

The rest, who lack everything and are booked nowhere, are what the figures leave over: a nation's
hundreds of thousands are never read. Of two items the ledger tells how many have begun, but for
those who hold a seat. These, and people of more items, the database groups into patterns, out of
the spans or, while the derived tables do not hold, from the facts.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.lacking_ledger import patterns_of_two
from hrtrain.coverage.lacking_live import patterns_live
from hrtrain.coverage.lacking_spans import Meeting, patterns_by_spans
from hrtrain.coverage.patterns import Pattern
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
        rows = _derived(question, asked, bits, shown)
    else:
        rows = patterns_live(question, asked, bits)
    for target_id, place_id, new, met, booked, people in rows:
        names = items[target_id]
        sets = _items(names, met), _items(names, booked)
        yield Begun(target_id, place_id, bool(new), *sets, people=people)


def _derived(
    question: Question, looks: Sequence[Look], bits: Meeting, shown: Mapping[int, Collection[int]]
) -> Iterator[Pattern]:
    """Out of the ledger for targets of two items, but for who holds a seat; else of the spans."""
    of_two = [one for one in looks if len(items_of(one.options)) == 2]
    others = [one for one in looks if one not in of_two]
    yield from patterns_by_spans(question, others, bits, shown)
    found = Counter({row[:-1]: row[-1] for row in patterns_of_two(question, of_two, shown)})
    for row in patterns_by_spans(question, of_two, bits, shown, of_booked=True):
        target_id, place_id, new, met, _booked, people = row
        if met:
            found[target_id, place_id, new, met, None] -= people
        yield row
    yield from ((*kind, people) for kind, people in found.items() if people > 0)


def _items(names: Sequence[str], bits: int | None) -> frozenset[str]:
    """The items of a sum of bits; PostgreSQL's is a decimal, and of no rows there is none."""
    found = int(bits or 0)
    return frozenset(name for number, name in enumerate(names) if found >> number & 1)
