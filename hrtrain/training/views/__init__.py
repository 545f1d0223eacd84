"""Pages of training: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("training", __name__)

from hrtrain.training.views import (  # noqa: E402
    attendance,
    attendee,
    completions,
    courses,
    documents,
    enrolling,
    life,
    personal,
    sessions,
)

__all__ = [
    "attendance",
    "attendee",
    "bp",
    "completions",
    "courses",
    "documents",
    "enrolling",
    "life",
    "personal",
    "sessions",
]
