"""Which units must declare or confirm, and why: those below some roots, the oldest word first.

Two statements over the units' own lists and declarations, so the cost follows the people there. A
page asks about as many units as a province has (`MOST_UNITS`); the command asks about all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.people.headcounts.queries import latest
from hrtrain.people.headcounts.rules import MAX_AGE_DAYS, Due, Said, due_reason
from hrtrain.people.models import CadreGroup, Headcount, Membership
from hrtrain.units.models import Unit, UnitParent, unit_closure

MOST_UNITS = 1200
Where = tuple[int, int]
"""A unit's and a group's number."""


@dataclass(frozen=True)
class DueGroup:
    """A group at a unit that waits for a word, and why."""

    key: str
    name: str
    due: Due
    said: Said


@dataclass(frozen=True)
class DueUnit:
    """A unit that waits for a word: its groups, and when it last signed for any of them."""

    id: int
    key: str
    name: str
    named: int
    declared: int
    groups: tuple[DueGroup, ...] = field(default=())
    oldest: datetime | None = None

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands in the list: those that never spoke, then the oldest word first."""
        never = any(one.due is Due.NEVER for one in self.groups)
        return ("" if never or self.oldest is None else self.oldest.isoformat(), self.id)


@dataclass(frozen=True)
class Reminders:
    """How many units wait, of how many with anything to say, and by reason."""

    units: int
    of: int
    reasons: dict[Due, int]


def due_units(units: Select[int] | None, max_age: int = MAX_AGE_DAYS) -> tuple[list[DueUnit], int]:
    """The units alive today that wait for a word, in order; and how many have anything to say."""
    names, now = _groups(), clock.now()
    said = _said(units, names)
    by_unit: dict[int, list[tuple[int, Said]]] = {}
    for (unit_id, group_id), one in said.items():
        if one.named or one.declared is not None:
            by_unit.setdefault(unit_id, []).append((group_id, one))
    found = []
    for unit_id, key, name in _named(units):
        rows = sorted(by_unit.get(unit_id, ()))
        groups = tuple(
            DueGroup(*names[group_id], due, one)
            for group_id, one in rows
            for due in [due_reason(one, now, max_age)]
            if due is not None
        )
        if groups:
            ones = [one for _group, one in rows]
            oldest = min((one.signed_at for one in ones if one.signed_at), default=None)
            declared = sum(one.declared or 0 for one in ones)
            named = sum(one.named for one in ones)
            found.append(DueUnit(unit_id, key, name, named, declared, groups, oldest))
    return sorted(found, key=lambda unit: unit.place), len(by_unit)


def reminders(found: Iterable[DueUnit], of: int) -> Reminders:
    """The units counted, each under its gravest reason."""
    reasons = dict.fromkeys(Due, 0)
    units = 0
    for unit in found:
        units += 1
        given = {one.due for one in unit.groups}
        reasons[next(due for due in Due if due in given)] += 1
    return Reminders(units, of, reasons)


def due_page(found: list[DueUnit], after: str | None) -> Page[DueUnit]:
    """A page of the units in their order."""
    cursor = read_cursor(after, str, int)
    rest = [unit for unit in found if cursor is None or unit.place > cursor]
    return page_of(rest[: SIZE + 1], lambda unit: unit.place, total=len(found))


def are_few(units: Select[int] | None, most: int) -> bool:
    """Whether they are no more than that, without counting on."""
    asked = select(Unit.id) if units is None else units
    some = asked.limit(most + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) <= most


def refuse_many(units: Select[int] | None) -> None:
    """A page looks at no more units than a province has; the refusal says what to do."""
    if not are_few(units, MOST_UNITS):
        raise Refusal(_("Phạm vi này có quá nhiều đơn vị. Hãy chọn một đơn vị cấp dưới."))


def waiting_below(unit: Unit, found: Iterable[DueUnit]) -> dict[int, int]:
    """How many of the units that wait lie below each unit directly below this one, or are it."""
    day, link = clock.today().toordinal(), unit_closure.c
    children = select(UnitParent.unit_id).where(
        UnitParent.parent_id == unit.id,
        holds_sql(UnitParent.starts_on, UnitParent.ends_on, clock.today()),
        UnitParent.known_at(clock.now()),
    )
    asked = select(link.ancestor_id, link.descendant_id).where(
        link.ancestor_id.in_(children), link.starts <= day, link.ends > day
    )
    waiting = {one.id for one in found}
    counts: dict[int, int] = {}
    for child, below in db.session.connection().execute(asked):
        if below in waiting:
            counts[child] = counts.get(child, 0) + 1
    return counts


def _said(units: Select[int] | None, group_ids: Iterable[int]) -> dict[Where, Said]:
    today, connection = clock.today(), db.session.connection()
    listed = connection.execute(_lists(units, group_ids, today)).all()
    told = connection.execute(_words(units, today)).all()
    lists = {(row[0], row[1]): row for row in listed}
    words = {(row[0], row[1]): row for row in told}
    found = {}
    for where in lists.keys() | words.keys():
        _unit, _group, named, *instants = lists.get(where, (*where, 0))
        _unit, _group, declared, signed_at = words.get(where, (*where, None, None))
        found[where] = Said(int(named), declared, signed_at, latest(*instants))
    return found


def _lists(units: Select[int] | None, group_ids: Iterable[int], today: date) -> Any:
    """All groups are named, and first: the index of groups and units then gives every column."""
    row = Membership
    is_there = and_(holds_sql(row.starts_on, row.ends_on, today), row.known_at(clock.now()))
    asked = select(row.unit_id, row.group_id, func.count().filter(is_there))
    asked = asked.add_columns(func.max(row.recorded_at), func.max(row.retracted_at))
    asked = asked.where(row.group_id.in_(group_ids)).group_by(row.group_id, row.unit_id)
    return asked if units is None else asked.where(row.unit_id.in_(units))


def _words(units: Select[int] | None, today: date) -> Any:
    row = Headcount
    signed_at = func.coalesce(row.signed_at, row.recorded_at)
    asked = select(row.unit_id, row.group_id, row.declared, signed_at).where(
        holds_sql(row.starts_on, row.ends_on, today), row.known_at(clock.now())
    )
    return asked if units is None else asked.where(row.unit_id.in_(units))


def _named(units: Select[int] | None) -> list[tuple[int, str, str]]:
    asked = select(Unit.id, Unit.key, Unit.name).where(
        holds_sql(Unit.starts_on, Unit.ends_on, clock.today()), Unit.is_set_aside.is_(False)
    )
    if units is not None:
        asked = asked.where(Unit.id.in_(units))
    return [(row[0], row[1], row[2]) for row in db.session.execute(asked)]


def _groups() -> dict[int, tuple[str, str]]:
    rows = db.session.execute(select(CadreGroup.id, CadreGroup.key, CadreGroup.name))
    return {row[0]: (row[1], row[2]) for row in rows}
