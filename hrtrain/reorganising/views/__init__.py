"""Pages of reorganisations: entered, previewed, done, decided on, undone."""

from flask import Blueprint

bp = Blueprint("reorganising", __name__)

from hrtrain.reorganising.views import deciding, entering, page, steps  # noqa: E402

__all__ = ["bp", "deciding", "entering", "page", "steps"]
