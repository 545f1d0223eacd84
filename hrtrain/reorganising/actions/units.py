"""What a plan does to units themselves: lives, names, codes, parents, lineage."""

from typing import Any

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.orm import aliased

from hrtrain.core import inline
from hrtrain.core.acts.recording import note_changes
from hrtrain.core.db import db
from hrtrain.core.text import search_key
from hrtrain.reorganising.actions.writing import Writing, table_of
from hrtrain.reorganising.queries.effects import (
    NOBODY,
    Reached,
    known,
    moves_to_do,
    renames_to_do,
)
from hrtrain.reorganising.queries.tree import read_tree
from hrtrain.units.models import Unit, UnitCode, UnitName, UnitParent, UnitSuccession


def change_units(writing: Writing, reached: Reached) -> None:
    """End the ended ones, lay what was below them elsewhere, and do the rest of the plan."""
    edges = _edges_of_those_below(reached)
    codes = reached.ids(reached.at_ended(UnitCode).where(reached.goes_on(UnitCode)))
    names = reached.ids(reached.at_ended(UnitName).where(reached.goes_on(UnitName)))
    parents = reached.ids(reached.at_ended(UnitParent).where(reached.goes_on(UnitParent)))
    _end(writing, reached)
    writing.cut(UnitName, names)
    writing.cut(UnitCode, codes)
    _hand_codes_on(writing, reached, codes)
    writing.cut(UnitParent, parents)
    _hand_on(writing, reached, edges)
    _move(writing, reached)
    _rename(writing, reached)
    _record_lineage(writing, reached)


def _end(writing: Writing, reached: Reached) -> None:
    ids = reached.units_to_end()
    changes = [(one, {"ends_on": reached.lives[one]}, {"ends_on": writing.on}) for one in ids]
    note_changes(writing.act, Unit, changes)
    table = table_of(Unit)
    those = table.c.id.in_(select(inline.table("ended", "unit_id")))
    ended = update(table).where(those).values(ends_on=writing.on, version=table.c.version + 1)
    db.session.connection().execute(ended, {"ended": inline.rows((one,) for one in ids)})


def _edges_of_those_below(reached: Reached) -> list[int]:
    """Edges to ended parents of units that live on."""
    heirs, ended = reached.heirs, set(reached.resolved.ended)
    asked: Any = (
        select(UnitParent.id, UnitParent.unit_id)
        .select_from(UnitParent)
        .join(reached.ended, heirs.unit_id == UnitParent.parent_id)
    )
    rows = reached.rows(asked.where(reached.goes_on(UnitParent)))
    return [row[0] for row in rows if row[1] not in ended]


def _hand_on(writing: Writing, reached: Reached, edges: list[int]) -> None:
    """What lay below an ended unit lies below its heir, but for what the plan itself moves."""
    writing.cut(UnitParent, edges)
    table, heir = table_of(UnitParent), aliased(Unit)
    ends_on = case(
        (heir.ends_on.is_(None), table.c.ends_on),
        (or_(table.c.ends_on.is_(None), table.c.ends_on > heir.ends_on), heir.ends_on),
        else_=table.c.ends_on,
    )
    heirs = reached.heirs
    end_there = select(ends_on).where(heir.id == heirs.heir_id).correlate(table, reached.ended)
    there = {
        "parent_id": heirs.heir_id,
        "starts_on": writing.from_the_day(UnitParent),
        "ends_on": end_there.scalar_subquery(),
    }
    moved = list(reached.resolved.moves)
    goes = and_(heirs.heir_id != NOBODY, table.c.unit_id.not_in(moved))
    writing.copy(UnitParent, edges, there, over=reached, place="parent_id", where=goes)
    _hand_on_who_was_left(writing, reached)


def _hand_on_who_was_left(writing: Writing, reached: Reached) -> None:
    """Units whose edge had ended with their parent by itself."""
    handed_on = reached.resolved.handed_on
    after = read_tree(writing.on)
    writing.record(
        UnitParent,
        [
            {"unit_id": unit, "parent_id": parent, "starts_on": writing.on, "ends_on": end}
            for unit, parent in handed_on.items()
            if parent is not None and unit not in after.parents_on
            for end in [_sooner(after.places[unit].ends_on, after.places[parent].ends_on)]
        ],
    )


