"""Which people fit what a list asks: few are listed by id, many are met while names are walked.

Neither way alone is quick: sorting a whole country costs as much as looking through all its
names for one commune.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from hrtrain.core import clock, inline
from hrtrain.core.db import db, holds_sql
from hrtrain.core.text import search_key
from hrtrain.people.models import Membership, Person
from hrtrain.units.queries import subtree_ids
from hrtrain.units.scope import Scope, within

# How many ids are worth listing and sorting by hand: at 100,000 people walking the names takes as
# long as sorting some 3,000, at a million some 8,000.
FEW = 4000
# So many people are counted, all of them, in less time than a page of them takes.
MANY = 200_000


@dataclass(frozen=True)
class PersonFilter:
    """What a list is narrowed to; with a group, a unit or a day: members then (else today)."""

    text: str = ""
    group_id: int | None = None
    unit_id: int | None = None
    on: date | None = None

    @property
    def asks_members(self) -> bool:
        """Whether only people with a membership are meant."""
        return bool(self.group_id or self.unit_id or self.on)


@dataclass(frozen=True)
class Matching:
    """The people who fit: their ids; where these are many, what to ask of each one walked by."""

    ids: set[int] | None
    walked: list[ColumnElement[bool]]

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a statement about people asks; its parameters are `given`."""
        asked = self.walked if self.ids is None else [Person.id.in_(_listed())]
        return [*asked, ~Person.is_set_aside]

    def given(self) -> dict[str, str]:
        """The listed ids as the statement's parameter."""
        return {} if self.ids is None else _values(self.ids)

    def total(self) -> int | None:
        """How many fit; None where counting would cost more than listing."""
        if self.ids is not None:
            return len(self.ids)
        return None if self.walked else _everybody()


@dataclass(frozen=True)
class _Filter:
    """One thing asked: for the ids of all who meet it, for some people's, for one walked by."""

    ids: Select[int]
    by_person: Select[int]
    person_id: ColumnElement[int]
    walked: ColumnElement[bool]
    is_by_unit: bool = False

    def among(self, ids: set[int]) -> set[int]:
        """Those of the ids who meet it."""
        asked = self.by_person.where(self.person_id.in_(_listed()))
        return set(_read(asked, _values(ids)))


def matching(scope: Scope, asked: PersonFilter, today: date) -> Matching:
    """The people in scope who fit the filter.

    The first thing asked that only few meet is enough: the others are asked of these few.
    """
    filters = _filters(scope, asked, today)
    few, others = _first_few(filters)
    if few is not None:
        for other in others:
            few = other.among(few)
        return Matching(few - _set_aside(few), [])
    walked = [one.walked for one in filters]
    if len(filters) > 1:
        # Each is met by many, all together perhaps by few.
        few = _few(select(Person.id).where(Person.id.in_(filters[0].ids), *walked[1:]))
    return Matching(few and few - _set_aside(few), [] if few is not None else walked)


