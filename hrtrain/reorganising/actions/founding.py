"""Founds the units a plan names as new, and puts their numbers into it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hrtrain.core.acts.recording import recording
from hrtrain.core.db import db, new_key
from hrtrain.core.text import search_key
from hrtrain.reorganising.actions.writing import Writing
from hrtrain.reorganising.queries.tree import read_tree
from hrtrain.reorganising.rules import Entry, Heir, Resolved, Tree
from hrtrain.units.models import Unit, UnitName, UnitParent

Numbers = Mapping[int, int]


def founded(writing: Writing, resolved: Resolved) -> Numbers:
    """The numbers of the units founded, by those they have in the plan."""
    if not resolved.founded:
        return {}
    tree = read_tree(resolved.on)
    with recording(writing.act, Unit):
        units = {number: _unit(entry, writing) for number, entry in resolved.founded.items()}
        db.session.flush()
        numbers = {number: unit.id for number, unit in units.items()}
        for number, entry in resolved.founded.items():
            parent_id = _parent(number, entry, resolved, tree)
            _describe(units[number], numbers.get(parent_id or 0, parent_id), writing, tree)
        db.session.flush()
    return numbers


def with_numbers(resolved: Resolved, numbers: Numbers) -> Resolved:
    """The plan with the numbers its new units got."""

    def number(unit_id: int) -> int:
        return numbers.get(unit_id, unit_id)

    def parents(said: Mapping[int, int | None]) -> dict[int, int | None]:
        return {u: None if parent is None else number(parent) for u, parent in said.items()}

    def heir(one: Heir | None) -> Heir | None:
        return one and one._replace(unit_id=number(one.unit_id))

    successions = (
        one._replace(successor_id=number(one.successor_id)) for one in resolved.successions
    )
    return replace(
        resolved,
        ended={unit_id: heir(one) for unit_id, one in resolved.ended.items()},
        successions=tuple(successions),
        retyped=frozenset(map(number, resolved.retyped)),
        moves=parents(resolved.moves),
        handed_on=parents(resolved.handed_on),
    )


def _unit(entry: Entry, writing: Writing) -> Unit:
    unit = Unit(
        key=new_key("u"),
        name=entry.name,
        short_name=entry.short_name,
        search_key=search_key(entry.name),
        tier=entry.tier,
        kind=entry.kind,
        starts_on=writing.on,
    )
    db.session.add(unit)
    return unit


def _parent(number: int, entry: Entry, resolved: Resolved, tree: Tree) -> int | None:
    """The parent named, else where the first unit it takes over from lay."""
    if entry.to:
        place = tree.by_key.get(entry.to)
        founded_there = (n for n, one in resolved.founded.items() if one.unit == entry.to)
        return place.id if place else next(founded_there, None)
    before = [one.predecessor_id for one in resolved.successions if one.successor_id == number]
    above = tree.parents.get(before[0]) if before else None
    if above is None or above not in resolved.ended:
        return above
    heir = resolved.ended[above]
    return heir.unit_id if heir and heir.unit_id != number else None


def _describe(unit: Unit, parent_id: int | None, writing: Writing, tree: Tree) -> None:
    name = UnitName(
        unit_id=unit.id,
        name=unit.name,
        short_name=unit.short_name,
        search_key=unit.search_key,
        starts_on=writing.on,
        recorded_at=writing.at,
    )
    db.session.add(name)
    if parent_id is not None:
        ends_on: date | None = tree.places[parent_id].ends_on if parent_id in tree.places else None
        edge = UnitParent(unit_id=unit.id, parent_id=parent_id, starts_on=writing.on)
        edge.ends_on, edge.recorded_at = ends_on, writing.at
        db.session.add(edge)
