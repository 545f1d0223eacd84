"""Making, editing, cancelling, closing and reopening training sessions."""

from datetime import date

from sqlalchemy import case, func, select, update

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db, hold_content
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.core.period import Period
from hrtrain.people.merges.actions import hold_records
from hrtrain.training.actions.completions import (
    derive_completions,
    enrolled_in,
    retract_completions_of,
)
from hrtrain.training.actions.once import add_once
from hrtrain.training.models import Course, Enrolment, TrainingSession
from hrtrain.training.rules import (
    SEATED,
    EnrolmentState,
    SessionDetails,
    SessionState,
    closing_fault,
    free_seats,
    reopening_fault,
)
from hrtrain.training.words import FAULTS
from hrtrain.units.models import Unit


def refuse_unless_open(session: TrainingSession) -> None:
    """Refuse to change a session that is closed or cancelled."""
    if session.state != SessionState.OPEN:
        raise Refusal(str(FAULTS["not_open"]), where=session.title)


def create_training_session(
    key: str, details: SessionDetails, *, by: User | None
) -> TrainingSession:
    """Make an open session; the one already made with this key, when a form is sent twice.

    Refused where its unit does not live through its days.
    """
    _check(details)
    session, is_new = add_once(TrainingSession(key=key, **vars(details)))
    if is_new:
        summary = _("Mở lớp “%(title)s”.", title=session.title)
        record(by, "create", ("training_session", key), summary)
    return session


def edit_training_session(
    session: TrainingSession, details: SessionDetails, *, by: User | None
) -> None:
    """Change an open session; a capacity below the seats already given is refused."""
    hold_content(session)
    refuse_unless_open(session)
    _check(details)
    _fit_seats(session, details.capacity)
    before = {name: _plain(getattr(session, name)) for name in vars(details)}
    for name, value in vars(details).items():
        setattr(session, name, value)
    db.session.flush()
    after = {name: _plain(value) for name, value in vars(details).items()}
    summary = _("Sửa lớp “%(title)s”.", title=session.title)
    subject = ("training_session", session.key)
    record(by, "edit", subject, summary, before=before, after=after)


def cancel_training_session(session: TrainingSession, reason: str, *, by: User | None) -> None:
    """Call an open session off, for good: its bookings and waiting list end with it."""
    hold_content(session)
    refuse_unless_open(session)
    session.state, session.state_reason = SessionState.CANCELLED, reason
    here = Enrolment.training_session_id == session.id
    asked = Enrolment.state.in_([EnrolmentState.BOOKED, EnrolmentState.WAITING])
    db.session.execute(
        update(Enrolment)
        .where(here, asked)
        .values(
            state=EnrolmentState.CANCELLED,
            state_reason=reason,
            seat=None,
            version=Enrolment.version + 1,
        )
    )
    db.session.flush()
    summary = _("Hủy lớp “%(title)s”: %(reason)s", title=session.title, reason=reason)
    record(by, "cancel", ("training_session", session.key), summary)


def close_training_session(session: TrainingSession, *, by: User | None, today: date) -> int:
    """Close a held session: who attended completes the course on its last day, as facts.

    Gives the number of completions recorded. Refused before the last day and while somebody's
    attendance is not marked. The waiting list ends with the session.
    """
    hold_content(session)
    hold_records(enrolled_in(session))
    seated, unmarked = _marking(session)
    fault = closing_fault(session.state, session.ends_on, today, seated=seated, unmarked=unmarked)
    if fault:
        raise Refusal(str(FAULTS[fault]) % {"n": unmarked}, where=session.title)
    session.state = SessionState.CLOSED
    _settle_enrolments(session)
    recorded = derive_completions(session, clock.now())
    summary = _("Đóng lớp “%(title)s”: %(n)s người hoàn thành.", title=session.title, n=recorded)
    record(by, "close", ("training_session", session.key), summary)
    return recorded


def reopen_training_session(
    session: TrainingSession, reason: str, *, certificates: int, by: User | None
) -> None:
    """Open a closed session again; refused once any of its certificates was issued."""
    hold_content(session)
    hold_records(enrolled_in(session))
    if fault := reopening_fault(session.state, certificates=certificates):
        raise Refusal(str(FAULTS[fault]), where=session.title)
    session.state = SessionState.OPEN
    held = Enrolment.state.in_([EnrolmentState.COMPLETED, EnrolmentState.INCOMPLETE])
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.training_session_id == session.id, held)
        .values(state=EnrolmentState.BOOKED, version=Enrolment.version + 1)
    )
    retract_completions_of(session, clock.now())
    summary = _("Mở lại lớp “%(title)s”: %(reason)s", title=session.title, reason=reason)
    record(by, "reopen", ("training_session", session.key), summary)


def _check(details: SessionDetails) -> None:
    days = Period(details.starts_on, details.ends_on)
    if not days.is_well_formed:
        raise Refusal(_("Ngày cuối phải từ ngày đầu trở đi."), where="last_on")
    unit = db.session.get_one(Unit, details.unit_id)
    if not Period(unit.starts_on, unit.ends_on).contains(days):
        raise Refusal(
            _("%(unit)s không hoạt động trong suốt những ngày của lớp.", unit=unit.name),
            where="unit",
        )
    if db.session.get(Course, details.course_id) is None:
        raise Refusal(_("Không có khóa học này."), where="course")


def _fit_seats(session: TrainingSession, capacity: int | None) -> None:
    """Keep everybody seated within the new capacity, moving seat numbers beyond it."""
    rows = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.training_session_id == session.id, Enrolment.state.in_(SEATED))
        .order_by(Enrolment.seat)
    ).all()
    if capacity is None:
        return
    if len(rows) > capacity:
        raise Refusal(
            _("Đã xếp %(n)s người, không thể giảm còn %(seats)s chỗ.", n=len(rows), seats=capacity),
            where="capacity",
        )
    beyond = [row for row in rows if row.seat is not None and row.seat > capacity]
    taken = {row.seat for row in rows if row.seat is not None}
    seats = free_seats(taken, len(beyond), occupied=0, capacity=None)
    for row, seat in zip(beyond, seats, strict=True):
        row.seat = seat


def _marking(session: TrainingSession) -> tuple[int, int]:
    """How many people have a seat, and how many of them are not marked."""
    seated, marked = db.session.execute(
        select(func.count(), func.count(Enrolment.attended)).where(
            Enrolment.training_session_id == session.id, Enrolment.state.in_(SEATED)
        )
    ).one()
    return seated, seated - marked


def _settle_enrolments(session: TrainingSession) -> None:
    here = Enrolment.training_session_id == session.id
    outcome = case(
        (Enrolment.attended.is_(True), EnrolmentState.COMPLETED), else_=EnrolmentState.INCOMPLETE
    )
    db.session.execute(
        update(Enrolment)
        .where(here, Enrolment.state == EnrolmentState.BOOKED)
        .values(state=outcome, version=Enrolment.version + 1)
    )
    db.session.execute(
        update(Enrolment)
        .where(here, Enrolment.state == EnrolmentState.WAITING)
        .values(
            state=EnrolmentState.CANCELLED,
            state_reason=_("Lớp đã đóng, không còn chỗ."),
            version=Enrolment.version + 1,
        )
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
