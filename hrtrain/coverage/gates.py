"""The ways to programmes and what belongs to them: permission and look-up in one function.

A plan is no personal data: whoever reads coverage may read it. It is managed by those whose grant
reaches the unit that issued it; a programme of the whole country by those who reach everything.
"""

from collections.abc import Iterable

from flask import abort
from sqlalchemy import Select, select

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock, inline
from hrtrain.core.db import db
from hrtrain.coverage.models import Exemption, Programme, RequirementOption, Target
from hrtrain.coverage.plan_queries import (
    find_exemption,
    find_option,
    find_programme,
    find_target,
)
from hrtrain.people.matching import is_seen
from hrtrain.people.models import Person
from hrtrain.units.models import Unit
from hrtrain.units.scope import Scope, reach, scope_of

READERS = (
    Role.ADMINISTRATOR,
    Role.PROGRAMME_MANAGER,
    Role.ORGANIZER,
    Role.FOCAL_POINT,
    Role.LEADERSHIP,
)


def programme_or_404(key: str) -> Programme:
    """The programme, for whoever reads coverage somewhere."""
    programme = find_programme(key)
    if programme is None or scope_of(current_user(), *READERS).is_empty:
        abort(404)
    return programme


def managed_programme_or_404(key: str) -> Programme:
    """The programme, if the user manages it."""
    programme = programme_or_404(key)
    if not manages(programme):
        abort(404)
    return programme


def manages(programme: Programme) -> bool:
    """Whether the user's grant as programme manager reaches who issued the programme."""
    reached = reach(scope_of(current_user(), Role.PROGRAMME_MANAGER))
    if reached is None or programme.authority_unit_id is None:
        return reached is None
    issued_by = reached.where(reached.selected_columns[0] == programme.authority_unit_id)
    return db.session.scalar(issued_by.limit(1)) is not None


def keys_in_reach(keys: Iterable[str | None], reached: Select[int] | None) -> set[str]:
    """Those of the units' keys whose pages the reach opens, so that no link leads to a 404."""
    asked = {key for key in keys if key is not None}
    if reached is None or not asked:
        return asked
    found = select(Unit.key).where(Unit.key.in_(asked), Unit.id.in_(reached))
    return set(db.session.scalars(found))


def unit_alone(key: str, reached: Select[int] | None) -> Select[int]:
    """The one unit of this key without those below it; none when it is out of reach."""
    alone = select(Unit.id).where(Unit.key == key)
    return alone if reached is None else alone.where(Unit.id.in_(reached))


def units_among(unit_ids: Iterable[int], reached: Select[int] | None) -> Select[int]:
    """Those of the units that are in reach."""
    these = inline.numbers("among", unit_ids)
    return these if reached is None else these.where(these.selected_columns[0].in_(reached))


def people_in_reach(person_ids: Iterable[int], scope: Scope) -> set[int]:
    """Those of the people whose own pages the scope opens today."""
    asked = set(person_ids)
    if scope.everything or not asked:
        return asked
    seen = is_seen(Person.id, scope, clock.today())
    return set(db.session.scalars(select(Person.id).where(Person.id.in_(asked), seen)))


def target_or_404(programme: Programme, group_key: str) -> Target:
    """The programme's target for the group; the programme came through its own gate."""
    return find_target(programme, group_key) or abort(404)


def option_or_404(programme: Programme, option_id: int) -> RequirementOption:
    """The programme's requirement row; the programme came through its own gate."""
    return find_option(programme, option_id) or abort(404)


def exemption_or_404(programme: Programme, exemption_id: int) -> Exemption:
    """The programme's exemption, if the person is within the manager's reach."""
    reached = reach(scope_of(current_user(), Role.PROGRAMME_MANAGER))
    return find_exemption(programme, exemption_id, reached) or abort(404)
