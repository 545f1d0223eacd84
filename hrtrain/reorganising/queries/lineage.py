"""A unit's lineage with the reorganisations that made it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select

from hrtrain.core.acts.models import Act, ActFact
from hrtrain.core.db import db
from hrtrain.reorganising.queries.effects import known
from hrtrain.units.lineage_chart import Life
from hrtrain.units.models import Unit, UnitSuccession
from hrtrain.units.queries import names_on

MOST = 15
"""Units drawn of each side; the list beside the drawing has all."""


@dataclass(frozen=True)
class Kin:
    """A predecessor or successor from a day on, by which document where an act recorded it."""

    life: Life
    on: date
    document_no: str
    plan: str


def kin_before(unit: Unit) -> list[Kin]:
    """Whom the unit came from, by the names of the day before."""
    return _kin(UnitSuccession.predecessor_id, UnitSuccession.successor_id == unit.id)


def kin_after(unit: Unit) -> list[Kin]:
    """What became of the unit."""
    return _kin(UnitSuccession.successor_id, UnitSuccession.predecessor_id == unit.id)


def _kin(other: Any, whose: Any) -> list[Kin]:
    row = UnitSuccession
    recorded = and_(
        ActFact.fact_id == row.id, ActFact.table_name == row.__tablename__, ActFact.is_recorded
    )
    asked = (
        select(Unit.id, Unit.key, Unit.name, Unit.starts_on, Unit.ends_on)
        .add_columns(row.effective_on, Act.details)
        .select_from(row)
        .join(Unit, Unit.id == other)
        .outerjoin(ActFact, recorded)
        .outerjoin(Act, and_(Act.id == ActFact.act_id, Act.undone_at.is_(None)))
        .where(whose, known(row))
        .order_by(row.effective_on, Unit.search_key, Unit.id)
        .limit(MOST)
    )
    rows = db.session.execute(asked).all()
    day = rows[0].effective_on if rows else date.min
    names = names_on([one.id for one in rows], day)
    return [
        Kin(
            Life(one.key, names[one.id], one.starts_on, one.ends_on),
            one.effective_on,
            (one.details or {}).get("document_no", ""),
            (one.details or {}).get("reorganisation", ""),
        )
        for one in rows
    ]
