"""Closing, reopening and calling off a session, each after a page that says what follows."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.certificates.queries.due import certificate_count
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.training.actions.sessions import (
    cancel_training_session,
    close_training_session,
    reopen_training_session,
)
from hrtrain.training.forms import ActForm, ReasonForm
from hrtrain.training.gates import locked_training_session_or_404, own_training_session_or_404
from hrtrain.training.models import TrainingSession
from hrtrain.training.queries.sessions import figures_of
from hrtrain.training.rules import closing_fault, last_day
from hrtrain.training.views import bp
from hrtrain.training.views.answers import page
from hrtrain.training.words import FAULTS

TEMPLATES = {
    "close": "training/session_close.html",
    "reopen": "training/session_reason.html",
    "cancel": "training/session_reason.html",
}


@bp.route("/training-sessions/<key>/close", methods=["GET", "POST"])
@open_to(Role.ORGANIZER)
def training_session_close(key: str) -> ResponseReturnValue:
    """Close a session after showing what will be recorded."""

    def close(session: TrainingSession) -> str:
        recorded = close_training_session(session, by=current_user(), today=clock.today())
        return str(_("Đã đóng lớp: ghi nhận %(n)s người hoàn thành khóa học.", n=recorded))

    return _act(key, ActForm(), "close", close)


@bp.route("/training-sessions/<key>/reopen", methods=["GET", "POST"])
@open_to(Role.ORGANIZER)
def training_session_reopen(key: str) -> ResponseReturnValue:
    """Open a closed session again, with a reason, before its first certificate."""
    form = ReasonForm()

    def reopen(session: TrainingSession) -> str:
        reopen_training_session(
            session,
            form.reason.data or "",
            certificates=certificate_count(session),
            by=current_user(),
        )
        return str(_("Đã mở lại lớp. Kết quả sẽ được ghi nhận khi đóng lớp lần nữa."))

    return _act(key, form, "reopen", reopen)


@bp.route("/training-sessions/<key>/cancel", methods=["GET", "POST"])
@open_to(Role.ORGANIZER)
def training_session_cancel(key: str) -> ResponseReturnValue:
    """Call an open session off, with a reason."""
    form = ReasonForm()

    def cancel(session: TrainingSession) -> str:
        cancel_training_session(session, form.reason.data or "", by=current_user())
        return str(_("Đã hủy lớp."))

    return _act(key, form, "cancel", cancel)


def _act(
    key: str, form: ActForm, what: str, act: Callable[[TrainingSession], str]
) -> ResponseReturnValue:
    """Show the page of an act, or do the act on the session as the page showed it."""
    session, status = own_training_session_or_404(key), 200
    if not form.is_submitted():
        form.version.data = session.version
    elif form.validate():
        try:
            locked = locked_training_session_or_404(key)
            check_version(form, locked)
            said = act(locked)
            db.session.commit()
            flash(said, "good")
            return redirect(url_for("training.training_session_page", key=key), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
            form.version.data = session.version
    figures = figures_of(session)
    fault = closing_fault(
        session.state,
        session.ends_on,
        clock.today(),
        seated=figures.seated,
        unmarked=figures.unmarked,
    )
    html = render_template(
        TEMPLATES[what],
        form=form,
        session=session,
        what=what,
        figures=figures,
        fault=str(FAULTS[fault]) % {"n": figures.unmarked} if fault else "",
        last_day=last_day,
        is_stale=status == 409,
    )
    return page(html, form, status)
