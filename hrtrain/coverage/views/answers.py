"""What several pages of plans share: the unit a field means, and where an act ends."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.coverage.models import Programme
from hrtrain.units.gates import typed_unit
from hrtrain.units.scope import scope_of


def unit_id_of(field: Any, *, needed: bool = False) -> int | None:
    """The id of the unit typed into the field, within the reach of the user as programme manager.

    Where ``needed``, only a manager of everything may leave it empty.
    """
    if field.data:
        return typed_unit(field.data, Role.PROGRAMME_MANAGER, where=field.name).id
    if needed and not scope_of(current_user(), Role.PROGRAMME_MANAGER).everything:
        raise Refusal(_("Hãy ghi đơn vị trong phạm vi của bạn."), where=field.name)
    return None


def saved(
    programme: Programme, said: str, page: str = "coverage.programme_page"
) -> ResponseReturnValue:
    """Say what was done, and back to a page of the programme."""
    flash(said)
    return redirect(url_for(page, key=programme.key), 303)
