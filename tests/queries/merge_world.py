"""Two records of one person with facts of every kind, and everything that is known of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from hrtrain.accounts.models import User
from hrtrain.core.db import Base, Fact, db
from hrtrain.coverage.models import Programme
from hrtrain.people.merges.models import PersonMerge
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.training.models import Completion, Course, Enrolment, TrainingSession
from hrtrain.units.models import Unit
from tests import makers

FIRST = date(2025, 1, 1)
_NOT_SAID = {"id", "recorded_at", "retracted_at", "version"}


@dataclass
class MergeWorld:
    """Groups, units, courses, sessions and a programme for facts to be about."""

    groups: list[CadreGroup] = field(default_factory=lambda: [makers.group() for _n in range(2)])
    units: list[Unit] = field(default_factory=lambda: [makers.unit() for _n in range(2)])
    courses: list[Course] = field(default_factory=lambda: [makers.course() for _n in range(2)])
    programme: Programme = field(default_factory=makers.programme)
    sessions: list[TrainingSession] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sessions += [makers.training_session(course, self.units[0]) for course in self.courses]

    def person(self, name: str = "Nguyễn Văn An", **more: Any) -> Person:
        return makers.person(name, **more)

    def post(self, who: Person, start: int, end: int | None, group: int = 0, unit: int = 0) -> None:
        makers.membership(
            who,
            self.groups[group],
            self.units[unit],
            starts_on=day(start),
            ends_on=day_or_none(end),
        )

    def done(self, who: Person, course: int, on: int, **more: Any) -> None:
        makers.completion(who, self.courses[course], day(on), **more)

    def exempt(self, who: Person, start: int, group: int = 0) -> None:
        makers.exemption(who, self.programme, self.groups[group], starts_on=day(start))

    def enrol(self, who: Person, session: int, **more: Any) -> Enrolment:
        return makers.enrolment(self.sessions[session], who, **more)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def day_or_none(number: int | None) -> date | None:
    return None if number is None else day(number)


def everything_known() -> dict[str, list[str]]:
    """What is known now, row by row without when; what is no fact as it stands."""
    db.session.flush()
    facts: list[Any] = [m.class_ for m in Base.registry.mappers if issubclass(m.class_, Fact)]
    known = {one.__tablename__: rows_of(one, one.retracted_at.is_(None)) for one in facts}
    others = {one.__tablename__: rows_of(one) for one in (Enrolment, User)}
    people = {"person": rows_of(Person, keep=("id",))}
    return {**known, **others, **people}


def rows_of(table: Any, *conditions: Any, keep: tuple[str, ...] = ()) -> list[str]:
    columns = [c for c in table.__table__.c if c.name not in _NOT_SAID or c.name in keep]
    return sorted(map(repr, db.session.execute(select(*columns).where(*conditions)).all()))


def facts_of(who: Person, table: type[Membership] | type[Completion]) -> list[Any]:
    asked = select(table).where(table.person_id == who.id, table.retracted_at.is_(None))
    return list(db.session.scalars(asked.order_by(table.id)))


def stays(who: Person) -> list[tuple[int, int, date, date | None]]:
    rows = facts_of(who, Membership)
    return sorted((r.group_id, r.unit_id, r.starts_on, r.ends_on) for r in rows)


def links() -> list[PersonMerge]:
    return list(db.session.scalars(select(PersonMerge).order_by(PersonMerge.id)))


Act = Callable[[], object]
