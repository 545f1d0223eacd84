"""Trust in standings: the ledger's doubts and the units never heard from, counted and listed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
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
ByTier = dict[str, tuple[int, int]]
"""How many units of a tier were never heard from, and how many there are."""


def trusts_of(
    standings: Sequence[Standing], day: date, *, itself: str | None = None
) -> list[Trust]:
    """The trust in each standing; ``itself``: the key of a unit counted without those below it."""
    roots = {row.place[0] for row in standings if row.is_asked and row.doubts}
    silent = silent_below(roots, day)
    return [
        trust_of(row, (0, 1) if itself and row.unit == itself else _of_tiers(row.place, silent))
        for row in standings
    ]


def _of_tiers(place: tuple[int, str], silent: dict[int, ByTier]) -> tuple[int, int]:
    root_id, tiers = place
    wanted = tiers.split()
    found = [
        counts for tier, counts in silent.get(root_id, {}).items() if not wanted or tier in wanted
    ]
    return sum(count for count, _of in found), sum(of for _count, of in found)


def silent_below(root_ids: Iterable[int], day: date) -> dict[int, ByTier]:
    """Of the units of each root's tree on the day, how many were never heard from, by tier."""
    roots, found = set(root_ids), dict[int, ByTier]()
    moment: dict[str, Any] = {"day": day, "number": day.toordinal()}
    given = {"roots": inline.rows((one,) for one in roots - {EVERYWHERE}), **moment}
    connection, dialect = db.session.connection(), db.engine.dialect.name
    rows = list(connection.execute(_below(dialect), given)) if roots - {EVERYWHERE} else []
    if EVERYWHERE in roots:
        rows += connection.execute(_everywhere(dialect), moment)
    for root_id, tier, silent, units in rows:
        found.setdefault(root_id, {})[tier] = (silent, units)
    return found


def _is_there() -> Any:
    day = bindparam("day", type_=Date)
    return and_(holds_sql(Unit.starts_on, Unit.ends_on, day), Unit.is_set_aside.is_(False))


def _counts() -> tuple[Any, Any]:
    return func.count(silent_unit.c.unit_id), func.count()


@lru_cache
def _everywhere(_dialect: str) -> Any:
    asked = select(literal(EVERYWHERE), Unit.tier, *_counts())
    return asked.outerjoin(silent_unit, _IS_SILENT).where(_is_there()).group_by(Unit.tier)


@lru_cache
def _below(_dialect: str) -> Any:
    roots, link = inline.table("roots", "number"), unit_closure.c
    day = bindparam("number", type_=Integer)
    return (
        select(link.ancestor_id, Unit.tier, *_counts())
        .select_from(roots)
        .join(unit_closure, link.ancestor_id == roots.c.number)
        .join(Unit, Unit.id == link.descendant_id)
        .outerjoin(silent_unit, _IS_SILENT)
        .where(link.starts <= day, link.ends > day, _is_there())
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
