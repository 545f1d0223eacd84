"""The log of who was shown whom, for administrators."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hrtrain.accounts.rules import Role
from hrtrain.accounts.views.reach import managed_units
from hrtrain.core.access import open_to
from hrtrain.core.forms import read_day
from hrtrain.privacy import words
from hrtrain.privacy.queries.accesses import AccessFilter, access_page
from hrtrain.privacy.views import bp
from hrtrain.privacy.watched import WATCHED


@bp.get("/privacy")
@open_to(Role.ADMINISTRATOR)
def access_log() -> ResponseReturnValue:
    """Who looked at, printed or took away names, the newest first."""
    asked, fault, day = request.args, "", None
    try:
        day = read_day(asked["day"].strip()) if asked.get("day", "").strip() else None
    except ValueError as error:
        fault = str(error)
    wanted = AccessFilter(
        username=asked.get("user", "").strip(),
        person=asked.get("person", "").strip(),
        purpose=asked.get("purpose", ""),
        day=day,
    )
    page = access_page(wanted, managed_units(), asked.get("after"))
    shown = {"page": page, "fault": fault, "words": words, "watched": WATCHED}
    return render_template("privacy/access_log.html", **shown), 422 if fault else 200
