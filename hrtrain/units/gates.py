"""The one way to a unit by key: permission and look-up together; foreign answers like absent."""

from flask import abort
from sqlalchemy import select

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.units.models import Unit
from hrtrain.units.queries import unit_of_text
from hrtrain.units.scope import reach, scope_of

# Who may look at units and what lies in them; an attendee sees own things only.
READERS = (Role.PROGRAMME_MANAGER, Role.ORGANIZER, Role.FOCAL_POINT, Role.LEADERSHIP)


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


def reaches_unit(unit: Unit, *roles: Role) -> bool:
    """Whether the user's grants of these roles reach a unit that was let through the gate."""
    scope = scope_of(current_user(), *roles)
    reached = reach(scope)
    if reached is None or scope.is_empty:
        return scope.everything
    here = select(Unit.id).where(Unit.id == unit.id, Unit.id.in_(reached))
    return db.session.scalar(here) is not None


def administers_everything() -> bool:
    """Whether the signed-in user is administrator of the whole, not of some units only."""
    return scope_of(current_user(), Role.ADMINISTRATOR).everything


def typed_unit(text: str, *roles: Role, where: str = "unit") -> Unit:
    """The unit in scope that was typed as key, ``name [key]``, code or name of today.

    Refused, at the form's field, when none or several are meant: foreign units are none.
    """
    try:
        unit = unit_of_text(text, clock.today(), scope_of(current_user(), *roles))
    except Refusal as refusal:
        raise Refusal(refusal.message, where=where) from None
    if unit is None:
        raise Refusal(
            _("Không có đơn vị “%(text)s” trong phạm vi của bạn.", text=text), where=where
        )
    return unit
