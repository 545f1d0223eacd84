"""Pages of units: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("units", __name__)

from hrtrain.units.views import tree, unit  # noqa: E402

__all__ = ["bp", "tree", "unit"]
