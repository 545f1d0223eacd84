"""What a reorganisation is made of: entries of a plan, the tree they meet, what is wrong. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from hrtrain.core.period import Period

KIND, CHOICE = "reorganisation", "reorganisation_choice"
"""The acts that do a plan, and that decide where somebody goes."""
NEW = "+"
"""A unit that the plan founds is called so in it: no key of a unit begins with it."""
LONGEST_NAME, LONGEST_SHORT_NAME = 250, 120


class Does(StrEnum):
    """What an entry of a plan does to its unit."""

    BECOME = "become"
    DISSOLVE = "dissolve"
    RENAME = "rename"
    RETYPE = "retype"
    MOVE = "move"
    FOUND = "found"


class Entry(NamedTuple):
    """A line of a plan; several entries of one step entered on a page share its number.

    ``unit`` and ``to`` are keys: to what it becomes, or below what it comes.
    """

    line: int
    does: Does
    unit: str
    to: str = ""
    is_default: bool = False
    name: str = ""
    short_name: str = ""
    tier: str = ""
    kind: str = ""


class Fault(NamedTuple):
    """What is wrong with a line: its column, a code that has words, the value, and of whom."""

    line: int
    column: str
    code: str
    value: str = ""
    whose: str = ""


class Succession(NamedTuple):
    """Who takes over from whom, by number."""

    predecessor_id: int
    successor_id: int
    is_default: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as the plan meets it."""

    id: int
    key: str
    name: str
    tier: str
    kind: str
    starts_on: date | None
    ends_on: date | None

    @property
    def life(self) -> Period:
        """The days it exists."""
        return Period(self.starts_on, self.ends_on)


@dataclass(frozen=True)
class Tree:
    """All units, who lies below whom the day before and on the day, who took over on the day."""

    places: Mapping[int, Place]
    parents: Mapping[int, int]
    parents_on: Mapping[int, int]
    moved_later: frozenset[int]
    """Units with a parent from a day after the plan's."""
    successions: tuple[Succession, ...] = ()
    by_key: dict[str, Place] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {one.key: one for one in self.places.values()})


class Heir(NamedTuple):
    """Who takes what is at an ended unit: ``is_own`` successor, or that of a unit above it.

    ``is_certain``: there is no choice, so nobody has to decide.
    """

    unit_id: int
    is_own: bool
    is_certain: bool


@dataclass(frozen=True)
class Resolved:
    """A plan by the units' numbers. Units to be founded have negative ones."""

    on: date
    founded: Mapping[int, Entry]
    ended: Mapping[int, Heir | None]
    successions: tuple[Succession, ...]
    renames: tuple[Entry, ...]
    moves: Mapping[int, int | None]
    handed_on: Mapping[int, int | None]
    """Units below an ended one that live on, with their new parent."""
    retyped: frozenset[int] = frozenset()
    """Those founded that are their predecessor under another tier or kind."""

    @property
    def day_before(self) -> date:
        """The last day of what ends."""
        return self.on - timedelta(days=1)


def digest_of(on: date, entries: Iterable[Entry]) -> str:
    """The same for two plans that say the same, in whatever order of lines."""
    said = sorted(repr(tuple(entry)[1:]) for entry in entries)
    return sha256("\n".join([on.isoformat(), *said]).encode()).hexdigest()
