"""Questions about the plans themselves: targets, requirements, exemptions. Counts no figures."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from hrtrain.core import clock, paging
from hrtrain.core.db import db
from hrtrain.core.paging import Page, page_of, read_cursor
from hrtrain.coverage.models import Exemption, Programme, RequirementOption, Target
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.training.models import Course


@dataclass(frozen=True)
class ProgrammeRow:
    """A line of the list of programmes."""

    programme: Programme
    target_count: int
    stated_count: int


@dataclass(frozen=True)
class Option:
    """A course that satisfies an item, and the completion days it is accepted for."""

    id: int
    course: Course
    accepts_from: date | None
    accepts_to: date | None


@dataclass(frozen=True)
class Item:
    """An item of a requirement with its alternatives, of which any one will do."""

    group: CadreGroup
    name: str
    starts_on: date | None
    ends_on: date | None
    options: tuple[Option, ...]


@dataclass(frozen=True)
class ExemptionRow:
    """An exemption with whom and what group it is for."""

    exemption: Exemption
    person: Person
    group: CadreGroup


def programmes() -> list[ProgrammeRow]:
    """All programmes, the newest document first."""
    counted = (
        select(Programme, func.count(Target.id), func.count(Target.percent))
        .outerjoin(Target, Target.programme_id == Programme.id)
        .options(joinedload(Programme.authority_unit))
        .group_by(Programme.id)
        .order_by(Programme.issued_on.desc().nulls_last(), Programme.key)
    )
    return [ProgrammeRow(*row) for row in db.session.execute(counted)]


def find_programme(key: str) -> Programme | None:
    """The programme of this key, whoever asks."""
    return db.session.scalar(select(Programme).where(Programme.key == key))


def groups() -> list[CadreGroup]:
    """All cadre groups, in the order of their codes."""
    return list(db.session.scalars(select(CadreGroup).order_by(CadreGroup.key)))


def courses() -> list[Course]:
    """All courses, by name."""
    return list(db.session.scalars(select(Course).order_by(Course.name, Course.id)))


def targets_of(programme: Programme) -> list[Target]:
    """The programme's targets, in the order of their groups' codes."""
    asked = (
        select(Target)
        .join(CadreGroup)
        .where(Target.programme_id == programme.id)
        .options(joinedload(Target.group))
        .order_by(CadreGroup.key)
    )
    return list(db.session.scalars(asked))


def find_target(programme: Programme, group_key: str) -> Target | None:
    """The programme's target for the group of this code."""
    asked = select(Target).join(CadreGroup)
    return db.session.scalar(
        asked.where(Target.programme_id == programme.id, CadreGroup.key == group_key)
    )


def items_of(programme: Programme) -> list[Item]:
    """The items asked now or ever, as known now: by group's code, then start, then name."""
    rows = db.session.execute(
        select(RequirementOption, CadreGroup, Course)
        .join(CadreGroup, CadreGroup.id == RequirementOption.group_id)
        .join(Course, Course.id == RequirementOption.course_id)
        .where(
            RequirementOption.programme_id == programme.id,
            RequirementOption.known_at(clock.now()),
        )
        .order_by(
            CadreGroup.key,
            RequirementOption.starts_on.nulls_first(),
            RequirementOption.item,
            Course.name,
        )
    )
    found: dict[tuple[object, ...], list[tuple[RequirementOption, CadreGroup, Course]]] = {}
    for row, group, course in rows:
        place = (group.id, row.item, row.starts_on, row.ends_on)
        found.setdefault(place, []).append((row, group, course))
    return [_item(rows) for rows in found.values()]


def _item(rows: list[tuple[RequirementOption, CadreGroup, Course]]) -> Item:
    first, group, _course = rows[0]
    options = tuple(Option(r.id, course, r.accepts_from, r.accepts_to) for r, _g, course in rows)
    return Item(group, first.item, first.starts_on, first.ends_on, options)


