"""The attendance sheet: a page of people in one form, joined with what others marked meanwhile."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.training import words
from hrtrain.training.actions.attendance import correct_attendance, mark_attendance
from hrtrain.training.forms import MARKS, read_marks
from hrtrain.training.gates import locked_training_session_or_404, own_training_session_or_404
from hrtrain.training.models import TrainingSession
from hrtrain.training.queries.enrolments import marks_of, roster_page
from hrtrain.training.queries.sessions import figures_of
from hrtrain.training.rules import (
    SEATED,
    MergedMarks,
    PostedMark,
    SessionState,
    last_day,
    marking_fault,
    merge_marks,
)
from hrtrain.training.views import bp
from hrtrain.training.words import FAULTS

NAMES = {mark: name for name, mark in MARKS.items()}


@bp.get("/training-sessions/<key>/attendance")
@open_to(Role.ORGANIZER)
def attendance(key: str) -> ResponseReturnValue:
    """The sheet of those with a seat, in name order, a page at a time."""
    return _sheet(own_training_session_or_404(key))


@bp.post("/training-sessions/<key>/attendance")
@open_to(Role.ORGANIZER)
def save_attendance(key: str) -> ResponseReturnValue:
    """Save the rows the form changed; where somebody else was quicker, nothing is saved (409)."""
    session = locked_training_session_or_404(key)
    posted = _filled(read_marks(request.form), request.form.get("fill", ""))
    merged = merge_marks(marks_of(session), posted)
    reason = request.form.get("reason", "").strip()
    try:
        if merged.conflicts:
            raise Refusal(_("Có người khác vừa điểm danh những dòng được đánh dấu."))
        _save(session, merged, reason)
    except Refusal as refusal:
        db.session.rollback()
        session = own_training_session_or_404(key)
        status = 409 if merged.conflicts else refusal.status
        return _sheet(session, posted, merged, str(refusal)), status
    db.session.commit()
    flash(_("Đã lưu điểm danh của %(n)s người.", n=len(merged.changes)), "good")
    place = request.form.get("next_page") or request.args.get("after") or None
    return redirect(url_for("training.attendance", key=key, after=place), 303)


def _filled(posted: dict[int, PostedMark], fill: str) -> dict[int, PostedMark]:
    """The form's rows; the button that fills marks all of them it shows as not marked yet."""
    if fill not in ("present", "absent"):
        return posted
    return {
        row: PostedMark(mark.seen, mark.version, MARKS[fill]) if mark.wanted is None else mark
        for row, mark in posted.items()
    }


def _save(session: TrainingSession, merged: MergedMarks, reason: str) -> None:
    if session.state != SessionState.CLOSED:
        mark_attendance(session, merged.changes, by=current_user(), today=clock.today())
    elif merged.changes and not reason:
        raise Refusal(_("Lớp đã đóng: hãy ghi lý do sửa điểm danh."))
    else:
        correct_attendance(session, merged.changes, reason, by=current_user())


def _sheet(
    session: TrainingSession,
    posted: dict[int, PostedMark] | None = None,
    merged: MergedMarks | None = None,
    complaint: str = "",
) -> str:
    is_closed = session.state == SessionState.CLOSED
    fault = None if is_closed else marking_fault(session.state, session.starts_on, clock.today())
    wanted = {row: NAMES[mark.wanted] for row, mark in (posted or {}).items()}
    return render_template(
        "training/attendance.html",
        session=session,
        page=roster_page(session, request.args.get("after"), SEATED),
        wanted=wanted,
        shown=NAMES,
        conflicts=merged.conflicts if merged else (),
        complaint=complaint,
        reason=request.form.get("reason", ""),
        fault=str(FAULTS[fault]) if fault else "",
        is_closed=is_closed,
        figures=figures_of(session),
        last_day=last_day,
        words=words,
    )
