"""Questions about duplicates: whom to compare, and the pairs a scope may decide. Read only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from hrtrain.accounts.models import User
from hrtrain.core import clock, inline
from hrtrain.core.db import db
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.people.duplicates.blocks import MOST
from hrtrain.people.duplicates.models import DuplicatePair, PersonBlock, PersonLookedAt
from hrtrain.people.duplicates.places import Places
from hrtrain.people.duplicates.rules import Identity
from hrtrain.people.matching import is_seen
from hrtrain.people.models import Membership, Person
from hrtrain.units.models import UnitParent, UnitSuccession
from hrtrain.units.scope import Scope

OPEN, LATER, APART = "open", "later", "apart"
Pair = tuple[int, int]


@dataclass(frozen=True)
class PairRow:
    """A pair as the list shows it."""

    pair: DuplicatePair
    first: Person
    second: Person
    decided_by: str


def read_places() -> Places:
    """The units' tree through all times and who took over whom, as known now."""
    now = clock.now()
    parents: dict[int, list[int]] = {}
    edges = select(UnitParent.unit_id, UnitParent.parent_id).where(UnitParent.known_at(now))
    for unit_id, parent_id in db.session.execute(edges):
        parents.setdefault(unit_id, []).append(parent_id)
    row = UnitSuccession
    asked = select(row.predecessor_id, row.successor_id).where(row.known_at(now))
    return Places(parents, db.session.execute(asked))


def to_look_at(limit: int) -> list[tuple[int, int, bool]]:
    """People new or changed since they were last compared: id, version, whether never compared."""
    is_aside = or_(Person.is_set_aside, Person.anonymised_at.is_not(None))
    asked = select(Person.id, Person.version, is_aside).where(_is_changed())
    joined = asked.outerjoin(PersonLookedAt, PersonLookedAt.person_id == Person.id)
    rows = db.session.execute(joined.order_by(Person.id).limit(limit))
    return [(id_, version, bool(aside)) for id_, version, aside in rows]


def count_to_look_at() -> int:
    """How many people are new or changed since they were last compared."""
    counted = select(func.count(Person.id)).where(_is_changed())
    joined = counted.outerjoin(PersonLookedAt, PersonLookedAt.person_id == Person.id)
    return db.session.scalar(joined) or 0


def _is_changed() -> ColumnElement[bool]:
    seen = PersonLookedAt.version
    return or_(seen.is_(None), seen != Person.version)


def met_by(ids: Collection[int]) -> set[Pair]:
    """Pairs of one of these and anybody who shares a block of not too many with them."""
    mine = select(PersonBlock.block).where(PersonBlock.person_id.in_(_listed()))
    few = (
        select(PersonBlock.block)
        .where(PersonBlock.block.in_(mine))
        .group_by(PersonBlock.block)
        .having(func.count().between(2, MOST))
    )
    shared = select(PersonBlock.block, PersonBlock.person_id).where(PersonBlock.block.in_(few))
    blocks: dict[int, list[int]] = {}
    for block, person_id in db.session.connection().execute(shared, _given(ids)):
        blocks.setdefault(block, []).append(person_id)
    wanted = set(ids)
    return {
        (min(one, other), max(one, other))
        for people in blocks.values()
        for one in people
        if one in wanted
        for other in people
        if other != one
    }


def identities(ids: Iterable[int]) -> dict[int, Identity]:
    """What is compared of these people, by id."""
    listed = _given(ids)
    units: dict[int, set[int]] = {}
    asked = select(Membership.person_id, Membership.unit_id).where(
        Membership.person_id.in_(_listed()), Membership.known_at(clock.now())
    )
    connection = db.session.connection()
    for person_id, unit_id in connection.execute(asked, listed):
        units.setdefault(person_id, set()).add(unit_id)
    columns = (
        *(Person.id, Person.full_name, Person.birth_date, Person.gender, Person.phone),
        *(Person.email, Person.national_id_hash, Person.national_id_last4),
    )
    rows = connection.execute(select(*columns).where(Person.id.in_(_listed())), listed)
    return {row.id: Identity(*row, units=frozenset(units.get(row.id, ()))) for row in rows}


def pairs_with(ids: Collection[int]) -> list[DuplicatePair]:
    """The stored pairs that one of these is in."""
    listed = select(DuplicatePair).where(
        or_(DuplicatePair.first_id.in_(_listed()), DuplicatePair.second_id.in_(_listed()))
    )
    return list(db.session.scalars(listed, _given(ids)))


