"""Questions about people: lists within a scope, a person's days in groups, groups. Read only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.core.paging import SIZE, Page, Place, page_of, read_cursor
from hrtrain.core.period import Period
from hrtrain.core.text import clean_text, name_case, search_key
from hrtrain.people.matching import PersonFilter, is_seen, matching, members_on
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.people.rules import PersonDetails, may_be_born_alike
from hrtrain.units.models import Unit, UnitName
from hrtrain.units.queries import subtree_ids
from hrtrain.units.rules import Stay
from hrtrain.units.scope import Scope, reach, within

__all__ = ["PersonFilter"]
AnyRows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class MembershipRow:
    """A person's days in a group at a unit, under the unit's name of the first of them."""

    id: int
    person_id: int
    group: str
    group_key: str
    unit: str
    unit_key: str
    position: str
    starts_on: date
    ends_on: date | None
    recorded_at: datetime
    retracted_at: datetime | None
    may_change: bool = True
    may_open: bool = True


@dataclass(frozen=True)
class PersonRow:
    """A person in a list, with the memberships of the day."""

    id: int
    key: str
    full_name: str
    birth_date: str
    gender: str
    position: str
    sort_key: str
    rank: int = 0
    memberships: tuple[MembershipRow, ...] = ()


@dataclass(frozen=True)
class GroupRow:
    """A cadre group and how many people are in it."""

    key: str
    name: str
    name_en: str
    count: int


def find_group(key: str) -> CadreGroup | None:
    """The group of this code."""
    return db.session.scalar(select(CadreGroup).where(CadreGroup.key == key))


def find_person(key: str) -> Person | None:
    """The person of this key, whoever asks."""
    return db.session.scalar(select(Person).where(Person.key == key))


def groups() -> list[CadreGroup]:
    """All cadre groups in the order of their codes."""
    return list(db.session.scalars(select(CadreGroup).order_by(CadreGroup.key)))


def group_rows(scope: Scope, day: date, known: Mapping[int, int] | None = None) -> list[GroupRow]:
    """All groups, each with the people in scope who are in it on the day: one membership each.

    ``known`` spares counting the groups, by id, whose people were read elsewhere.
    """
    known, every, units = known or {}, groups(), within(scope, day)
    rest = [group.id for group in every if group.id not in known]
    here = select(Membership.group_id, func.count()).where(members_on(day))
    if units is not None:
        here = here.where(Membership.unit_id.in_(units))
    counts = {**known, **_counted(here, rest)}
    return [GroupRow(one.key, one.name, one.name_en, counts.get(one.id, 0)) for one in every]


def counts_by_group(
    unit: Unit, day: date, known: Mapping[int, tuple[int, int]] | None = None
) -> list[tuple[str, str, int, int]]:
    """Group code and name, people at the unit itself and in its subtree, as of the day.

    Memberships are people: on a day a person has one at most in a group. ``known`` spares
    counting the groups, by id, whose people were read elsewhere.
    """
    known, every = known or {}, groups()
    rest = [group.id for group in every if group.id not in known]
    here = select(Membership.group_id, func.count()).where(members_on(day))
    below = here.where(Membership.unit_id.in_(subtree_ids([unit.id], day)))
    own = _counted(here.where(Membership.unit_id == unit.id), rest)
    counts = dict(known) | {
        group_id: (own.get(group_id, 0), count) for group_id, count in _counted(below, rest).items()
    }
    found = [(one.key, one.name, *counts.get(one.id, (0, 0))) for one in every]
    return [row for row in found if row[-1]]


def _counted(members: Select[int, int], group_ids: list[int]) -> dict[int, int]:
    """How many of the members are in each of these groups; groups without any are left out."""
    if not group_ids:
        return {}
    counted = members.where(Membership.group_id.in_(group_ids)).group_by(Membership.group_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def person_page(scope: Scope, asked: PersonFilter, after: str | None = None) -> Page[PersonRow]:
    """The people in scope who fit the filter, in Vietnamese order, exact accents first.

    ``total`` is None where there are so many that counting would cost more than listing.
    """
    today = clock.today()
    fitting = matching(scope, asked, today)
    exact = _holds_exactly(asked.text)
    levels: list[list[ColumnElement[bool]]] = [[]] if exact is None else [[exact], [~exact]]
    place = read_cursor(after, int, str, int) or (0, "", 0)
    rows: list[PersonRow] = []
    for rank, level in enumerate(levels):
        if rank >= int(place[0] or 0) and len(rows) <= SIZE:
            start = place[1:] if rank == place[0] and after else None
            found = _in_order([*fitting.conditions(), *level], start, SIZE + 1 - len(rows))
            ranked = found.add_columns(literal(rank))
            rows += [PersonRow(*row) for row in db.session.execute(ranked, fitting.given())]
    page = page_of(rows, lambda row: (row.rank, row.sort_key, row.id), total=fitting.total())
    return _with_memberships(page, asked.on or today)


def people_rows(ids: Collection[int]) -> dict[int, PersonRow]:
    """These people with their memberships of today, by id."""
    asked = _in_order([Person.id.in_(list(ids))], None, len(ids))
    rows = [PersonRow(*row) for row in db.session.execute(asked)] if ids else []
    return {row.id: row for row in _with_memberships(Page(rows), clock.today()).rows}


def _in_order(conditions: list[ColumnElement[bool]], start: Place | None, limit: int) -> AnyRows:
    found = (
        select(Person.id, Person.key, Person.full_name, Person.birth_date, Person.gender)
        .add_columns(Person.position, Person.sort_key)
        .where(*conditions)
        .order_by(Person.sort_key, Person.id)
        .limit(limit)
    )
    return found if start is None else found.where(tuple_(Person.sort_key, Person.id) > start)


def memberships_of(person: Person, seen: Scope, kept: Scope) -> list[MembershipRow]:
    """Every day the person was in a group, what was retracted included, the newest first.

    Units within ``seen`` may be opened, memberships at units within ``kept`` changed.
    """
    reached, units = reach(seen), within(kept, clock.today())
    may_change = literal(True) if units is None else Membership.unit_id.in_(units)
    may_open = literal(True) if reached is None else Membership.unit_id.in_(reached)
    asked = _membership_rows().add_columns(may_change, may_open)
    order = (Membership.starts_on.desc(), Membership.id.desc())
    rows = db.session.execute(asked.where(Membership.person_id == person.id).order_by(*order))
    return [MembershipRow(*row) for row in rows]


def stays_at(unit: Unit) -> list[Stay]:
    """The days of every member the unit has, had or will have, and of whom."""
    rows = db.session.execute(
        select(Person.full_name, Membership.starts_on, Membership.ends_on)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.unit_id == unit.id, Membership.known_at(clock.now()))
    )
    return [Stay(name, Period(starts_on, ends_on)) for name, starts_on, ends_on in rows]


def possible_duplicates(
    details: PersonDetails, national_id_hash: str, scope: Scope
) -> list[PersonRow]:
    """People in scope with the same folded name and a birth date that may be the same one,
    or with the same national ID.
    """
    alike = Person.search_key == search_key(details.full_name)
    if national_id_hash:
        alike = or_(alike, Person.national_id_hash == national_id_hash)
    asked = (
        select(Person.id, Person.key, Person.full_name, Person.birth_date, Person.gender)
        .add_columns(Person.position, Person.sort_key, Person.national_id_hash)
        .where(alike, ~Person.is_set_aside, is_seen(Person.id, scope, clock.today()))
        .order_by(Person.sort_key, Person.id)
        .limit(50)
    )
    birth = details.birth.date
    rows = [
        PersonRow(*row[:7])
        for row in db.session.execute(asked)
        if (national_id_hash and row[7] == national_id_hash) or may_be_born_alike(row[3], birth)
    ]
    return _with_memberships(Page(rows), clock.today()).rows


def _holds_exactly(text: str) -> ColumnElement[bool] | None:
    """The name holds the text with its very accents; None for a text without any."""
    text = clean_text(text)
    if not text or search_key(text) == text.casefold():
        return None
    forms = {text, name_case(text), name_case(text.casefold())}
    return or_(*(Person.full_name.contains(form, autoescape=True) for form in forms))


def _with_memberships(page: Page[PersonRow], day: date) -> Page[PersonRow]:
    ids = [row.id for row in page.rows]
    asked = _membership_rows().where(Membership.person_id.in_(ids), members_on(day))
    found: dict[int, tuple[MembershipRow, ...]] = {}
    for row in db.session.execute(asked.order_by(CadreGroup.key)) if ids else ():
        found[row.person_id] = (*found.get(row.person_id, ()), MembershipRow(*row))
    rows = [replace(row, memberships=found.get(row.id, ())) for row in page.rows]
    return replace(page, rows=rows)


def _membership_rows() -> AnyRows:
    name = aliased(UnitName)
    called = and_(
        name.unit_id == Unit.id,
        holds_sql(name.starts_on, name.ends_on, Membership.starts_on),
        name.known_at(clock.now()),
    )
    return (
        select(Membership.id, Membership.person_id, CadreGroup.name, CadreGroup.key)
        .add_columns(func.coalesce(name.name, Unit.name), Unit.key, Membership.position)
        .add_columns(Membership.starts_on, Membership.ends_on)
        .add_columns(Membership.recorded_at, Membership.retracted_at)
        .join(CadreGroup, CadreGroup.id == Membership.group_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .outerjoin(name, called)
    )
