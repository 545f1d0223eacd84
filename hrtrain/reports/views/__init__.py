"""Pages of reports: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("reports", __name__)

from hrtrain.reports.views import coverage_sheets, expiring_sheets, seal_sheets  # noqa: E402

__all__ = ["bp", "coverage_sheets", "expiring_sheets", "seal_sheets"]
