"""The audit log, for administrators."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hrtrain.accounts import words
from hrtrain.accounts.queries import AuditFilter, audit_page
from hrtrain.accounts.rules import Role
from hrtrain.accounts.views import bp
from hrtrain.accounts.views.reach import managed_units
from hrtrain.core.access import open_to
from hrtrain.core.forms import read_day


@bp.get("/audit")
@open_to(Role.ADMINISTRATOR)
def audit_log() -> ResponseReturnValue:
    """Who did what to which object, the newest first."""
    asked, fault, day = request.args, "", None
    try:
        day = read_day(asked["day"].strip()) if asked.get("day", "").strip() else None
    except ValueError as error:
        fault = str(error)
    wanted = AuditFilter(asked.get("user", ""), asked.get("subject", ""), day)
    page = audit_page(wanted, managed_units(), asked.get("after"))
    status = 422 if fault else 200
    body = render_template("accounts/audit.html", page=page, fault=fault, subjects=words.SUBJECTS)
    return body, status
