"""The one way to a unit by key: permission and look-up together; foreign answers like absent."""

from flask import abort
from sqlalchemy import select

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core.db import db
from hrtrain.units.models import Unit
from hrtrain.units.scope import reach, scope_of


def unit_or_404(key: str, *roles: Role) -> Unit:
    """The unit, if the user's grants of these roles (of any, when none is named) reach it."""
    asked = select(Unit).where(Unit.key == key)
    reached = reach(scope_of(current_user(), *roles))
    if reached is not None:
        asked = asked.where(Unit.id.in_(reached))
    unit = db.session.scalar(asked)
    if unit is None:
        abort(404)
    return unit