def told_apart_by_link() -> set[Pair]:
    """Pairs that are two people because records merged into them were said to be."""
    first, second = aliased(Person), aliased(Person)
    standing = [func.coalesce(one.merged_into_id, one.id) for one in (first, second)]
    asked = (
        select(*standing)
        .select_from(DuplicatePair)
        .join(first, first.id == DuplicatePair.first_id)
        .join(second, second.id == DuplicatePair.second_id)
        .where(DuplicatePair.state == APART)
        .where(or_(first.merged_into_id.is_not(None), second.merged_into_id.is_not(None)))
    )
    return {(min(pair), max(pair)) for pair in db.session.execute(asked)}


def _listed() -> Select[int]:
    return select(inline.table("listed", "person_id"))


def _given(ids: Iterable[int]) -> dict[str, str]:
    return {"listed": inline.rows((one,) for one in sorted(set(ids)))}


# --- the list --------------------------------------------------------------------------------


def pair_page(scope: Scope, state: str, after: str | None = None) -> Page[PairRow]:
    """Pairs both of whose people are in scope, the likeliest first; put off ones at the end."""
    asked = _rows(scope).where(_of_state(state))
    total = _count(asked)
    rank = case((DuplicatePair.state == LATER, -1000), else_=0) + DuplicatePair.score
    if place := read_cursor(after, int, int):
        asked = asked.where(tuple_(rank, DuplicatePair.id) < place)
    ordered = asked.add_columns(rank).order_by(rank.desc(), DuplicatePair.id.desc())
    rows = [
        (_row(pair, first, second, name), row_rank)
        for pair, first, second, name, row_rank in db.session.execute(ordered.limit(SIZE + 1))
    ]
    page = page_of(rows, lambda row: (row[1], row[0].pair.id), total=total)
    return Page([row for row, _rank in page.rows], page.after, page.total)


def count_open(scope: Scope) -> int:
    """How many pairs in scope wait for somebody."""
    return _count(_rows(scope).where(_of_state(OPEN)))


def pairs_of(person: Person, scope: Scope) -> list[PairRow]:
    """The pairs that wait for somebody and that the person is in, the likeliest first."""
    is_in = or_(DuplicatePair.first_id == person.id, DuplicatePair.second_id == person.id)
    asked = _rows(scope).where(is_in, _of_state(OPEN)).order_by(DuplicatePair.score.desc())
    return [_row(*row) for row in db.session.execute(asked)]


def find_pair(key: str, scope: Scope) -> PairRow | None:
    """The pair of this key, when both people are in scope and neither was merged meanwhile."""
    row = db.session.execute(_rows(scope).where(DuplicatePair.key == key)).one_or_none()
    return _row(*row) if row else None


def find_pair_of(one: Person, other: Person) -> DuplicatePair | None:
    """The stored pair of these two."""
    first, second = sorted((one.id, other.id))
    return db.session.scalar(select(DuplicatePair).filter_by(first_id=first, second_id=second))


def state_counts() -> dict[str, int]:
    """How many pairs of people in the lists there are, by level, and told apart."""
    first, second = aliased(Person), aliased(Person)
    what = case((DuplicatePair.state == APART, APART), else_=DuplicatePair.level)
    counted = (
        select(what, func.count())
        .join(first, first.id == DuplicatePair.first_id)
        .join(second, second.id == DuplicatePair.second_id)
        .where(~first.is_set_aside, ~second.is_set_aside)
        .group_by(what)
    )
    return dict(db.session.execute(counted).all())


def _of_state(state: str) -> ColumnElement[bool]:
    return DuplicatePair.state == APART if state == APART else DuplicatePair.state != APART


def _count(asked: Select[DuplicatePair, Person, Person, str]) -> int:
    counted = asked.with_only_columns(func.count(), maintain_column_froms=True)
    return db.session.scalar(counted) or 0


def _row(pair: DuplicatePair, first: Person, second: Person, decided_by: str | None) -> PairRow:
    return PairRow(pair, first, second, decided_by or "")


def _rows(scope: Scope) -> Select[DuplicatePair, Person, Person, str]:
    first, second = aliased(Person), aliased(Person)
    asked = (
        select(DuplicatePair, first, second, User.full_name)
        .join(first, and_(first.id == DuplicatePair.first_id, ~first.is_set_aside))
        .join(second, and_(second.id == DuplicatePair.second_id, ~second.is_set_aside))
        .outerjoin(User, User.id == DuplicatePair.decided_by_id)
    )
    today = clock.today()
    return asked.where(*(is_seen(one.id, scope, today) for one in (first, second)))
