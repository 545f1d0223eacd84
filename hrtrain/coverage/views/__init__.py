"""Pages of coverage: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("coverage", __name__)
