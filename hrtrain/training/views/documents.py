"""What leaves a session as a paper or a file: the calendar entry and the sign-in sheet."""

from io import BytesIO

from flask import Response, current_app, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.training.gates import (
    READERS,
    own_training_session_or_404,
    training_session_or_404,
)
from hrtrain.training.ics import calendar_of
from hrtrain.training.models import TrainingSession
from hrtrain.training.queries.enrolments import roster_of
from hrtrain.training.rules import SEATED, last_day
from hrtrain.training.views import bp


def calendar_answer(session: TrainingSession, url: str = "") -> Response:
    """The session's calendar file as a download."""
    content = BytesIO(calendar_of(session, now=clock.now(), url=url))
    # A key may be any text of a data package: the header is written by who knows how.
    name = f"{session.key}.ics"
    return send_file(content, "text/calendar", as_attachment=True, download_name=name)


@bp.get("/training-sessions/<key>.ics")
@open_to(*READERS)
def training_session_calendar(key: str) -> ResponseReturnValue:
    """The session for the organizer's own calendar."""
    session = training_session_or_404(key)
    path = url_for("training.training_session_page", key=key)
    return calendar_answer(session, current_app.config["SETTINGS"].address_of(path))


@bp.get("/training-sessions/<key>/sign-in-sheet")
@open_to(Role.ORGANIZER)
def sign_in_sheet(key: str) -> ResponseReturnValue:
    """The list to be signed at the door, for paper."""
    session = own_training_session_or_404(key)
    return render_template(
        "training/sign_in_sheet.html",
        session=session,
        rows=roster_of(session, SEATED),
        last_day=last_day,
    )
