"""Pages of reports: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
