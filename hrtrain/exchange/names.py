"""Names of units: the first stands in units.csv, later ones in unit_names.csv, all are facts.

The first name's period runs from the unit's life to the first later name, so it is recorded anew
when a package brings a later one, or another first one.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from hrtrain.core.text import search_key
from hrtrain.exchange.checks import Fact
from hrtrain.exchange.facts import Facts
from hrtrain.exchange.layout import UNIT_NAMES, UNITS
from hrtrain.exchange.load import Load, parts

_UNIT, _NAME, _SHORT, _STARTS, _ENDS = range(5)


class UnitNames(Facts):
    """The loading of unit_names.csv, and of the first names units.csv gave."""

    def __init__(self, load: Load) -> None:
        super().__init__(load, UNIT_NAMES)

    def amend(self) -> None:
        """Record every unit's first name for the days before its first later one."""
        first = self._first_names()
        touched = set(first) | {fact.content[_UNIT] for fact in self.new}
        self.learn(touched)
        live = self._live()
        for unit in touched:
            self._set_first(unit, live[unit], first.get(unit))
        self._rename(touched)

    def _first_names(self) -> dict[int, tuple[str, str | None]]:
        ids = self.load.keys.get(UNITS.name, {})
        names = self.load.first_names
        return {ids[key]: (name, short) for key, (_row, name, short) in names.items() if ids[key]}

    def _live(self) -> dict[int, list[Fact]]:
        """Every unit's names not retracted, in the order of their days."""
        live = defaultdict[int, list[Fact]](list)
        for facts in self.known.values():
            for fact in facts:
                if fact.retracted_at is None:
                    live[fact.content[_UNIT]].append(fact)
        for names in live.values():
            names.sort(key=lambda fact: fact.content[_STARTS] or date.min)
        return live

    def _set_first(self, unit: int, live: list[Fact], said: tuple[str, str | None] | None) -> None:
        starts, ends = self.load.life_of([unit])[unit]
        former = self.load.former_lives.get(unit, (starts, ends))
        known = next((f for f in live if self._is_first(f, {None, starts, former[0]})), None)
        later = [fact.content[_STARTS] for fact in live if fact is not known]
        if known is None and said is None:
            return
        name, short = said or (known.content[_NAME], None) if known else (said or ("", None))
        if short is None:
            short = known.content[_SHORT] if known else ""
        end = min([day for day in later if day] + ([ends] if ends else []), default=None)
        content = (unit, name, short, starts, end)
        if known is not None and known.content == content:
            return
        if starts is not None and end is not None and starts >= end:
            return  # A later name that begins too early; it is complained about as such.
        self._replace(known, content)

    def _is_first(self, fact: Fact, starts: set[date | None]) -> bool:
        return not fact.number and fact.content[_STARTS] in starts

    def _replace(self, known: Fact | None, content: tuple[Any, ...]) -> None:
        if known is not None:
            known.retracted_at = self.load.now
            self.retracted.append(known)
            units = self.load.count(UNITS)
            if known.content[_NAME : _SHORT + 1] != content[_NAME : _SHORT + 1]:
                units.changed, units.unchanged = units.changed + 1, max(0, units.unchanged - 1)
        fact = Fact(0, content, self.load.now, None)
        self.known[content].append(fact)
        self.new.append(fact)

    def _rename(self, touched: set[int]) -> None:
        """Let the units' own columns hold their newest names, for lists."""
        newest = {unit: names[-1].content for unit, names in self._live().items() if names}
        table, changes = self.load.table("unit"), []
        for part in parts(sorted(touched)):
            query = select(table.c.id, table.c.name, table.c.short_name).where(table.c.id.in_(part))
            for id_, name, short in self.load.connection.execute(query):
                content = newest.get(id_)
                if content is not None and (name, short) != content[_NAME : _SHORT + 1]:
                    changes.append(_change(id_, content[_NAME], content[_SHORT]))
        if changes and self.load.may_write:
            columns: dict[str, Any] = {
                name: bindparam(f"_{name}") for name in ("name", "short_name", "search_key")
            }
            statement = update(table).where(table.c.id == bindparam("_id")).values(columns)
            self.load.connection.execute(statement, changes)


def _change(unit: int, name: str, short: str) -> dict[str, Any]:
    return {"_id": unit, "_name": name, "_short_name": short, "_search_key": search_key(name)}
