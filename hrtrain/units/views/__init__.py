"""Pages of units: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("units", __name__)
