"""The one way to a unit by key: permission and look-up together; foreign answers like absent."""

from flask import abort

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.units.models import Unit
from hrtrain.units.queries import find_unit, unit_of_text
from hrtrain.units.scope import reached_among, scope_of

# Who may look at units and what lies in them; an attendee sees own things only.
READERS = (Role.PROGRAMME_MANAGER, Role.ORGANIZER, Role.FOCAL_POINT, Role.LEADERSHIP)


def unit_or_404(key: str, *roles: Role) -> Unit:
    """The unit, if the user's grants of these roles (of any, when none is named) reach it."""
    unit = find_unit(key)
    if unit is None or not reaches_unit(unit, *roles):
        abort(404)
    return unit


def reaches_unit(unit: Unit, *roles: Role) -> bool:
    """Whether the user's grants of these roles (of any, when none is named) reach the unit."""
    return bool(reached_among([unit.id], scope_of(current_user(), *roles)))


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