def _first_few(filters: list[_Filter]) -> tuple[set[int] | None, list[_Filter]]:
    """The ids of those who meet the first filters that few meet, and the filters left to ask.

    Some hundreds are asked quickly one by one; of more, reading another unit's few is quicker.
    """
    few: set[int] | None = None
    others: list[_Filter] = []
    for one in filters:
        is_worth = few is None or (one.is_by_unit and len(few) > FEW // 4)
        found = _few(one.ids) if is_worth else None
        if found is None:
            others.append(one)
        else:
            few = found if few is None else few & found
    return few, others


def is_seen(person_id: Any, scope: Scope, today: date) -> ColumnElement[bool]:
    """SQL: the scope may see the person of this id, a column of the statement around.

    A membership in scope opens a person's page until the day after its last day. It is asked of
    each person that the statement meets, so that a few people cost no more than a few.
    """
    units = within(scope, today)
    if units is None:
        return true()
    tied = _seen(units, today, _BY_PERSON).where(Membership.person_id == person_id)
    return tied.correlate_except(Membership).exists()


def members_on(day: date) -> ColumnElement[bool]:
    """SQL: the membership holds the day and is known."""
    held = holds_sql(Membership.starts_on, Membership.ends_on, day)
    return and_(held, Membership.known_at(clock.now()))


@dataclass(frozen=True)
class _Columns:
    """How a membership's group and unit are written in SQL."""

    group_id: ColumnElement[int]
    unit_id: ColumnElement[int]


_AS_INDEXED = _Columns(Membership.group_id.expression, Membership.unit_id.expression)
# A sum is in no index: SQLite would search a group of thousands again for each person asked about.
_BY_PERSON = _Columns(Membership.group_id + 0, Membership.unit_id + 0)


def _filters(scope: Scope, asked: PersonFilter, today: date) -> list[_Filter]:
    """What is asked, first what is likely to be met by the fewest."""
    found: list[_Filter] = []
    units, words = within(scope, today), search_key(asked.text)
    if units is not None:
        seen, by_person = (_seen(units, today, columns) for columns in (_AS_INDEXED, _BY_PERSON))
        found.append(_of_memberships(seen, by_person, is_by_unit=True))
    if asked.asks_members:
        members, by_person = _members(asked, asked.on or today)
        is_by_unit = asked.unit_id is not None
        members_here = _of_memberships(members, by_person, is_by_unit=is_by_unit)
        found.insert(0 if is_by_unit else len(found), members_here)
    if words:
        holds = Person.search_key.contains(words, autoescape=True)
        named = select(Person.id).where(holds)
        found.append(_Filter(named, named, Person.id.expression, holds))
    return found


def _of_memberships(ids: Select[int], by_person: Select[int], *, is_by_unit: bool) -> _Filter:
    walked = by_person.where(Membership.person_id == Person.id).correlate(Person).exists()
    return _Filter(ids, by_person, Membership.person_id.expression, walked, is_by_unit)


def _seen(units: Select[int], today: date, columns: _Columns) -> Select[int]:
    return select(Membership.person_id).where(
        Membership.known_at(clock.now()),
        or_(Membership.ends_on.is_(None), Membership.ends_on > today),
        columns.unit_id.in_(units),
    )


def _members(asked: PersonFilter, day: date) -> Iterator[Select[int]]:
    """Those asked for, by the index, then by person."""
    below = subtree_ids([asked.unit_id], day) if asked.unit_id else None
    for columns in (_AS_INDEXED, _BY_PERSON):
        found = select(Membership.person_id).where(members_on(day))
        if asked.group_id:
            found = found.where(columns.group_id == asked.group_id)
        yield found if below is None else found.where(columns.unit_id.in_(below))


def _few(ids: Select[int]) -> set[int] | None:
    """These ids; None when they are more than a few."""
    found = _read(ids.limit(FEW + 1))
    return set(found) if len(found) <= FEW else None


def _everybody() -> int | None:
    """How many people there are, without those set aside; None where there are very many."""
    if (db.session.scalar(select(func.max(Person.id))) or 0) > MANY:
        return None
    total, aside = (select(func.count(Person.id)) for _count in range(2))
    aside = aside.where(Person.is_set_aside)
    return (db.session.scalar(total) or 0) - (db.session.scalar(aside) or 0)


def _set_aside(ids: set[int]) -> set[int]:
    """Those of the ids that are in no list any more."""
    asked = select(Person.id).where(Person.id.in_(_listed()), Person.is_set_aside)
    return set(_read(asked, _values(ids))) if ids else set()


def _read(ids: Select[int], given: dict[str, str] | None = None) -> Sequence[int]:
    """Straight from the connection: the session's ORM takes longer than the database."""
    return db.session.connection().execute(ids, given).scalars().all()


def _listed() -> Select[int]:
    return select(inline.table("listed", "person_id"))


def _values(ids: set[int]) -> dict[str, str]:
    return {"listed": inline.rows((one,) for one in sorted(ids))}
