"""Completions as facts: a session's follow its attendance, others are recorded by hand."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, insert, literal, select, update

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.people.merges.actions import hold
from hrtrain.people.merges.queries import standing_id
from hrtrain.people.models import Person
from hrtrain.training.models import Completion, Course, Enrolment, TrainingSession
from hrtrain.training.rules import (
    SOURCES_BY_HAND,
    CompletionDetails,
    CourseKind,
    EnrolmentState,
    Source,
    last_day,
    source_text,
    valid_through,
)


def enrolled_in(session: TrainingSession) -> Select[int]:
    """The records of people in the session: held before anything of theirs is written."""
    return select(Enrolment.person_id).where(Enrolment.training_session_id == session.id)


def derive_completions(session: TrainingSession, now: datetime) -> int:
    """Make a closed session's completions what its enrolments say; gives how many were recorded.

    A completion revoked or voided with its certificate is never brought back by a mark. Whoever
    asks holds the people (`enrolled_in`): a merge between would have it recorded of who is gone.
    """
    _retract_unattended(session, now)
    completed_on = last_day(session.ends_on)
    course = db.session.get_one(Course, session.course_id)
    of_session = and_(
        Completion.training_session_id == session.id,
        Completion.person_id == standing_id(),
        Completion.retracted_at.is_(None),
    )
    due = select(
        standing_id(),
        literal(course.id),
        literal(completed_on),
        literal(valid_through(completed_on, course.validity_months), Completion.valid_through.type),
        literal(False),
        literal(str(Source.SESSION)),
        literal(session.id),
        literal(now, Completion.recorded_at.type),
    ).where(
        Enrolment.person_id == Person.id,
        Enrolment.training_session_id == session.id,
        Enrolment.state == EnrolmentState.COMPLETED,
        ~exists().where(of_session).correlate(Person),
    )
    columns = ["person_id", "course_id", "completed_on", "valid_through", "is_void", "source"]
    columns += ["training_session_id", "recorded_at"]
    # Two records of one person may both have been there.
    rows = due.distinct()
    done = db.session.execute(insert(Completion).from_select(columns, rows, include_defaults=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def retract_completions_of(session: TrainingSession, now: datetime) -> None:
    """Take back every completion of the people enrolled in the session that this session gave."""
    _retract(session, _people_of(session), now)


def record_completion(
    person: Person, details: CompletionDetails, *, by: User | None, today: date
) -> Completion:
    """Record a completion with what proves it; refused for a day to come and a second time."""
    hold(person)
    course = db.session.get_one(Course, details.course_id)
    _check(person, course, details, today)
    completion = Completion(
        person_id=person.id,
        course_id=course.id,
        completed_on=details.completed_on,
        valid_through=valid_through(details.completed_on, course.validity_months),
        source=source_text(details.source, details.document_no),
    )
    db.session.add(completion)
    db.session.flush()
    summary = _(
        "Ghi nhận %(name)s hoàn thành “%(course)s” ngày %(day)s.",
        name=person.full_name,
        course=course.name,
        day=details.completed_on.strftime("%d/%m/%Y"),
    )
    record(by, "record_completion", ("person", person.key), summary, completion=completion.id)
    return completion


def retract_completion(completion: Completion, reason: str, *, by: User | None) -> None:
    """Take back a completion recorded by hand; it stays known for the time before."""
    if completion.retracted_at is not None:
        raise Refusal(_("Ghi nhận này đã được rút lại."))
    if completion.training_session_id is not None:
        raise Refusal(_("Kết quả này theo điểm danh của lớp; hãy sửa điểm danh của lớp."))
    completion.retracted_at = clock.now()
    db.session.flush()
    person = db.session.get_one(Person, completion.person_id)
    summary = _("Rút ghi nhận hoàn thành: %(reason)s", reason=reason)
    record(by, "retract_completion", ("person", person.key), summary, completion=completion.id)


def _check(person: Person, course: Course, details: CompletionDetails, today: date) -> None:
    if details.completed_on > today:
        raise Refusal(_("Ngày hoàn thành không thể ở sau hôm nay."), where="completed_on")
    if details.source not in SOURCES_BY_HAND[CourseKind(course.kind)]:
        raise Refusal(_("Căn cứ này không hợp với loại khóa học đã chọn."), where="source")
    if details.source == Source.OUTSIDE and not details.document_no:
        raise Refusal(_("Hãy ghi số văn bản hoặc giấy chứng nhận làm căn cứ."), where="document_no")
    same = select(Completion.id).where(
        Completion.person_id == person.id,
        Completion.course_id == course.id,
        Completion.completed_on == details.completed_on,
        Completion.retracted_at.is_(None),
        Completion.is_void.is_(False),
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise Refusal(
            _("Đã có ghi nhận hoàn thành khóa học này vào ngày đó."), where="completed_on"
        )


def _retract_unattended(session: TrainingSession, now: datetime) -> None:
    completed = Enrolment.state == EnrolmentState.COMPLETED
    came = _people_of(session, completed)
    absent = _people_of(session, ~completed, standing_id().not_in(came))
    _void_revoked(session, absent, now)
    _retract(session, absent, now)


def _people_of(session: TrainingSession, *conditions: ColumnElement[bool]) -> Select[int]:
    """Who is enrolled, by the records that stand for them now."""
    joined = select(standing_id()).join(Enrolment, Enrolment.person_id == Person.id)
    return joined.where(Enrolment.training_session_id == session.id, *conditions)


def _known(session: TrainingSession) -> tuple[ColumnElement[bool], ...]:
    return (
        Completion.training_session_id == session.id,
        Completion.retracted_at.is_(None),
        Completion.is_void.is_(False),
    )


def _retract(session: TrainingSession, people: Select[int], now: datetime) -> None:
    db.session.execute(
        update(Completion)
        .where(*_known(session), Completion.person_id.in_(people))
        .values(retracted_at=now)
    )


def _void_revoked(session: TrainingSession, people: Select[int], now: datetime) -> None:
    """Who never attended never completed, and a later mark must not undo the revocation."""
    revoked = db.session.scalars(
        select(Completion).where(
            *_known(session),
            Completion.person_id.in_(people),
            Completion.revoked_from.is_not(None),
        )
    )
    kept = ("person_id", "course_id", "completed_on", "valid_through", "source", "revoked_from")
    for row in revoked.all():
        values = {name: getattr(row, name) for name in kept}
        row.retracted_at = now
        db.session.add(
            Completion(training_session_id=session.id, is_void=True, recorded_at=now, **values)
        )
    db.session.flush()
