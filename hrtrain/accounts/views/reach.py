"""How far an administrator's arm reaches, for the pages of users and of the audit log."""

from hrtrain.accounts.access import current_user
from hrtrain.accounts.models import Grant
from hrtrain.accounts.queries import UnitIds
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.units.gates import typed_unit
from hrtrain.units.queries import names_on
from hrtrain.units.scope import Scope, reach, scope_of


def own_scope() -> Scope:
    """What the signed-in administrator administers."""
    return scope_of(current_user(), Role.ADMINISTRATOR)


def managed_units() -> UnitIds:
    """The ids of the units whose users the signed-in administrator manages; None: all users."""
    return reach(own_scope())


def granted_unit(text: str) -> tuple[int, str] | None:
    """The (id, key) of the unit typed into a grant's form; None for everything.

    Refused when no unit in the administrator's own scope is meant, and when everything is given
    by somebody who does not administer everything.
    """
    if text:
        unit = typed_unit(text, Role.ADMINISTRATOR)
        return unit.id, unit.key
    if not own_scope().everything:
        raise Refusal(
            _("Hãy chọn đơn vị: bạn chỉ giao vai trò trong phạm vi của mình."), where="unit"
        )
    return None


def names_of(grants: list[Grant]) -> dict[int, str]:
    """What the grants' units are called today, by id."""
    return names_on({grant.unit_id for grant in grants if grant.unit_id}, clock.today())
