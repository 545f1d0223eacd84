"""The way to a sealed report: permission and look-up in one function; foreign answers like absent.

A report of a unit is read by whoever reads coverage there; one of everything by those who reach
everything. The names in it are read only at units that are in reach today.
"""

from collections.abc import Iterable

from flask import abort

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core.db import db
from hrtrain.coverage.gates import READERS, keys_in_reach
from hrtrain.coverage.seals.models import Seal
from hrtrain.coverage.seals.queries import anonymous_in, find_seal
from hrtrain.units.models import Unit
from hrtrain.units.scope import reach, scope_of

# An administrator may whatever any of the roles may.
SEALERS = (Role.ADMINISTRATOR, Role.LEADERSHIP, Role.PROGRAMME_MANAGER)


def seal_or_404(key: str, *roles: Role) -> Seal:
    """The sealed report, if the user's grants of these roles (of readers) reach its unit."""
    seal = find_seal(key)
    if seal is None or not reaches(seal.unit, *(roles or READERS)):
        abort(404)
    return seal


def reaches(unit: Unit | None, *roles: Role) -> bool:
    """Whether the grants of these roles reach the unit; without one, whether they reach all."""
    reached = reach(scope_of(current_user(), *roles))
    if reached is None or unit is None:
        return reached is None
    here = reached.where(reached.selected_columns[0] == unit.id)
    return db.session.scalar(here.limit(1)) is not None


def readable(units: Iterable[str]) -> set[str]:
    """Those of the units' keys whose people the user may read by name today."""
    return keys_in_reach(units, reach(scope_of(current_user(), *READERS)))


def may_read_bytes(seal: Seal) -> bool:
    """Who may read the sealed bytes: with names in them that are anonymous now, administrators."""
    return not anonymous_in(seal) or reaches(seal.unit, Role.ADMINISTRATOR)
