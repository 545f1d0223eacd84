"""Pages of certificates: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("certificates", __name__)
