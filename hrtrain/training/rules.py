"""Rules of training: how long a completion counts, what a session may become, who is eligible.

Pure: the day is always an argument. A closed session is reopened only while none of its
certificates was issued; afterwards attendance is corrected person by person, with a reason, and
the completions follow as facts. A cancelled session stays cancelled.
"""

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class CourseKind(StrEnum):
    """What completing a course consists of."""

    TRAINING = "training"
    BRIEFING = "briefing"
    MATERIAL = "material"


class SessionState(StrEnum):
    """A training session is open until it is closed or cancelled."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class EnrolmentState(StrEnum):
    """Where a person stands in a training session."""

    BOOKED = "booked"
    WAITING = "waiting"
    COMPLETED = "completed"
    INCOMPLETE = "incomplete"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


SEATED = (EnrolmentState.BOOKED, EnrolmentState.COMPLETED, EnrolmentState.INCOMPLETE)
GONE = (EnrolmentState.WITHDRAWN, EnrolmentState.CANCELLED)


class Reason(StrEnum):
    """Why a person gets a certificate of a session, or does not."""

    ELIGIBLE = "eligible"
    HOLDS_ONE = "holds_one"
    SESSION_OPEN = "session_open"
    SESSION_CANCELLED = "session_cancelled"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    UNMARKED = "unmarked"
    NOT_ATTENDED = "not_attended"
    NO_COMPLETION = "no_completion"
    REVOKED = "revoked"


class Source(StrEnum):
    """Where a completion comes from; all but a session's are recorded by hand."""

    SESSION = "session"
    OUTSIDE = "outside"
    ACKNOWLEDGED = "acknowledged"
    HANDED_OVER = "handed_over"


SOURCES_BY_HAND = {
    CourseKind.TRAINING: (Source.OUTSIDE,),
    CourseKind.BRIEFING: (Source.ACKNOWLEDGED, Source.OUTSIDE),
    CourseKind.MATERIAL: (Source.HANDED_OVER, Source.OUTSIDE),
}


class WhenFull(StrEnum):
    """What happens to people for whom no seat is left."""

    REFUSE = "refuse"
    WAIT = "wait"


class SessionFault(StrEnum):
    """What stands in the way of an act on a session."""

    NOT_OPEN = "not_open"
    NOT_CLOSED = "not_closed"
    NOT_BEGUN = "not_begun"
    NOT_ENDED = "not_ended"
    UNMARKED = "unmarked"
    NOBODY = "nobody"
    CERTIFICATES = "certificates"


@dataclass(frozen=True)
class CourseDetails:
    """What a course says of itself."""

    name: str
    name_en: str = ""
    kind: str = CourseKind.TRAINING
    hours: int | None = None
    validity_months: int | None = None


@dataclass(frozen=True)
class SessionDetails:
    """What a training session says of itself; days are ``[starts_on, ends_on)``."""

    course_id: int
    unit_id: int
    title: str
    starts_on: date
    ends_on: date
    capacity: int | None = None
    place: str = ""


@dataclass(frozen=True)
class CompletionDetails:
    """A completion recorded by hand, with what proves it."""

    course_id: int
    completed_on: date
    source: str
    document_no: str = ""


@dataclass(frozen=True)
class Mark:
    """A row of the attendance sheet: what is marked, in which version."""

    attended: bool | None
    version: int


@dataclass(frozen=True)
class PostedMark:
    """A row of the attendance form: what it showed, in which version, and what is wanted now."""

    seen: bool | None
    version: int
    wanted: bool | None


@dataclass(frozen=True)
class MergedMarks:
    """What an attendance form changes, and where somebody else was quicker."""

    changes: dict[int, bool | None]
    conflicts: tuple[int, ...]


@dataclass(frozen=True)
class Standing:
    """What is known of one person in one session when eligibility is asked."""

    session_state: str
    enrolment_state: str
    attended: bool | None
    has_completion: bool = False
    completion_revoked: bool = False
    holds_certificate: bool = False


def valid_through(completed_on: date, months: int | None) -> date | None:
    """The last day a completion counts, inclusive; None when its validity has no end.

    A period in months ends with the corresponding day, or with the month's last day where there
    is none (Civil Code 2015, articles 147-148). Its weekend rule concerns acts to be done.
    """
    if months is None:
        return None
    years, month = divmod(completed_on.month - 1 + months, 12)
    year, month = completed_on.year + years, month + 1
    return date(year, month, min(completed_on.day, monthrange(year, month)[1]))


def last_day(ends_on: date) -> date:
    """The last day of a period that ends, exclusively, on the given one."""
    return ends_on - timedelta(days=1)


def end_after(last: date) -> date:
    """The exclusive end of a period whose last day is given."""
    return last + timedelta(days=1)


