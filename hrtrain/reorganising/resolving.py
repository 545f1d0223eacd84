"""From a plan's lines to what they do: who ends, who takes over, who is handed on. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from hrtrain.core.period import Period
from hrtrain.reorganising.rules import (
    LONGEST_NAME,
    LONGEST_SHORT_NAME,
    NEW,
    Does,
    Entry,
    Fault,
    Heir,
    Place,
    Resolved,
    Succession,
    Tree,
)
from hrtrain.units.rules import Kind, Tier

RETYPED = f"{NEW}r"
"""What a unit is called in the plan that is another's new self."""


def resolve(entries: Iterable[Entry], on: date, tree: Tree) -> tuple[Resolved, list[Fault]]:
    """What the entries do on the day, and all that is wrong with them, line by line.

    Where something is wrong, what they do is of no account.
    """
    reading = _Reading(on, tree)
    for entry in _retypes_as_successions(entries, tree):
        reading.read(entry)
    reading.check_defaults()
    reading.check_who_stands()
    resolved = _Ending(reading).resolved()
    reading.check_parents(resolved)
    return resolved, sorted(set(reading.faults))


def _retypes_as_successions(entries: Iterable[Entry], tree: Tree) -> list[Entry]:
    """A unit of another tier is another unit: what was counted of its earlier days stays so."""
    said: list[Entry] = []
    for number, entry in enumerate(entries):
        said.append(entry)
        place = tree.by_key.get(entry.unit)
        if entry.does is Does.RETYPE and place is not None:
            new = f"{RETYPED}{number}"
            tier, kind = entry.tier or place.tier, entry.kind or place.kind
            said.append(Entry(entry.line, Does.FOUND, new, name=place.name, tier=tier, kind=kind))
            said.append(Entry(entry.line, Does.BECOME, entry.unit, new, is_default=True))
    return said


