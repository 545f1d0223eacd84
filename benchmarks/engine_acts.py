"""What is written when coverage is kept in step, and the same with the facts alone."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import count, cycle
from typing import Any

from sqlalchemy import delete, event, func, insert, select, text, update

from benchmarks.country import COURSES, GROUPS
from benchmarks.person_names import people_names
from benchmarks.timing import Act
from hrtrain.core import clock
from hrtrain.core.db import Base, db
from hrtrain.people.models import Membership
from hrtrain.people.rosters.actions import apply_rows
from hrtrain.people.rosters.plan import Planned
from hrtrain.people.rosters.types import Entry
from hrtrain.training.models import Completion
from hrtrain.units.models import Unit, UnitParent
from hrtrain.units.tree import subtree_ids

DAY = date(2026, 11, 2)
Make = Callable[[], tuple[Act, Act]]
"""Gives something to write, and what takes it back."""
_numbers = count(1)


@contextmanager
def facts_alone() -> Iterator[None]:
    """A block whose writes nobody notes, so that nothing derived is kept."""
    db.session.remove()
    _with_triggers(is_on=False)
    try:
        yield
    finally:
        db.session.remove()
        _with_triggers(is_on=True)


_dropped: list[str] = []


def _with_triggers(*, is_on: bool) -> None:
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            word = "ENABLE" if is_on else "DISABLE"
            for table, name in connection.execute(text(_POSTGRESQL)).all():
                connection.execute(text(f"ALTER TABLE {table} {word} TRIGGER {name}"))
            return
        if is_on:
            while _dropped:
                connection.exec_driver_sql(_dropped.pop())
            return
        for name, sql in connection.execute(text(_SQLITE)).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
            _dropped.append(sql)


_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'touch_*'"
_POSTGRESQL = "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE starts_with(tgname, 'touch_')"


@contextmanager
def fully_synchronous() -> Iterator[None]:
    """A block in which SQLite waits for the disk at every commit."""

    def wait(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=FULL")

    db.session.remove()
    event.listen(db.engine, "connect", wait)
    db.engine.dispose()
    try:
        yield
    finally:
        db.session.remove()
        event.remove(db.engine, "connect", wait)
        db.engine.dispose()


def _take_back(*models: type[Base]) -> Act:
    """Deletes the rows that come into these tables from now on, in this order."""
    marks = {model: db.session.scalar(select(func.max(_id(model)))) or 0 for model in models}

    def act() -> None:
        for model, mark in marks.items():
            db.session.execute(delete(model).where(_id(model) > mark))
        db.session.commit()

    return act


def _id(model: type[Base]) -> Any:
    return model.__table__.c.id


def provinces() -> list[Unit]:
    """Those of today, in the order of their keys."""
    living = select(Unit).where(Unit.tier == "province", Unit.ends_on.is_(None))
    return list(db.session.scalars(living.order_by(Unit.key)))


def issuing(people: int) -> Make:
    """So many people of a province complete a course; each time of another province."""
    ids = cycle([unit.id for unit in provinces()])

    def make() -> tuple[Act, Act]:
        here = subtree_ids([next(ids)], DAY)
        members = select(Membership.person_id).where(
            Membership.unit_id.in_(here), Membership.ends_on.is_(None)
        )
        found = list(db.session.scalars(members.distinct().limit(people)))
        return _completing(found), _take_back(Completion)

    return make


def _completing(people: Sequence[int]) -> Act:
    course, at = 1 + next(_numbers) % COURSES, clock.now()
    rows = [
        {"person_id": person, "course_id": course, "completed_on": DAY, "source": "session",
         "recorded_at": at} for person in people
    ]  # fmt: skip

    def act() -> None:
        db.session.execute(insert(Completion), rows)
        db.session.commit()

    return act


def taking_roster(people: int) -> Make:
    """A roster of so many new people at communes of the whole country."""
    communes = select(Unit.id).where(Unit.tier == "commune", Unit.ends_on.is_(None))
    units = list(db.session.scalars(communes))

    def make() -> tuple[Act, Act]:
        rows = _planned(people, units)
        # The people stay, without memberships: nobody counts them.
        back = _take_back(Membership)

        def act() -> None:
            apply_rows(rows, DAY, ("roster", "benchmark"), by=None)
            db.session.commit()

        return act, back

    return make


def _planned(people: int, units: Sequence[int]) -> list[Planned]:
    dice = random.Random(next(_numbers))
    rows = []
    for row, (name, gender) in zip(range(people), people_names(dice), strict=False):
        changes = {"full_name": name, "gender": gender, "position": "Chuyên viên"}
        entry = Entry("Danh sách", row, name, gender, position="Chuyên viên")
        groups = (1 + dice.randrange(GROUPS),)
        rows.append(Planned(entry, "new", None, dice.choice(units), groups, changes))
    return rows


def merging() -> Make:
    """All that lies below one province comes under the next one, from a day on."""
    pairs = cycle([unit.id for unit in provinces()])

    def make() -> tuple[Act, Act]:
        gone, kept = next(pairs), next(pairs)
        return lambda: _merge(gone, kept), lambda: None

    return make


def _merge(gone: int, kept: int) -> None:
    now, row = clock.now(), UnitParent
    known = (row.parent_id == gone, row.retracted_at.is_(None), row.ends_on.is_(None))
    edges = db.session.execute(select(row.unit_id, row.starts_on).where(*known)).all()
    db.session.execute(update(row).where(*known).values(retracted_at=now))
    ended = [_edge(unit, gone, starts, DAY) for unit, starts in edges]
    begun = [_edge(unit, kept, DAY, None) for unit, _starts in edges]
    db.session.execute(insert(row), [{**edge, "recorded_at": now} for edge in ended + begun])
    db.session.commit()


def _edge(unit: int, parent: int, starts: date | None, ends: date | None) -> dict[str, Any]:
    return {"unit_id": unit, "parent_id": parent, "starts_on": starts, "ends_on": ends}
