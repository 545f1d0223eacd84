"""The switch between Vietnamese and English, kept in the browser's session."""

from flask import redirect, request, session
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import safe_next
from hrtrain.accounts.views import bp
from hrtrain.core.access import public
from hrtrain.core.language import LANGUAGES


@bp.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Remember the language and go back to the page; an unknown one changes nothing."""
    if request.form.get("language") in LANGUAGES:
        session["language"] = request.form["language"]
    return redirect(safe_next(request.form.get("next")), 303)