def options_of(programme: Programme, group_id: int, item: str) -> list[RequirementOption]:
    """The rows of an item as known now."""
    asked = select(RequirementOption).where(
        RequirementOption.programme_id == programme.id,
        RequirementOption.group_id == group_id,
        RequirementOption.item == item,
        RequirementOption.known_at(clock.now()),
    )
    return list(db.session.scalars(asked.order_by(RequirementOption.id)))


def find_option(programme: Programme, option_id: int) -> RequirementOption | None:
    """The programme's requirement row of this number, if it is not retracted."""
    return db.session.scalar(
        select(RequirementOption).where(
            RequirementOption.programme_id == programme.id,
            RequirementOption.id == option_id,
            RequirementOption.known_at(clock.now()),
        )
    )


def exemptions_of(
    programme: Programme, reached: Select[int] | None, after: str | None = None
) -> Page[ExemptionRow]:
    """A page of the exemptions of people within reach, in Vietnamese order of names."""
    shown = _exemptions(programme, reached)
    place = read_cursor(after, str, int)
    if place is not None:
        name, exemption_id = place
        shown = shown.where(
            (Person.sort_key > name) | ((Person.sort_key == name) & (Exemption.id > exemption_id))
        )
    rows = db.session.execute(shown.order_by(Person.sort_key, Exemption.id).limit(paging.SIZE + 1))
    found = [ExemptionRow(row[0], row[1], row[2]) for row in rows]
    return page_of(
        found,
        lambda row: (row.person.sort_key, row.exemption.id),
        total=exemption_count(programme, reached),
    )


def exemption_count(programme: Programme, reached: Select[int] | None) -> int:
    """How many exemptions of people within reach are known now."""
    counted = select(func.count()).select_from(_exemptions(programme, reached).subquery())
    return db.session.scalar(counted) or 0


def _exemptions(
    programme: Programme, reached: Select[int] | None
) -> Select[Exemption, Person, CadreGroup]:
    shown = (
        select(Exemption, Person, CadreGroup)
        .join(Person, Person.id == Exemption.person_id)
        .join(CadreGroup, CadreGroup.id == Exemption.group_id)
        .where(Exemption.programme_id == programme.id, Exemption.known_at(clock.now()))
    )
    return shown if reached is None else shown.where(_belongs_to(reached))


def find_exemption(
    programme: Programme, exemption_id: int, reached: Select[int] | None
) -> Exemption | None:
    """The programme's exemption of this number, not retracted, of a person within reach."""
    asked = select(Exemption).where(
        Exemption.programme_id == programme.id,
        Exemption.id == exemption_id,
        Exemption.known_at(clock.now()),
    )
    return db.session.scalar(asked if reached is None else asked.where(_belongs_to(reached)))


def exemptions_in_the_way(programme: Programme, person_id: int, group_id: int) -> list[Exemption]:
    """What is known of the person's exemptions for the group, by their first day."""
    asked = select(Exemption).where(
        Exemption.programme_id == programme.id,
        Exemption.person_id == person_id,
        Exemption.group_id == group_id,
        Exemption.known_at(clock.now()),
    )
    return list(db.session.scalars(asked.order_by(Exemption.starts_on)))


def _belongs_to(reached: Select[int]) -> ColumnElement[bool]:
    inside = select(Membership.person_id).where(
        Membership.unit_id.in_(reached), Membership.known_at(clock.now())
    )
    return Exemption.person_id.in_(inside)


def groups_of_person(person_id: int) -> list[CadreGroup]:
    """The groups the person is or was in, as known now, in the order of their codes."""
    inside = select(Membership.group_id).where(
        Membership.person_id == person_id, Membership.known_at(clock.now())
    )
    asked = select(CadreGroup).where(CadreGroup.id.in_(inside)).order_by(CadreGroup.key)
    return list(db.session.scalars(asked))
