"""Pages of accounts: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from hrtrain.accounts.views import (  # noqa: E402
    account,
    audit,
    health,
    invitation,
    language,
    navigation,
    sign_in,
    users,
)

__all__ = [
    "account",
    "audit",
    "bp",
    "health",
    "invitation",
    "language",
    "navigation",
    "sign_in",
    "users",
]
