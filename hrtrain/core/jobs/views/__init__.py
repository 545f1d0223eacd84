"""The progress page of bulk work."""

from flask import Blueprint

bp = Blueprint("jobs", __name__)

from hrtrain.core.jobs.views import progress  # noqa: E402

__all__ = ["bp", "progress"]