@dataclass
class _Reading:
    """The lines read so far, by number, with what is wrong with them."""

    on: date
    tree: Tree
    faults: list[Fault] = field(default_factory=list)
    founded: dict[str, tuple[int, Entry]] = field(default_factory=dict)
    successions: dict[int, dict[int, Entry]] = field(default_factory=lambda: defaultdict(dict))
    dissolved: dict[int, Entry] = field(default_factory=dict)
    renames: dict[int, Entry] = field(default_factory=dict)
    moves: dict[int, tuple[int | None, Entry]] = field(default_factory=dict)

    def read(self, entry: Entry) -> None:
        """Take a line in; an unknown unit, or the same said twice, is a fault."""
        if entry.does is Does.FOUND:
            self._found(entry)
            return
        place = self.tree.by_key.get(entry.unit)
        column = "predecessor_key" if entry.does in (Does.BECOME, Does.DISSOLVE) else "key"
        if place is None:
            self.complain(entry, column, "unknown_unit", entry.unit)
        elif entry.does is Does.BECOME:
            self._become(entry, place)
        elif entry.does is Does.DISSOLVE:
            self._once(self.dissolved, entry, place, column)
        elif entry.does is Does.RENAME:
            self._check_name(entry)
            self._once(self.renames, entry, place, column)
        elif entry.does is Does.RETYPE:
            self._check_kind(entry)
        else:
            self._move(entry, place)

    def complain(self, entry: Entry, column: str, code: str, value: str, whose: str = "") -> None:
        """Note what is wrong."""
        self.faults.append(Fault(entry.line, column, code, value, whose))

    def _found(self, entry: Entry) -> None:
        self._check_name(entry)
        self._check_kind(entry)
        if entry.to and self._number(entry.to) is None:
            self.complain(entry, "parent_key", "unknown_unit", entry.to)
        self.founded[entry.unit] = (-1 - len(self.founded), entry)

    def _number(self, key: str) -> int | None:
        if key in self.founded:
            return self.founded[key][0]
        place = self.tree.by_key.get(key)
        return place.id if place else None

    def _become(self, entry: Entry, place: Place) -> None:
        successor = self._number(entry.to)
        if successor is None:
            self.complain(entry, "successor_key", "unknown_unit", entry.to)
        elif successor == place.id:
            self.complain(entry, "successor_key", "is_itself", entry.to, place.name)
        elif successor in self.successions[place.id]:
            self.complain(entry, "successor_key", "given_twice", entry.to)
        else:
            self.successions[place.id][successor] = entry

    def _once(self, known: dict[int, Entry], entry: Entry, place: Place, column: str) -> None:
        if place.id in known:
            self.complain(entry, column, "given_twice", place.key)
        known[place.id] = entry

    def _move(self, entry: Entry, place: Place) -> None:
        parent = self._number(entry.to) if entry.to else None
        if entry.to and parent is None:
            self.complain(entry, "parent_key", "unknown_unit", entry.to)
        if place.id in self.moves:
            self.complain(entry, "key", "given_twice", place.key)
        if place.id in self.tree.moved_later:
            self.complain(entry, "key", "moved_later", place.key, place.name)
        self.moves[place.id] = (parent, entry)

    def _check_name(self, entry: Entry) -> None:
        if not entry.name.strip():
            self.complain(entry, "name", "name_missing", entry.name)
        elif len(entry.name) > LONGEST_NAME or len(entry.short_name) > LONGEST_SHORT_NAME:
            self.complain(entry, "name", "name_too_long", entry.name[:40])

    def _check_kind(self, entry: Entry) -> None:
        is_given = entry.does is Does.RETYPE
        if entry.tier not in set(Tier) and not (is_given and not entry.tier):
            self.complain(entry, "tier", "bad_tier", entry.tier)
        if entry.kind not in set(Kind) and not (is_given and not entry.kind):
            self.complain(entry, "kind", "bad_kind", entry.kind)

    def check_defaults(self) -> None:
        """Of several successors one is the default; who is dissolved has none."""
        for unit_id, successors in self.successions.items():
            defaults = [entry for entry in successors.values() if entry.is_default]
            first = next(iter(successors.values()))
            name = self.tree.places[unit_id].name
            if len(successors) > 1 and not defaults:
                self.complain(first, "is_default", "no_default", first.unit, name)
            if len(defaults) > 1:
                self.complain(defaults[1], "is_default", "two_defaults", first.unit, name)
            self._check_told(unit_id, successors)
            if unit_id in self.dissolved:
                entry = self.dissolved[unit_id]
                self.complain(entry, "successor_key", "has_successors", first.unit, name)

    def _check_told(self, unit_id: int, successors: Mapping[int, Entry]) -> None:
        """A succession known already is not told otherwise."""
        told = {one[:2]: one.is_default for one in self.tree.successions}
        for successor_id, entry in successors.items():
            is_default = entry.is_default or len(successors) == 1
            if told.get((unit_id, successor_id), is_default) != is_default:
                self.complain(entry, "is_default", "told_otherwise", entry.to)

    def check_who_stands(self) -> None:
        """What ends stood the day before; what takes over or changes stands on the day."""
        ending: dict[int, Entry] = {
            unit_id: next(iter(successors.values()))
            for unit_id, successors in self.successions.items()
            if successors
        } | self.dissolved
        for unit_id, entry in ending.items():
            place = self.tree.places[unit_id]
            if place.ends_on is not None and place.ends_on < self.on:
                self.complain(entry, "predecessor_key", "ended_before", place.key, place.name)
            elif not (place.starts_on is None or place.starts_on < self.on):
                self.complain(entry, "predecessor_key", "begins_later", place.key, place.name)
        for successors in self.successions.values():
            for unit_id, entry in successors.items():
                self._check_stands(unit_id, entry, "successor_key", ending)
        for unit_id, entry in self.renames.items():
            self._check_stands(unit_id, entry, "key", ending)
        for unit_id, (parent_id, entry) in self.moves.items():
            self._check_stands(unit_id, entry, "key", ending)
            if parent_id is not None:
                self._check_stands(parent_id, entry, "parent_key", ending)
        for _number, entry in self.founded.values():
            parent = self._number(entry.to) if entry.to else None
            if parent is not None:
                self._check_stands(parent, entry, "parent_key", ending)

    def _check_stands(
        self, unit_id: int, entry: Entry, column: str, ending: Mapping[int, Entry]
    ) -> None:
        if unit_id < 0:
            return
        place = self.tree.places[unit_id]
        if unit_id in ending:
            self.complain(entry, column, "ends_by_plan", place.key, place.name)
        elif not place.life.holds(self.on):
            self.complain(entry, column, "not_standing", place.key, place.name)

    def check_parents(self, resolved: Resolved) -> None:
        """Nothing comes below itself."""
        parents = {
            unit: parent
            for unit, parent in self.tree.parents_on.items()
            if unit not in resolved.ended
        }
        changed = {**resolved.handed_on, **resolved.moves}
        for unit_id, parent_id in changed.items():
            parents.pop(unit_id, None)
            if parent_id is not None:
                parents[unit_id] = parent_id
        for unit_id, (_parent, entry) in self.moves.items():
            if _is_circle(unit_id, parents):
                name = self.tree.places[unit_id].name
                self.complain(entry, "parent_key", "below_itself", entry.to, name)
        for unit_id in resolved.handed_on:
            if _is_circle(unit_id, parents):
                place = self.tree.places[unit_id]
                above = self.tree.parents.get(unit_id, 0)
                entries = self.successions.get(above) or {above: self._any_entry()}
                entry = next(iter(entries.values()))
                self.complain(entry, "successor_key", "below_itself", entry.to, place.name)

    def _any_entry(self) -> Entry:
        every = [one for found in self.successions.values() for one in found.values()]
        return (every or list(self.dissolved.values()))[0]