def closing_fault(
    state: str, ends_on: date, today: date, *, seated: int, unmarked: int
) -> SessionFault | None:
    """What keeps a session from being closed on the day, if anything.

    A completion's day is the session's last, so before it there is nothing to record; and
    nobody is taken for absent because nobody said so.
    """
    if state != SessionState.OPEN:
        return SessionFault.NOT_OPEN
    if today < last_day(ends_on):
        return SessionFault.NOT_ENDED
    if not seated:
        return SessionFault.NOBODY
    return SessionFault.UNMARKED if unmarked else None


def marking_fault(state: str, starts_on: date, today: date) -> SessionFault | None:
    """What keeps attendance from being marked on the day, if anything."""
    if state != SessionState.OPEN:
        return SessionFault.NOT_OPEN
    return SessionFault.NOT_BEGUN if today < starts_on else None


def reopening_fault(state: str, *, certificates: int) -> SessionFault | None:
    """What keeps a session from being opened again, if anything; any certificate ever does."""
    if state != SessionState.CLOSED:
        return SessionFault.NOT_CLOSED
    return SessionFault.CERTIFICATES if certificates else None


def merge_marks(current: Mapping[int, Mark], posted: Mapping[int, PostedMark]) -> MergedMarks:
    """Join a form with what is marked by now, row by row.

    A row the form does not change stays as it is; a row both changed, differently, is a conflict;
    rows that are gone by now are conflicts too.
    """
    changes: dict[int, bool | None] = {}
    conflicts = []
    for row, mark in posted.items():
        if mark.wanted == mark.seen:
            continue
        now = current.get(row)
        if now is None or (now.version != mark.version and now.attended != mark.wanted):
            conflicts.append(row)
        elif now.attended != mark.wanted:
            changes[row] = mark.wanted
    return MergedMarks(changes, tuple(conflicts))


def free_seats(
    taken: Collection[int], wanted: int, *, occupied: int, capacity: int | None
) -> list[int]:
    """The lowest free seat numbers for at most ``wanted`` people; fewer when seats run out.

    ``occupied`` counts everybody seated, people without a number (from a data package) included,
    so that the capacity holds for them too.
    """
    room = wanted if capacity is None else max(0, min(wanted, capacity - occupied))
    used, seats, number = set(taken), list[int](), 1
    while len(seats) < room:
        if number not in used:
            seats.append(number)
        number += 1
    return seats


_BY_ENROLMENT = {
    EnrolmentState.WAITING: Reason.WAITING,
    EnrolmentState.WITHDRAWN: Reason.WITHDRAWN,
    EnrolmentState.CANCELLED: Reason.CANCELLED,
}


def eligibility(standing: Standing) -> Reason:
    """Why the person is eligible for a certificate now, or the first reason why not.

    A completion decides; without one, what is known of the enrolment says why there is none.
    """
    if standing.holds_certificate:
        return Reason.HOLDS_ONE
    if standing.session_state == SessionState.CANCELLED:
        return Reason.SESSION_CANCELLED
    if standing.has_completion:
        return Reason.REVOKED if standing.completion_revoked else Reason.ELIGIBLE
    state = EnrolmentState(standing.enrolment_state)
    if state in _BY_ENROLMENT:
        return _BY_ENROLMENT[state]
    if standing.attended is None:
        return Reason.UNMARKED
    if not standing.attended:
        return Reason.NOT_ATTENDED
    is_open = standing.session_state == SessionState.OPEN
    return Reason.SESSION_OPEN if is_open else Reason.NO_COMPLETION


def source_text(source: str, document_no: str = "") -> str:
    """A completion's source as one text: ``outside: 12/GCN-HVCT``."""
    return f"{source}: {document_no}" if document_no else str(source)


def read_source(text: str) -> tuple[str, str]:
    """The source's kind and its document number, empty when there is none."""
    kind, _, document_no = text.partition(": ")
    return kind, document_no


@dataclass(frozen=True)
class BirthDay:
    """A birth date as typed: ISO text cut to what was said (``1985``, ``1985-03``)."""

    text: str

    def agrees_with(self, stored: str) -> bool:
        """Whether it says at least what is stored, and the same."""
        return bool(stored) and self.text[: len(stored)] == stored


def read_birth_day(typed: str) -> BirthDay | None:
    """Read ``12/05/1985``, ``05/1985`` or ``1985``, day first; None when it is no date."""
    parts = typed.strip().replace("-", "/").replace(".", "/").split("/")
    if not 1 <= len(parts) <= 3 or not all(p.isascii() and p.isdigit() for p in parts):
        return None
    year, month, day = [int(p) for p in reversed(parts)] + [1] * (3 - len(parts))
    if len(parts[-1]) != 4:
        return None
    try:
        whole = date(year, month, day).isoformat()
    except ValueError:
        return None
    return BirthDay(whole[: (4, 7, 10)[len(parts) - 1]])
