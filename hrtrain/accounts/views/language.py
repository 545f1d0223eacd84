"""The switch between Vietnamese and English, kept in the browser's session and with the user."""

from flask import redirect, request, session
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user, current_visitor, safe_next
from hrtrain.accounts.views import bp
from hrtrain.core.access import public
from hrtrain.core.db import db
from hrtrain.core.language import LANGUAGES


@bp.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Remember the language, for a user for ever, and go back; an unknown one changes nothing."""
    language = request.form.get("language")
    if language in LANGUAGES:
        session["language"] = language
        if current_visitor():
            current_user().language = language
            db.session.commit()
    return redirect(safe_next(request.form.get("next")), 303)
