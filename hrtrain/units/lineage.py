"""Where a unit of a past day stands today: itself, whoever took it over, or above it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

NOWHERE = 0
"""No unit of today takes it; no unit has this number."""


class Successor(NamedTuple):
    """A unit that took another over on a day, which is a number."""

    unit_id: int
    on: int
    is_default: bool


def heir_of(
    unit_id: int, day: int, gone: Collection[int], successors: Mapping[int, Sequence[Successor]]
) -> int | None:
    """The living unit that the chain of successors since the day leads to; None: it is split.

    Of several successors of one day the default goes on; a sole one needs not be marked.
    """
    met = {unit_id}
    while unit_id in gone:
        after = [one for one in successors.get(unit_id, ()) if one.on > day]
        first = min((one.on for one in after), default=0)
        at_once = [one for one in after if one.on == first]
        heirs = at_once if len(at_once) == 1 else [one for one in at_once if one.is_default]
        if len(heirs) != 1 or heirs[0].unit_id in met:
            return None
        unit_id = heirs[0].unit_id
        day = first - 1
        met.add(unit_id)
    return unit_id


def place_today(
    unit_id: int,
    day: int,
    gone: Collection[int],
    successors: Mapping[int, Sequence[Successor]],
    parents: Mapping[int, int],
) -> int:
    """The unit's heir, else that of the nearest unit above it on the day, else `NOWHERE`."""
    met: set[int] = set()
    here: int | None = unit_id
    while here is not None and here not in met:
        heir = heir_of(here, day, gone, successors)
        if heir is not None:
            return heir
        met.add(here)
        here = parents.get(here)
    return NOWHERE
