"""Pages of coverage: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("coverage", __name__)

from hrtrain.coverage.views import (  # noqa: E402
    compare,
    dashboard,
    distinct_people,
    exemptions,
    expiring,
    forecast,
    people_behind,
    person_history,
    programmes,
    requirements,
    restatements,
    seals,
    standings,
    targets,
    trends,
    trust,
)

__all__ = [
    "bp",
    "compare",
    "dashboard",
    "distinct_people",
    "exemptions",
    "expiring",
    "forecast",
    "people_behind",
    "person_history",
    "programmes",
    "requirements",
    "restatements",
    "seals",
    "standings",
    "targets",
    "trends",
    "trust",
]
