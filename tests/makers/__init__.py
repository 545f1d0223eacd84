"""Makers: each builds one row with sensible defaults; say only what the test is about."""

from datetime import date
from itertools import count
from typing import Any, TypeVar

from hrtrain.accounts.models import Grant, User
from hrtrain.core.db import Base, db
from hrtrain.core.text import search_key, sort_key
from hrtrain.coverage.models import Exemption, Programme, RequirementOption, Target
from hrtrain.people.models import CadreGroup, Headcount, Membership, Person
from hrtrain.training.models import Completion, Course, Enrolment, TrainingSession
from hrtrain.units.models import Unit, UnitName, UnitParent

_numbers = count(1)
T = TypeVar("T", bound=Base)


def _add(row: T) -> T:
    db.session.add(row)
    db.session.flush()
    return row


def unit(key: str = "", *, under: Unit | None = None, **more: Any) -> Unit:
    """A unit alive for ever, below ``under`` for ever."""
    key = key or f"u{next(_numbers)}"
    values = {"name": f"Đơn vị {key}", "tier": "province", "kind": "state", **more}
    made = _add(Unit(key=key, search_key=search_key(values["name"]), **values))
    _add(
        UnitName(
            unit_id=made.id,
            name=made.name,
            search_key=made.search_key,
            starts_on=made.starts_on,
            ends_on=made.ends_on,
        )
    )
    if under is not None:
        _add(UnitParent(unit_id=made.id, parent_id=under.id))
    return made


def parent(unit: Unit, under: Unit, **more: Any) -> UnitParent:
    """An edge of the tree for ever, unless a period is said."""
    return _add(UnitParent(unit_id=unit.id, parent_id=under.id, **more))


def group(key: str = "", **more: Any) -> CadreGroup:
    """A cadre group."""
    key = key or f"g{next(_numbers)}"
    return _add(CadreGroup(key=key, name=more.pop("name", f"Nhóm {key}"), **more))


def person(full_name: str = "Nguyễn Văn An", **more: Any) -> Person:
    """A person with a name only."""
    number = next(_numbers)
    values = {"key": f"p{number}", "access_code": f"code{number}", **more}
    return _add(
        Person(
            full_name=full_name,
            sort_key=sort_key(full_name),
            search_key=search_key(full_name),
            **values,
        )
    )


def membership(who: Person, group: CadreGroup, unit: Unit, **more: Any) -> Membership:
    """A membership since 01/01/2020, open."""
    values = {"starts_on": date(2020, 1, 1), **more}
    return _add(Membership(person_id=who.id, group_id=group.id, unit_id=unit.id, **values))


def headcount(unit: Unit, group: CadreGroup, declared: int, **more: Any) -> Headcount:
    """A declaration for ever."""
    return _add(Headcount(unit_id=unit.id, group_id=group.id, declared=declared, **more))


def course(key: str = "", **more: Any) -> Course:
    """A training course of 16 hours without end of validity."""
    key = key or f"c{next(_numbers)}"
    values = {"name": f"Khóa {key}", "hours": 16, **more}
    return _add(Course(key=key, **values))


def training_session(course: Course, unit: Unit, **more: Any) -> TrainingSession:
    """An open session on 04-05/05/2026 with 40 seats."""
    key = f"s{next(_numbers)}"
    values = {
        "title": f"Lớp {key}",
        "starts_on": date(2026, 5, 4),
        "ends_on": date(2026, 5, 6),
        "capacity": 40,
        "place": "Hội trường",
        **more,
    }
    return _add(TrainingSession(key=key, course_id=course.id, unit_id=unit.id, **values))


def enrolment(session: TrainingSession, who: Person, **more: Any) -> Enrolment:
    """A booked seat without a number."""
    return _add(Enrolment(training_session_id=session.id, person_id=who.id, **more))


def completion(who: Person, course: Course, on: date, **more: Any) -> Completion:
    """A completion that counts for ever."""
    return _add(Completion(person_id=who.id, course_id=course.id, completed_on=on, **more))


def programme(key: str = "", **more: Any) -> Programme:
    """A programme without bounds."""
    key = key or f"pr{next(_numbers)}"
    return _add(Programme(key=key, title=more.pop("title", f"Kế hoạch {key}"), **more))


def target(
    programme: Programme, group: CadreGroup, percent: int | None = 100, **more: Any
) -> Target:
    """A target of a percentage; say ``scope_unit_id`` where the programme has no authority unit."""
    return _add(Target(programme_id=programme.id, group_id=group.id, percent=percent, **more))


def requirement(
    programme: Programme, group: CadreGroup, course: Course, item: str = "item", **more: Any
) -> RequirementOption:
    """One course that satisfies an item."""
    return _add(
        RequirementOption(
            programme_id=programme.id, group_id=group.id, course_id=course.id, item=item, **more
        )
    )


def exemption(who: Person, programme: Programme, group: CadreGroup, **more: Any) -> Exemption:
    """An exemption for ever."""
    return _add(Exemption(person_id=who.id, programme_id=programme.id, group_id=group.id, **more))


def user(role: str = "", unit: Unit | None = None, **more: Any) -> User:
    """A user with one role, for one unit and below (or for everything)."""
    number = next(_numbers)
    values = {"username": f"user{number}", "full_name": f"Người dùng {number}", **more}
    made = _add(User(**values))
    if role:
        made.grants.append(Grant(role=role, unit_id=unit.id if unit else None))
        db.session.flush()
    return made
