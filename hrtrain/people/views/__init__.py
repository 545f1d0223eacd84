"""Pages of people: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("people", __name__)

from hrtrain.people.views import groups, headcounts, memberships, people, rosters  # noqa: E402

__all__ = ["bp", "groups", "headcounts", "memberships", "people", "rosters"]
