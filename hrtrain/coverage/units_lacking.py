"""The units behind a figure: what each declared and how many of them have names."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select

from hrtrain.core.db import db
from hrtrain.core.text import search_key
from hrtrain.coverage import count
from hrtrain.coverage.asked import read_plans
from hrtrain.coverage.names import keys_of
from hrtrain.coverage.queries import Question, looks_of, settled, shape_and_values
from hrtrain.people.models import Headcount
from hrtrain.units.queries import names_on


@dataclass(frozen=True)
class UnitBehind:
    """A unit in scope: how many it declared (None: nothing) and how many of them have names."""

    key: str
    name: str
    declared: int | None
    named: int

    @property
    def unnamed(self) -> int:
        """How many declared people have no name."""
        return max(0, (self.declared or 0) - self.named)

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands in a list by name."""
        return search_key(self.name), self.key


def units_behind(question: Question, *, within: Select[int] | None = None) -> list[UnitBehind]:
    """Every unit in scope that has members or a declaration on the day, by name."""
    question = settled(question)
    (look,) = looks_of(question, read_plans(question.programme))
    prepared = shape_and_values([look], question)
    if prepared is None:
        return []
    shape, values = prepared
    given = count.parts(shape, within)
    named = _figure_by_unit(_named(given), values)
    declared = _figure_by_unit(_declared(given), values)
    names = names_on(named.keys() | declared.keys(), question.as_of)
    keys = keys_of(names)
    rows = [
        UnitBehind(keys[unit_id], name, declared.get(unit_id), named.get(unit_id, 0))
        for unit_id, name in names.items()
    ]
    return sorted(rows, key=lambda row: row.place)


def _named(given: count.Parts) -> Select[Any]:
    member = given.member.c
    return select(member.unit_id, func.count(member.person_id.distinct())).group_by(member.unit_id)


def _declared(given: count.Parts) -> Select[Any]:
    place = given.place.c
    declares = and_(
        Headcount.group_id == place.group_id,
        Headcount.unit_id == place.unit_id,
        count.holds(Headcount),
    )
    asked = select(place.unit_id, func.max(Headcount.declared)).join(Headcount, declares)
    return asked.group_by(place.unit_id)


def _figure_by_unit(asked: Select[Any], values: dict[str, Any]) -> dict[int, int]:
    return {unit_id: int(figure) for unit_id, figure in db.session.execute(asked, values)}
