"""Takes an act back: what it recorded is retracted, what it retracted is recorded anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.orm import aliased

from hrtrain.core import clock
from hrtrain.core.acts.models import Act, ActChange, ActFact
from hrtrain.core.db import Base, Instant, db, lock
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.language import gettext as _


@dataclass(frozen=True)
class Later:
    """Facts of a table that an act recorded and that somebody retracted or changed since."""

    table_name: str
    ids: tuple[int, ...]


def changed_since(act: Act) -> list[Later]:
    """What stands in the way of undoing the act: facts of it that are not known any more."""
    found = []
    for table in _tables(act, ActFact):
        gone = select(table.c.id).where(
            table.c.id.in_(_ids(act, table, is_recorded=True)), table.c.retracted_at.is_not(None)
        )
        if ids := tuple(db.session.scalars(gone.order_by(table.c.id))):
            found.append(Later(table.name, ids))
    return found


def let_go(act: Act, table_name: str, ids: Iterable[int]) -> None:
    """What the act wrote of these rows or facts is its own no more: undone, it leaves them."""
    rest = sorted(set(ids))
    for start in range(0, len(rest), 500):
        some = rest[start : start + 500]
        for kind, column in ((ActFact, ActFact.fact_id), (ActChange, ActChange.row_id)):
            mine = (kind.act_id == act.id, kind.table_name == table_name, column.in_(some))
            db.session.execute(delete(kind).where(*mine))


def undo(act: Act, *, by_id: int | None) -> None:
    """Take the act back, at one instant. Figures of earlier instants stay as they were known.

    A column somebody changed again since stays; a fact somebody changed since is a Refusal.
    """
    lock(act)
    if act.undone_at is not None:
        raise Stale(_("Việc này đã được hoàn tác."))
    if later := changed_since(act):
        count = sum(len(one.ids) for one in later)
        raise Refusal(
            _("Không hoàn tác được: %(count)s dòng đã được sửa tiếp sau đó.", count=count)
        )
    act.undone_at, act.undone_by_id = clock.now(), by_id
    db.session.flush()
    tables = _tables(act, ActFact)
    for table in tables:
        _retract(act, table, act.undone_at)
    for table in _tables(act, ActChange):
        _set_aside(act, table)
        _change_back(act, table)
    for table in tables:
        _refuse_for_set_aside(act, table)
        _record_anew(act, table, act.undone_at)
    db.session.expire_all()


def table_named(name: str) -> Table:
    """The table of this name."""
    return Base.metadata.tables[name]


def _tables(act: Act, kind: type[ActFact] | type[ActChange]) -> list[Table]:
    """The tables the act wrote to, those others point at first."""
    names = set(db.session.scalars(select(kind.table_name).where(kind.act_id == act.id).distinct()))
    return [table for table in Base.metadata.sorted_tables if table.name in names]


def _ids(act: Act, table: Table, *, is_recorded: bool) -> Select[int]:
    """The facts the act only recorded, or only retracted; not those it did both to."""
    other = aliased(ActFact)
    # Listed once: asked of each fact, SQLite would read all the act's others every time.
    undone_by_itself = select(other.fact_id).where(
        other.act_id == act.id,
        other.table_name == table.name,
        other.is_recorded != is_recorded,
    )
    return select(ActFact.fact_id).where(
        ActFact.act_id == act.id,
        ActFact.table_name == table.name,
        ActFact.is_recorded == is_recorded,
        ActFact.fact_id.not_in(undone_by_itself),
    )


def _retract(act: Act, table: Table, at: datetime) -> None:
    recorded = _ids(act, table, is_recorded=True)
    db.session.connection().execute(
        update(table).where(table.c.id.in_(recorded)).values(retracted_at=at)
    )


def _refuse_for_set_aside(act: Act, table: Table) -> None:
    """What was retracted of a record that was merged since would be recorded of nobody."""
    if "person_id" not in table.c:
        return
    person = table_named("person")
    whose = select(table.c.person_id).where(table.c.id.in_(_ids(act, table, is_recorded=False)))
    gone = select(person.c.full_name).where(person.c.id.in_(whose), person.c.is_set_aside)
    if name := db.session.scalar(gone.order_by(person.c.id).limit(1)):
        raise Refusal(_("Hãy hoàn tác trước việc gộp hồ sơ của %(name)s.", name=name))


def _record_anew(act: Act, table: Table, at: datetime) -> None:
    kept = [c for c in table.columns if c.name not in ("id", "recorded_at", "retracted_at")]
    rows = select(*kept, literal(at, Instant)).where(
        table.c.id.in_(_ids(act, table, is_recorded=False))
    )
    names = [column.name for column in kept]
    last = db.session.connection().scalar(select(func.max(table.c.id)))
    db.session.connection().execute(insert(table).from_select([*names, "recorded_at"], rows))
    _let_others_follow(act, table, last)


def _let_others_follow(act: Act, table: Table, last: int) -> None:
    """An earlier act that recorded such a fact can be undone afterwards: it is its fact still."""
    old, new = table.alias("old"), table.alias("new")
    alike = [
        new.c[column.name].is_not_distinct_from(old.c[column.name])
        if column.nullable
        else new.c[column.name] == old.c[column.name]
        for column in table.columns
        if column.name not in ("id", "recorded_at", "retracted_at")
    ]
    anew = (
        select(func.min(new.c.id))
        .where(old.c.id == ActFact.fact_id, new.c.id > last, *alike)
        .correlate(ActFact)
        .scalar_subquery()
    )
    # Read apart from the statement that writes the same table.
    others = select(ActFact.id).where(
        ActFact.act_id != act.id,
        ActFact.table_name == table.name,
        ActFact.is_recorded,
        ActFact.fact_id.in_(_ids(act, table, is_recorded=False)),
    )
    found = db.session.scalars(others).all()
    for start in range(0, len(found), 500):
        some = ActFact.id.in_(found[start : start + 500])
        db.session.connection().execute(update(ActFact).where(some).values(fact_id=anew))


def _set_aside(act: Act, table: Table) -> None:
    """Rows the act made are in no list any more; what points at them still does."""
    if "is_set_aside" not in table.c:
        return
    made = (
        _changes(act, table).with_only_columns(ActChange.row_id).where(ActChange.before.is_(None))
    )
    db.session.connection().execute(
        update(table)
        .where(table.c.id.in_(made))
        .values(is_set_aside=True, version=table.c.version + 1)
    )


def _changes(act: Act, table: Table) -> Select[Any]:
    return select(ActChange).where(ActChange.act_id == act.id, ActChange.table_name == table.name)


def _change_back(act: Act, table: Table) -> None:
    """Column by column, the last change first, as long as it is still what the act made it."""
    changed = _changes(act, table).where(ActChange.before.is_not(None))
    by_column: dict[str, list[dict[str, Any]]] = {}
    for one in db.session.scalars(changed.order_by(ActChange.id.desc())):
        for name, value in (one.before or {}).items():
            values = {"row": one.row_id, "old": value, "new": one.after[name]}
            by_column.setdefault(name, []).append(_typed(values, table, name))
    for name, rows in by_column.items():
        _change_column(table, name, rows)


def _typed(values: dict[str, Any], table: Table, name: str) -> dict[str, Any]:
    kind = datetime if isinstance(table.c[name].type, Instant) else table.c[name].type.python_type
    if kind in (date, datetime):
        for side in ("old", "new"):
            text = values[side]
            values[side] = None if text is None else kind.fromisoformat(text)
    return values


def _change_column(table: Table, name: str, rows: Sequence[dict[str, Any]]) -> None:
    column = table.c[name]
    new = bindparam("new", type_=column.type)
    is_as_made = column.is_not_distinct_from(new)
    back: dict[str, Any] = {name: bindparam("old", type_=column.type)}
    if "version" in table.c:
        back["version"] = table.c.version + 1
    statement = update(table).where(table.c.id == bindparam("row"), is_as_made).values(back)
    db.session.connection().execute(statement, list(rows))
