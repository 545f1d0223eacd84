"""The way to a reorganisation: whoever entered it, or manages everything; 404 for others."""

from collections.abc import Iterable

from flask import abort

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.reorganising.models import Reorganisation
from hrtrain.reorganising.queries.reorganisations import find_reorganisation, units_by_key
from hrtrain.reorganising.rules import NEW, Entry, Fault
from hrtrain.units.scope import reached_among, scope_of

KEEPER = Role.PROGRAMME_MANAGER


def reorganisation_or_404(key: str) -> Reorganisation:
    """The reorganisation, if the user made it or manages everything."""
    plan = find_reorganisation(key)
    if plan is None or not (plan.made_by_id == current_user().id or manages_everything()):
        abort(404)
    return plan


def manages_everything() -> bool:
    """Whether the user's grants as programme manager reach all units."""
    return scope_of(current_user(), KEEPER).everything


def out_of_reach(entries: Iterable[Entry]) -> list[Fault]:
    """Every line that names a unit the user does not manage."""
    scope = scope_of(current_user(), KEEPER)
    if scope.everything:
        return []
    said = [(entry, key) for entry in entries for key in (entry.unit, entry.to)]
    said = [(entry, key) for entry, key in said if key and not key.startswith(NEW)]
    units = units_by_key({key for _entry, key in said})
    reached = reached_among([unit.id for unit in units.values()], scope)
    return [
        Fault(entry.line, "key", "out_of_reach", key)
        for entry, key in said
        if key in units and units[key].id not in reached
    ]
