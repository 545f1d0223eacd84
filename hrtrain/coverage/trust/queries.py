"""Trust in standings: the ledger's doubts and the units never heard from, counted and listed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Select, and_, bindparam, func, literal, or_, select

from hrtrain.core import inline
from hrtrain.core.db import db, holds_sql
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.coverage.derived.tables import EVERYWHERE
from hrtrain.coverage.names import count_among
from hrtrain.coverage.queries import Question
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.trust.rules import Trust, trust_of
from hrtrain.coverage.trust.silent import silent_unit
from hrtrain.people.duplicates.models import DuplicatePair
from hrtrain.units.models import Unit, unit_closure

MOST_PAIRS = 5000
ByTier = dict[str, int]
"""How many units of a tier."""
Counted = dict[int, ByTier]
"""How many units below each root; what has none is left out."""
Statement = Callable[[], Any]


def trusts_of(
    standings: Sequence[Standing], day: date, *, itself: str | None = None
) -> list[Trust]:
    """The trust in each standing; ``itself``: the key of a unit counted without those below it."""
    roots = {row.place[0] for row in standings if row.is_asked and row.doubts}
    silent = silent_below(roots, day)
    units = units_below(silent.keys(), day)
    return [
        trust_of(row, (0, 1) if itself and row.unit == itself else _both(row, silent, units))
        for row in standings
    ]


def trust_told_whole(standing: Standing, day: date) -> Trust:
    """The trust in one standing, its units counted even where none of them is silent."""
    root_id = standing.place[0]
    silent, units = silent_below({root_id}, day), units_below({root_id}, day)
    return trust_of(standing, _both(standing, silent, units))


def _both(row: Standing, silent: Counted, units: Counted) -> tuple[int, int]:
    root_id, tiers = row.place
    return _of_tiers(silent.get(root_id, {}), tiers), _of_tiers(units.get(root_id, {}), tiers)


def _of_tiers(counts: ByTier, tiers: str) -> int:
    wanted = tiers.split()
    return sum(count for tier, count in counts.items() if not wanted or tier in wanted)


def silent_below(root_ids: Collection[int], day: date) -> Counted:
    """How many units of each root's tree on the day were never heard from; most have none."""
    return _counted(root_ids, day, _silent_everywhere, _silent_below)


def units_below(root_ids: Collection[int], day: date) -> Counted:
    """How many units lie below each root on the day, itself included.

    Nobody asks where no unit is silent: counting all units takes longer than finding those few.
    """
    return _counted(root_ids, day, _everywhere, _below)


def _counted(
    root_ids: Collection[int], day: date, everywhere: Statement, below: Statement
) -> Counted:
    roots, found = set(root_ids) - {EVERYWHERE}, dict[int, ByTier]()
    moment: dict[str, Any] = {"day": day, "number": day.toordinal()}
    connection, rows = db.session.connection(), list[Any]()
    if roots:
        given = {"roots": inline.rows((one,) for one in roots), **moment}
        rows += connection.execute(below(), given)
    if EVERYWHERE in root_ids:
        rows += connection.execute(everywhere(), moment)
    for root_id, tier, count in rows:
        # Who is not there, or not below, comes out of the outer joins without one of the two.
        if root_id is not None and tier is not None:
            found.setdefault(root_id, {})[tier] = count
    return found


def _is_there() -> Any:
    day = bindparam("day", type_=Date)
    return and_(holds_sql(Unit.starts_on, Unit.ends_on, day), Unit.is_set_aside.is_(False))


@inline.built_once
def _everywhere() -> Any:
    asked = select(literal(EVERYWHERE), Unit.tier, func.count())
    return asked.where(_is_there()).group_by(Unit.tier)


@inline.built_once
def _silent_everywhere() -> Any:
    """Outer joins, taken as they stand, keep SQLite from reading all units first."""
    asked = select(literal(EVERYWHERE), Unit.tier, func.count()).select_from(silent_unit)
    return asked.outerjoin(Unit, and_(_IS_SILENT, _is_there())).group_by(Unit.tier)


@inline.built_once
def _below() -> Any:
    roots, link = inline.table("roots", "number"), unit_closure.c
    day = bindparam("number", type_=Integer)
    return (
        select(link.ancestor_id, Unit.tier, func.count())
        .select_from(roots)
        .join(unit_closure, link.ancestor_id == roots.c.number)
        .join(Unit, Unit.id == link.descendant_id)
        .where(link.starts <= day, link.ends > day, _is_there())
        .group_by(link.ancestor_id, Unit.tier)
    )


@inline.built_once
def _silent_below() -> Any:
    roots, link = inline.table("roots", "number"), unit_closure.c
    day = bindparam("number", type_=Integer)
    lies_below = and_(
        link.descendant_id == Unit.id,
        link.starts <= day,
        link.ends > day,
        link.ancestor_id.in_(select(roots.c.number)),
    )
    return (
        select(link.ancestor_id, Unit.tier, func.count())
        .select_from(silent_unit)
        .outerjoin(Unit, and_(_IS_SILENT, _is_there()))
        .outerjoin(unit_closure, lies_below)
        .group_by(link.ancestor_id, Unit.tier)
    )


_IS_SILENT = silent_unit.c.unit_id == Unit.id


def in_question(question: Question) -> int:
    """How many people in scope may be somebody else there is a record of, nobody having decided.

    At most `MOST_PAIRS` pairs are looked at; it is told beside the grade and is no part of it.
    """
    pair = DuplicatePair
    asked = select(pair.first_id, pair.second_id).where(pair.state.in_(["open", "later"]))
    rows = db.session.execute(asked.order_by(pair.id).limit(MOST_PAIRS))
    people = {person_id for row in rows for person_id in row}
    return count_among(question, sorted(people)) if people else 0


@dataclass(frozen=True)
class SilentUnit:
    """A unit never heard from."""

    id: int
    key: str
    name: str
    tier: str
    search_key: str


def silent_page(
    place: tuple[int, str],
    day: date,
    *,
    within: Select[int] | None = None,
    after: str | None = None,
    total: int | None = None,
) -> Page[SilentUnit]:
    """The units never heard from below the root, of its tiers, by name."""
    root_id, tiers = place
    columns = select(Unit.id, Unit.key, Unit.name, Unit.tier, Unit.search_key)
    asked = columns.join(silent_unit, _IS_SILENT).where(_is_there())
    if root_id != EVERYWHERE:
        link, number = unit_closure.c, day.toordinal()
        below = select(link.descendant_id).where(
            link.ancestor_id == root_id, link.starts <= number, link.ends > number
        )
        asked = asked.where(Unit.id.in_(below))
    if tiers:
        asked = asked.where(Unit.tier.in_(tiers.split()))
    if within is not None:
        asked = asked.where(Unit.id.in_(within))
    cursor = read_cursor(after, str, int)
    if cursor:
        later = and_(Unit.search_key == cursor[0], Unit.id > cursor[1])
        asked = asked.where(or_(Unit.search_key > cursor[0], later))
    asked = asked.order_by(Unit.search_key, Unit.id).limit(SIZE + 1)
    rows = [SilentUnit(*row) for row in db.session.execute(asked, {"day": day})]
    return page_of(rows, lambda row: (row.search_key, row.id), total=total)