def _sooner(one: Any, other: Any) -> Any:
    return min((end for end in (one, other) if end is not None), default=None)


def _hand_codes_on(writing: Writing, reached: Reached, codes: list[int]) -> None:
    """A retyped unit keeps its official code."""
    retyped = {
        one.predecessor_id: one.successor_id
        for one in reached.resolved.successions
        if one.successor_id in reached.resolved.retyped
    }
    if not retyped:
        return
    asked = select(UnitCode.id, UnitCode.unit_id, UnitCode.scheme, UnitCode.code, UnitCode.ends_on)
    rows = db.session.execute(asked.where(UnitCode.unit_id.in_(list(retyped))))
    writing.record(
        UnitCode,
        [
            {"unit_id": retyped[row[1]], "scheme": row[2], "code": row[3], "starts_on": writing.on}
            for row in rows
            if row[0] in codes
        ],
    )


def _move(writing: Writing, reached: Reached) -> None:
    moves = moves_to_do(reached.resolved)
    if not moves:
        return
    row = UnitParent
    held = select(row.id).where(row.unit_id.in_(list(moves)), reached.goes_on(row))
    writing.cut(row, db.session.scalars(held).all())
    places = read_tree(writing.on).places
    writing.record(
        row,
        [
            {"unit_id": unit, "parent_id": parent, "starts_on": writing.on, "ends_on": end}
            for unit, parent in moves.items()
            if parent is not None
            for end in [_sooner(places[unit].ends_on, places[parent].ends_on)]
        ],
    )


def _rename(writing: Writing, reached: Reached) -> None:
    """From the day on the name is this one, until the next name or the unit's end."""
    renames = dict(renames_to_do(reached.resolved))
    if not renames:
        return
    row = UnitName
    asked = select(row.id, row.unit_id, row.ends_on).where(
        row.unit_id.in_(list(renames)), known(row), reached.holds(row)
    )
    held = {unit: (id_, ends_on) for id_, unit, ends_on in db.session.execute(asked)}
    writing.cut(row, [id_ for id_, _ends_on in held.values()])
    ends = {unit: held[unit][1] if unit in held else None for unit in renames}
    writing.record(
        row,
        [
            {
                "unit_id": unit,
                "name": entry.name,
                "short_name": entry.short_name,
                "search_key": search_key(entry.name),
                "starts_on": writing.on,
                "ends_on": ends[unit],
            }
            for unit, entry in renames.items()
        ],
    )
    _name_newest(writing, renames, ends)


def _name_newest(writing: Writing, renames: dict[int, Any], ends: dict[int, Any]) -> None:
    """Lists show the newest name, which a unit keeps that is renamed again later."""
    units = {unit.id: unit for unit in db.session.scalars(_units(list(renames)))}
    newest = [unit_id for unit_id in renames if ends[unit_id] == units[unit_id].ends_on]
    changes = []
    for unit_id in newest:
        unit, entry = units[unit_id], renames[unit_id]
        new = {
            "name": entry.name,
            "short_name": entry.short_name,
            "search_key": search_key(entry.name),
        }
        changes.append((unit_id, {name: getattr(unit, name) for name in new}, new))
        unit.name, unit.short_name, unit.search_key = new.values()
        unit.version += 1
    note_changes(writing.act, Unit, changes)
    db.session.flush()


def _units(ids: list[int]) -> Any:
    return select(Unit).where(Unit.id.in_(ids)).execution_options(populate_existing=True)


def _record_lineage(writing: Writing, reached: Reached) -> None:
    told = set(read_tree(writing.on).successions)
    writing.record(
        UnitSuccession,
        [
            {**one._asdict(), "effective_on": writing.on}
            for one in reached.resolved.successions
            if one not in told
        ],
    )