def _is_circle(unit_id: int, parents: Mapping[int, int]) -> bool:
    met: set[int] = set()
    here = parents.get(unit_id)
    while here is not None and here not in met:
        if here == unit_id:
            return True
        met.add(here)
        here = parents.get(here)
    return False


class _Ending:
    """Who ends, and where what is there goes."""

    def __init__(self, reading: _Reading) -> None:
        self.reading, self.tree, self.on = reading, reading.tree, reading.on
        self.children: dict[int, list[int]] = defaultdict(list)
        for unit_id, parent_id in self.tree.parents.items():
            self.children[parent_id].append(unit_id)
        self.successors = self._successors()
        self.ended = {one for one in reading.successions if reading.successions[one]}
        self.ended |= set(reading.dissolved)
        self._end_what_is_left_empty()

    def _successors(self) -> dict[int, list[Succession]]:
        """By predecessor: the plan's, else those known already for the day."""
        found: dict[int, list[Succession]] = defaultdict(list)
        for one in self.tree.successions:
            if one.predecessor_id not in self.reading.successions:
                found[one.predecessor_id].append(one)
        for unit_id, successors in self.reading.successions.items():
            is_sole = len(successors) == 1
            for successor_id, entry in successors.items():
                one = Succession(unit_id, successor_id, entry.is_default or is_sole)
                found[unit_id].append(one)
        return found

    def _end_what_is_left_empty(self) -> None:
        """Areas below an ended unit all of whose areas end, and what ends that day anyway."""
        named = set(self.reading.moves) | set(self.reading.renames)
        named |= {unit for found in self.reading.successions.values() for unit in found}
        waiting = list(self.ended)
        while waiting:
            below = [unit for above in waiting for unit in self.children.get(above, ())]
            new = (unit for unit in below if unit not in self.ended and unit not in named)
            waiting = [unit for unit in new if self._ends_too(unit)]
            self.ended |= set(waiting)

    def _ends_too(self, unit_id: int) -> bool:
        place = self.tree.places.get(unit_id)
        if place is None or place.ends_on == self.on:
            return place is not None
        if place.kind != Kind.AREA or not place.life.holds(self.on):
            return False
        areas = [
            one
            for one in self.children.get(unit_id, ())
            if one in self.tree.places and self.tree.places[one].kind == Kind.AREA
        ]
        return bool(areas) and all(one in self.ended or self._ends_too(one) for one in areas)

    def resolved(self) -> Resolved:
        """All of it by numbers."""
        reading = self.reading
        moves = {unit_id: parent for unit_id, (parent, _entry) in reading.moves.items()}
        return Resolved(
            on=self.on,
            founded=dict(reading.founded.values()),
            retyped=frozenset(
                number for ref, (number, _one) in reading.founded.items() if ref.startswith(RETYPED)
            ),
            ended={unit_id: self._heir(unit_id) for unit_id in sorted(self.ended)},
            successions=tuple(
                one for unit_id in reading.successions for one in self.successors[unit_id]
            ),
            renames=tuple(reading.renames.values()),
            moves=moves,
            handed_on={
                unit_id: self._parent_after(parent_id)
                for unit_id, parent_id in self.tree.parents.items()
                if parent_id in self.ended
                and unit_id not in self.ended
                and unit_id not in moves
                and self._lives_on_there(unit_id)
            },
        )

    def _lives_on_there(self, unit_id: int) -> bool:
        """Whether the unit exists on the day, and has no other parent then already."""
        place = self.tree.places.get(unit_id)
        if place is None or not place.life.overlaps(Period(self.on, None)):
            return False
        after = self.tree.parents_on.get(unit_id)
        return after is None or after in self.ended

    def _parent_after(self, parent_id: int) -> int | None:
        heir = self._heir(parent_id)
        return heir.unit_id if heir else None

    def _heir(self, unit_id: int) -> Heir | None:
        own = self._default(unit_id)
        if own is not None:
            return Heir(own, is_own=True, is_certain=len(self.successors[unit_id]) == 1)
        met = {unit_id}
        above = self.tree.parents.get(unit_id)
        while above is not None and above not in met:
            if above not in self.ended:
                return Heir(above, is_own=False, is_certain=False)
            heir = self._default(above)
            if heir is not None:
                return Heir(heir, is_own=False, is_certain=False)
            met.add(above)
            above = self.tree.parents.get(above)
        return None

    def _default(self, unit_id: int) -> int | None:
        found = self.successors.get(unit_id, [])
        defaults = [one for one in found if one.is_default] or (found if len(found) == 1 else [])
        return defaults[0].successor_id if defaults else None
