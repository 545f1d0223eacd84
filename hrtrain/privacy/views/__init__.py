"""Pages of personal data: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("privacy", __name__)

from hrtrain.privacy.views import (  # noqa: E402
    accesses,
    anonymising,
    incidents,
    own,
    person_data,
    requests,
    retention,
    settings,
    tabs,
    watching,
)

__all__ = [
    "accesses",
    "anonymising",
    "bp",
    "incidents",
    "own",
    "person_data",
    "requests",
    "retention",
    "settings",
    "tabs",
    "watching",
]
