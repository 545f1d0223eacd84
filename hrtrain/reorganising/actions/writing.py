"""Facts written by thousands within an act: retracted, and recorded anew with other values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Table, and_, case, insert, literal, or_, select, update

from hrtrain.core import inline
from hrtrain.core.acts.models import Act
from hrtrain.core.acts.recording import note_facts
from hrtrain.core.db import Fact, Instant, db
from hrtrain.reorganising.queries.effects import Reached

Columns = Mapping[str, Any]


@dataclass(frozen=True)
class Writing:
    """An act that writes at one instant what holds from one day on."""

    act: Act
    at: datetime
    on: date

    @property
    def day(self) -> Any:
        """The day in SQL."""
        return literal(self.on, Date)

    def retract(self, fact: type[Fact], ids: Collection[int]) -> None:
        """From now on these facts are not known."""
        table = table_of(fact)
        those = update(table).where(table.c.id.in_(_listed())).values(retracted_at=self.at)
        db.session.connection().execute(those, _given(ids))
        note_facts(self.act, fact, ids, is_recorded=False)

    def record(self, fact: type[Fact], rows: Sequence[dict[str, Any]]) -> None:
        """Record these facts."""
        if not rows:
            return
        table = table_of(fact)
        values = [{**row, "recorded_at": self.at} for row in rows]
        made = insert(table).returning(table.c.id)
        ids = db.session.execute(made, values).scalars().all()
        note_facts(self.act, fact, ids, is_recorded=True)

    def copy(
        self,
        fact: type[Fact],
        ids: Collection[int],
        changes: Columns,
        *,
        over: Reached | None = None,
        place: str = "unit_id",
        where: Any = None,
    ) -> None:
        """Record these facts anew with other values.

        ``over`` joins the heirs of the units in the column ``place``.
        """
        table = table_of(fact)
        kept = [c for c in table.columns if c.name not in ("id", "recorded_at", "retracted_at")]
        values = [changes.get(column.name, column) for column in kept]
        source = select(*values, literal(self.at, Instant)).select_from(table)
        id_: Any = table.c.id
        if over is not None:
            source = source.join(over.ended, over.heirs.unit_id == table.c[place])
            # Else SQLite looks every listed fact up at every ended unit.
            id_ = table.c.id + 0
        source = source.where(id_.in_(_listed()))
        if where is not None:
            source = source.where(where)
        names = [column.name for column in kept]
        made = insert(table).from_select([*names, "recorded_at"], source.order_by(table.c.id))
        given = {**_given(ids), **(over.given if over else {})}
        found = db.session.connection().execute(made.returning(table.c.id), given)
        note_facts(self.act, fact, found.scalars().all(), is_recorded=True)

    def cut(self, fact: type[Fact], ids: Collection[int]) -> None:
        """These facts end on the day; what would keep no day is not known any more."""
        starts_on = table_of(fact).c.starts_on
        self.retract(fact, ids)
        keeps_a_day = or_(starts_on.is_(None), starts_on < self.day)
        self.copy(fact, ids, {"ends_on": self.day}, where=keeps_a_day)

    def from_the_day(self, fact: type[Fact]) -> Any:
        """SQL: the fact's first day, the act's own at the earliest."""
        starts_on = table_of(fact).c.starts_on
        return case((and_(starts_on.is_not(None), starts_on > self.day), starts_on), else_=self.day)


def table_of(fact: Any) -> Table:
    """The table of a model."""
    found: Table = fact.__table__
    return found


def _listed() -> Any:
    return select(inline.table("listed", "fact_id"))


def _given(ids: Collection[int]) -> dict[str, str]:
    return {"listed": inline.rows((one,) for one in ids)}
