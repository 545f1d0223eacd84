"""Pages of people: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("people", __name__)
