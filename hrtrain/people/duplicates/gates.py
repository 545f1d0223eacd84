"""The one way to a pair by key: both people in the user's scope, else 404."""

from flask import abort

from hrtrain.accounts.access import current_user
from hrtrain.people.duplicates.queries import PairRow, find_pair
from hrtrain.people.gates import KEEPERS
from hrtrain.units.scope import scope_of


def pair_or_404(key: str) -> PairRow:
    """The pair, when the user keeps both people and neither was merged meanwhile."""
    return find_pair(key, scope_of(current_user(), *KEEPERS)) or abort(404)
