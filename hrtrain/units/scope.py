"""Which units a user's grants reach: a grant is for a unit and everything below it, or for all."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select

from hrtrain.accounts.models import User
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.units.models import Unit, UnitParent, UnitSuccession
from hrtrain.units.tree import subtree_ids


@dataclass(frozen=True)
class Scope:
    """Everything, or the units of ``roots`` and those below them; neither: nothing at all."""

    everything: bool = False
    roots: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether it reaches no unit."""
        return not self.everything and not self.roots


def scope_of(user: User, *roles: Role) -> Scope:
    """What the user's grants of these roles reach together; of any role, when none is named.

    An administrator's grant counts whatever is asked; an attendee's never does, because an
    attendee sees own things only.
    """
    asked = set(roles or Role) - {Role.ATTENDEE} | {Role.ADMINISTRATOR}
    unit_ids = [grant.unit_id for grant in user.grants if grant.role in asked]
    if None in unit_ids:
        return Scope(everything=True)
    return Scope(roots=frozenset(unit_id for unit_id in unit_ids if unit_id is not None))


def within(scope: Scope, day: date) -> Select[int] | None:
    """The ids of the units in scope by the tree of the day; ``None`` when that is everything."""
    if scope.everything:
        return None
    return subtree_ids(scope.roots, day)


def reach(scope: Scope) -> Select[int] | None:
    """The ids of the units whose pages the scope opens: today's tree and its past.

    A unit whose life has ended stays where it last lay, and a unit in the scope's roots brings
    the units it took over: else nobody below the whole country could read last year's figures.
    """
    if scope.everything:
        return None
    # Asked first: PostgreSQL guesses hundreds of them, and would hash every edge at each level.
    roots = db.session.scalars(_roots_and_predecessors(scope.roots)).all()
    tree = select(Unit.id.label("unit_id")).where(Unit.id.in_(roots)).cte(recursive=True)
    below = (
        select(UnitParent.unit_id)
        .join(tree, UnitParent.parent_id == tree.c.unit_id)
        .join(Unit, Unit.id == UnitParent.unit_id)
        .where(_lies_there())
    )
    return select(tree.union(below).c.unit_id)


def reached_among(unit_ids: Collection[int], scope: Scope) -> set[int]:
    """Those of these units that lie in the `reach`, found by the few ways up from them."""
    if scope.everything or scope.is_empty:
        return set(unit_ids) if scope.everything else set()
    start = select(Unit.id.label("start_id"), Unit.id.label("unit_id")).where(Unit.id.in_(unit_ids))
    way = start.cte(recursive=True)
    above = (
        select(way.c.start_id, UnitParent.parent_id)
        .join(way, UnitParent.unit_id == way.c.unit_id)
        .join(Unit, Unit.id == UnitParent.unit_id)
        .where(_lies_there())
    )
    way = way.union(above)
    met = way.c.unit_id.in_(_roots_and_predecessors(scope.roots))
    return set(db.session.scalars(select(way.c.start_id).where(met)))


def _lies_there() -> ColumnElement[bool]:
    """The edge holds today, or is the last of a unit whose life has ended."""
    today = clock.today()
    lies_there = or_(
        holds_sql(UnitParent.starts_on, UnitParent.ends_on, today),
        and_(UnitParent.ends_on == Unit.ends_on, Unit.ends_on <= today),
    )
    return and_(lies_there, UnitParent.known_at(clock.now()))


def _roots_and_predecessors(roots: Iterable[int]) -> Select[int]:
    found = select(Unit.id.label("unit_id")).where(Unit.id.in_(list(roots))).cte(recursive=True)
    before = (
        select(UnitSuccession.predecessor_id)
        .join(found, UnitSuccession.successor_id == found.c.unit_id)
        .join(Unit, Unit.id == UnitSuccession.predecessor_id)
        .where(Unit.ends_on <= clock.today(), UnitSuccession.known_at(clock.now()))
    )
    return select(found.union(before).c.unit_id)
