"""Notes what an act writes: whatever the session flushes meanwhile, and what it is told of."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import event, insert, inspect, literal, select
from sqlalchemy.orm import Session

from hrtrain.core import inline
from hrtrain.core.acts.models import Act, ActChange, ActFact
from hrtrain.core.db import Base, Fact, db, new_key

_ACT = "acts.recording"
# Who may change what, and that it was changed, is no part of what an act changed.
_NOT_NOTED = frozenset({"id", "version"})


def begin(kind: str, summary: str, *, by_id: int | None, **details: Any) -> Act:
    """A new act of this kind, in the present transaction."""
    act = Act(key=new_key("a"), kind=kind, summary=summary, done_by_id=by_id, details=details)
    db.session.add(act)
    db.session.flush()
    return act


@contextmanager
def recording(act: Act, *tables: type[Base]) -> Iterator[None]:
    """Facts recorded and retracted inside, and changes of rows of these tables, are the act's.

    Statements that go past the session (bulk inserts and updates) are told by `note_facts` and
    `note_made`.
    """
    db.session.flush()
    db.session.info[_ACT] = act.id, tables
    try:
        yield
        db.session.flush()
    finally:
        db.session.info.pop(_ACT, None)


def note_facts(act: Act, table: type[Fact], ids: Iterable[int], *, is_recorded: bool) -> None:
    """The act recorded, or retracted, these facts."""
    facts = inline.table("facts", "fact_id")
    said = (literal(act.id), literal(_name(table)), facts.c.fact_id, literal(is_recorded))
    names = ["act_id", "table_name", "fact_id", "is_recorded"]
    noted = insert(Base.metadata.tables[_name(ActFact)]).from_select(names, select(*said))
    db.session.connection().execute(noted, {"facts": inline.rows((id_,) for id_ in ids)})


def note_made(act: Act, table: type[Base], ids: Iterable[int]) -> None:
    """The act made these rows, which are no facts: undone, they are set aside."""
    name = _name(table)
    rows = [{"act_id": act.id, "table_name": name, "row_id": id_, "after": {}} for id_ in ids]
    if rows:
        db.session.execute(insert(ActChange), rows)


def note_changes(
    act: Act, table: type[Base], changes: Iterable[tuple[int, dict[str, Any], dict[str, Any]]]
) -> None:
    """The act changed these rows, which are no facts: their columns before and after."""
    name = _name(table)
    rows = [
        {
            "act_id": act.id,
            "table_name": name,
            "row_id": id_,
            "before": plain_values(before),
            "after": plain_values(after),
        }
        for id_, before, after in changes
    ]
    if rows:
        db.session.execute(insert(ActChange), rows)


def plain_values(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON may carry them: days and instants as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in values.items()
    }


def _name(table: Any) -> str:
    return str(table.__tablename__)


@event.listens_for(db.session, "before_flush")
def _before_flush(session: Session, _context: object, _rows: object) -> None:
    """Changed rows are compared with what the database still holds."""
    if _ACT in session.info:
        act_id, tables = session.info[_ACT]
        changed = [_of_changed(session, row) for row in session.dirty if isinstance(row, tables)]
        _insert(session, ActChange, act_id, [values for values in changed if values["after"]])


@event.listens_for(db.session, "after_flush")
def _after_flush(session: Session, _context: object) -> None:
    """New rows have their numbers only now."""
    if _ACT not in session.info:
        return
    act_id, tables = session.info[_ACT]
    retracted = [row for row in session.dirty if isinstance(row, Fact) and _is_retracted(row)]
    recorded = [row for row in session.new if isinstance(row, Fact)]
    facts = [_of_fact(row, is_recorded=False) for row in retracted]
    facts += [_of_fact(row, is_recorded=True) for row in recorded]
    made = [_of_made(row) for row in session.new if isinstance(row, tables)]
    _insert(session, ActFact, act_id, facts)
    _insert(session, ActChange, act_id, made)


def _insert(
    session: Session, table: type[Base], act_id: int, rows: Sequence[dict[str, Any]]
) -> None:
    if rows:
        session.connection().execute(insert(table), [{"act_id": act_id, **row} for row in rows])


def _is_retracted(fact: Any) -> bool:
    return bool(inspect(fact).attrs.retracted_at.history.added)


def _of_fact(fact: Any, *, is_recorded: bool) -> dict[str, Any]:
    return {"table_name": _name(fact), "fact_id": fact.id, "is_recorded": is_recorded}


def _of_made(row: Any) -> dict[str, Any]:
    return {"table_name": _name(row), "row_id": row.id, "before": None, "after": {}}


def _of_changed(session: Session, row: Any) -> dict[str, Any]:
    table = row.__table__
    state = inspect(row)
    names = [
        column.key
        for column in state.mapper.column_attrs
        if column.key not in _NOT_NOTED and state.attrs[column.key].history.added
    ]
    stored = select(*(table.c[name] for name in names)).where(table.c.id == row.id)
    old = session.connection().execute(stored).one()._asdict() if names else {}
    new = {name: getattr(row, name) for name in names if getattr(row, name) != old[name]}
    before = plain_values({name: old[name] for name in new})
    return {
        "table_name": _name(row),
        "row_id": row.id,
        "before": before,
        "after": plain_values(new),
    }
