"""What several pages of plans share: a refusal on its form, and the unit a text means."""

from typing import Any

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import complain
from hrtrain.core.language import gettext as _
from hrtrain.core.text import search_key
from hrtrain.units.queries import UnitHit, find_unit, search_units
from hrtrain.units.scope import reach, scope_of

MOST_CANDIDATES = 6


def refuse_on(form: Any, refusal: Refusal) -> int:
    """Undo, put the refusal where it belongs on the form, and give the answer's status."""
    db.session.rollback()
    complain(form, refusal)
    return refusal.status


def unit_id_of(field: Any, *, needed: bool = False) -> int | None:
    """The id of the unit whose key or name stands in the field; refused when it is not just one.

    Only units that the user's grant as programme manager reaches are known here; a manager of
    some units must name one where ``needed``.
    """
    text = field.data or ""
    if not text:
        if needed and reach(scope_of(current_user(), Role.PROGRAMME_MANAGER)) is not None:
            raise Refusal(_("Hãy ghi đơn vị trong phạm vi của bạn."), where=field.name)
        return None
    found = _units_meant(text)
    if len(found) == 1:
        return found[0].id
    raise Refusal(_complaint(text, found), where=field.name)


def _units_meant(text: str) -> list[UnitHit]:
    """The units a text may mean: by key, else by whole name, else by part of a name."""
    reached = reach(scope_of(current_user(), Role.PROGRAMME_MANAGER))
    hits = search_units(text, clock.today(), reached, MOST_CANDIDATES)
    unit = find_unit(text)
    by_key = [hit for hit in hits if unit is not None and hit.id == unit.id]
    by_name = [hit for hit in hits if search_key(hit.name) == search_key(text)]
    return _each_once(by_key or by_name or hits)


def _each_once(hits: list[UnitHit]) -> list[UnitHit]:
    return list({hit.id: hit for hit in hits}.values())


def _complaint(text: str, found: list[UnitHit]) -> str:
    if not found:
        return _("Không có đơn vị “%(text)s” trong phạm vi của bạn.", text=text)
    named = "; ".join(f"{_with_path(hit)} ({hit.key})" for hit in found)
    return _("“%(text)s” có thể là nhiều đơn vị, hãy ghi mã: %(units)s.", text=text, units=named)


def _with_path(hit: UnitHit) -> str:
    above = [unit.name for unit in hit.path[-1:]]
    return ", ".join([hit.name, *above])
