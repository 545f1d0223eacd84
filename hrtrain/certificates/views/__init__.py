"""Pages of certificates: gate, form, one query or action, the one commit, the answer."""

from flask import Blueprint

bp = Blueprint("certificates", __name__)

from hrtrain.certificates.views import (  # noqa: E402
    certificates,
    changing,
    issuing,
    register,
    series,
    verify,
)

__all__ = ["bp", "certificates", "changing", "issuing", "register", "series", "verify"]
