"""Pages of accounts: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
