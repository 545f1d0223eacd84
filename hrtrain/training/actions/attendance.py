"""Marking attendance, and correcting it after the session was closed."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import case, select, update

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db, hold_content
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.people.merges.actions import hold_records
from hrtrain.training.actions.completions import derive_completions, enrolled_in
from hrtrain.training.models import Enrolment, TrainingSession
from hrtrain.training.rules import (
    SEATED,
    EnrolmentState,
    SessionState,
    marking_fault,
)
from hrtrain.training.words import FAULTS


def mark_attendance(
    session: TrainingSession,
    marks: Mapping[int, bool | None],
    *,
    by: User | None,
    today: date,
) -> None:
    """Mark people of an open session present, absent or not marked, by enrolment id.

    A constant number of statements however many people. Refused before the first day.
    """
    hold_content(session)
    if fault := marking_fault(session.state, session.starts_on, today):
        raise Refusal(str(FAULTS[fault]), where=session.title)
    if not marks:
        return
    _check_seated(session, marks)
    for attended in (True, False, None):
        _set(session, [row for row, mark in marks.items() if mark is attended], attended)
    summary = _("Điểm danh %(n)s người lớp “%(title)s”.", n=len(marks), title=session.title)
    subject = ("training_session", session.key)
    record(by, "mark_attendance", subject, summary, marks=_plain(marks))


def correct_attendance(
    session: TrainingSession, marks: Mapping[int, bool | None], reason: str, *, by: User | None
) -> None:
    """Correct marks of a closed session, with the reason; its completions follow as facts.

    A certificate already issued is not changed: the session page flags it for revocation.
    """
    hold_content(session)
    hold_records(enrolled_in(session))
    if session.state != SessionState.CLOSED:
        raise Refusal(str(FAULTS["not_closed"]), where=session.title)
    if not marks:
        return
    if None in marks.values():
        raise Refusal(_("Lớp đã đóng: mỗi người phải là có mặt hoặc vắng."), where="marks")
    _check_seated(session, marks)
    for attended in (True, False):
        rows = [row for row, mark in marks.items() if mark is attended]
        _set(session, rows, attended, reason)
    derive_completions(session, clock.now())
    summary = _("Sửa điểm danh sau khi đóng lớp: %(reason)s", reason=reason)
    subject = ("training_session", session.key)
    record(by, "correct_attendance", subject, summary, marks=_plain(marks))


def _check_seated(session: TrainingSession, marks: Mapping[int, bool | None]) -> None:
    here = (Enrolment.training_session_id == session.id, Enrolment.state.in_(SEATED))
    seated = set(db.session.scalars(select(Enrolment.id).where(*here)))
    if set(marks) - seated:
        raise Refusal(_("Có người không còn trong danh sách của lớp."), where=session.title)


def _set(
    session: TrainingSession, rows: list[int], attended: bool | None, reason: str = ""
) -> None:
    if not rows:
        return
    outcome = EnrolmentState.COMPLETED if attended else EnrolmentState.INCOMPLETE
    booked = Enrolment.state == EnrolmentState.BOOKED
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.training_session_id == session.id, Enrolment.id.in_(rows))
        .values(
            attended=attended,
            state=case((booked, EnrolmentState.BOOKED), else_=outcome),
            state_reason=reason,
            version=Enrolment.version + 1,
        )
    )


def _plain(marks: Mapping[int, bool | None]) -> dict[str, bool | None]:
    return {str(row): mark for row, mark in marks.items()}
