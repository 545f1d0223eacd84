"""Many small worlds in one database, side by side; and how the tables are held to account."""

import copy
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import product

from hrtrain.core import derived
from hrtrain.core.db import db
from hrtrain.coverage.derived import folding, reading
from tests.queries import derived_tables, world_life
from tests.queries.derived_tables import Tables
from tests.queries.histories import day_of
from tests.queries.world_count import (
    ALL,
    EVERYWHERE,
    NOTHING,
    OWN,
    Spans,
    Steps,
    Table,
    askings,
    at,
    expected,
    peoples,
    summed,
)
from tests.queries.worlds import DAYS, Numbers, World, make_common, make_world


class Country:
    """So many worlds, made by one seed, beside what they have in common."""

    def __init__(self, seed: int, many: int, often: Sequence[str] = (), quiet: float = 0.4) -> None:
        self.seed, self.many, self.often, self.quiet = seed, many, often, quiet
        self.dice = random.Random(f"country {seed}")
        self.numbers = Numbers()
        self.common = make_common(self.numbers, random.Random(f"{seed} in common"))
        self.worlds: list[World] = []
        self.counted: dict[str, tuple[Table, Spans]] = {}
        self.wanted: Table = {}
        self.is_previewing = False

    def settle(self) -> None:
        """All worlds begin."""
        for number in range(1, self.many + 1):
            dice = random.Random(f"{self.seed} {number}")
            self.worlds.append(make_world(f"w{number}", dice, self.numbers, self.common))

    def live(self) -> list[World]:
        """An act in each world, or in one alone, or in what is common; those it happened to."""
        if self.dice.random() < 0.3:
            folding.fold()
        # On PostgreSQL what happens to people alone stays pending for a while.
        is_quiet = not self.often and self.dice.random() < self.quiet
        kind = 1.0 if is_quiet else self.dice.random()
        if kind < 0.15:
            world_life.live_in_common(self.common)
            return self.worlds
        if kind < 0.3:
            one = self.dice.choice(self.worlds)
            world_life.live(one, self.often)
            return [one]
        for world in self.worlds:
            if is_quiet:
                world_life.live_quietly(world)
                continue
            world_life.live(world, self.often)
            while world.maybe(0.15):
                world_life.live(world, self.often)
        return self.worlds

    def preview(self, look: "Check") -> None:
        """Acts are done, what they would change is looked at, and they are taken back."""
        few, before = self.worlds[: self.many // 2][:5], copy.deepcopy(self.numbers)
        kept, counted = [world.remembered() for world in few], dict(self.counted)
        for world in few:
            world_life.live(world, self.often)
        derived.refresh()
        self.is_previewing = True
        look(self, few)
        self.is_previewing = False
        db.session.rollback()
        for world, memory in zip(few, kept, strict=True):
            world.recall(memory)
        self.counted = counted
        vars(self.numbers).update(vars(before))

    # --- what must be ---

    def expected(self, changed: list[World]) -> Table:
        """What the ledger must say of the whole country."""
        self.counted.update({world.name: expected(world) for world in changed})
        whole: Table = {}
        everywhere: dict[tuple[tuple[str, str, str], str, int], list[Steps]] = {}
        for table, _spans in self.counted.values():
            for key, steps in table.items():
                if key[1] == EVERYWHERE:
                    everywhere.setdefault(key, []).append(steps)
                else:
                    whole[key] = steps
        for key, several in everywhere.items():
            steps = several[0] if len(several) == 1 else summed(several)
            if steps:
                whole[key] = steps
        return whole

    def faults(self, changed: list[World]) -> Iterator[str]:
        """Where the tables say something else; nothing may be left to do either."""
        self.wanted = wanted = self.expected(changed)
        found = derived_tables.read(self.numbers)
        if found.left:
            yield f"{found.left} touched rows are left"
        yield from self._measures(found)
        yield from self._spans(changed, found)
        for key in sorted(wanted.keys() | found.ledger.keys()):
            if wanted.get(key) != found.ledger.get(key):
                yield self._told(key, wanted.get(key), found.ledger.get(key))

    def misread(self) -> Iterator[str]:
        """What reading the ledger finds of the common plans, on some days, at every unit."""
        days = self.dice.sample(DAYS, 2)
        places = {place: number for number, place in derived_tables.measures().items()}
        units = {**self.numbers.units, EVERYWHERE: 0}
        common = [one.place for one in askings(self.common)]
        for place in self.dice.sample(common, min(2, len(common))):
            for read, part in ((reading.counts_with_below, ALL), (reading.own_counts, OWN)):
                numbers = [day_of(day).toordinal() for day in days]
                found = read([places[place]], units.values(), numbers)
                for (unit, number), day in product(units.items(), days):
                    wanted = at(self.wanted.get((place, unit, part), ()), day)
                    got = found.get((places[place], number, day_of(day).toordinal()), NOTHING)[:6]
                    if got != wanted:
                        yield f"{place} read at {unit} on {day}: expected {wanted}, got {got}"

    def _measures(self, found: Tables) -> Iterator[str]:
        places = {one.place for one in askings(self.common)} | {
            (one, "", "") for one in peoples(self.common)
        }
        for world in self.worlds:
            places |= {one.place for one in askings(world)}
            places |= {(one, "", "") for one in peoples(world)}
        for place in sorted(places ^ found.places):
            yield f"measure {place}: {'missing' if place in places else 'nobody asks it'}"

    def _spans(self, changed: list[World], found: Tables) -> Iterator[str]:
        wanted = {
            key: rows for world in changed for key, rows in self.counted[world.name][1].items()
        }
        people = {person for world in changed for person in world.people}
        got = {key: sorted(rows) for key, rows in found.spans.items() if key[1] in people}
        for key in sorted(wanted.keys() | got.keys()):
            if wanted.get(key) != got.get(key):
                told = f"expected {wanted.get(key)}\ngot      {got.get(key)}"
                yield f"spans of person {key[1]} for {key[0]}:\n{told}"

    def _told(
        self, key: tuple[tuple[str, str, str], str, int], wanted: Steps | None, got: Steps | None
    ) -> str:
        name = key[1].split(".")[0]
        lived = [world.told for world in self.worlds if world.name == name]
        part = "with all below" if key[2] == ALL else "itself"
        acts = f"\nlived {lived[0]}, in common {self.common.told}" if lived else ""
        place = f"{key[0]} at {key[1] or 'everywhere'} {part}"
        return f"{place}:\nexpected {wanted}\ngot      {got}{acts}"


Check = Callable[[Country, list[World]], None]


def lived(country: Country, commits: int, check: Check) -> None:
    """The country from its beginning on, checked after every commit; once also before one."""
    country.settle()
    db.session.commit()
    check(country, country.worlds)
    for number in range(commits):
        if number == commits // 2:
            country.preview(check)
        changed = country.live()
        db.session.commit()
        check(country, changed)
