"""Pages of training: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("training", __name__)
