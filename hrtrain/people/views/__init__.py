"""Pages of people: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("people", __name__)

from hrtrain.people.views import (  # noqa: E402
    duplicates,
    groups,
    headcounts,
    headcounts_due,
    memberships,
    merges,
    people,
    roster_columns,
    roster_decisions,
    roster_undo,
    rosters,
)

__all__ = [
    "bp",
    "duplicates",
    "groups",
    "headcounts",
    "headcounts_due",
    "memberships",
    "merges",
    "people",
    "roster_columns",
    "roster_decisions",
    "roster_undo",
    "rosters",
]
