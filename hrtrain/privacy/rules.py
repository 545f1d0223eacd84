"""What the law asks of requests about personal data: rights, due days, working days. Pure.

Law 91/2025/QH15 (in force 01/01/2026) names the rights, Decree 356/2025/NĐ-CP, article 5, the days.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

ACKNOWLEDGE_WORKING_DAYS = 2
SATURDAY = 5
INCIDENT_HOURS = 72


class Right(StrEnum):
    """What a data subject may ask for (Law 91/2025/QH15, article 4.1)."""

    VIEW = "view"
    CORRECT = "correct"
    COPY = "copy"
    WITHDRAW = "withdraw"
    RESTRICT = "restrict"
    OBJECT = "object"
    ERASE = "erase"
    PROTECT = "protect"


class RequestState(StrEnum):
    """Where a request stands; that it was extended is kept beside it."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"
    REFUSED = "refused"


OPEN_STATES = (RequestState.RECEIVED, RequestState.ACKNOWLEDGED)


class Via(StrEnum):
    """How a request came in."""

    ACCOUNT = "account"
    LINK = "link"
    OFFICE = "office"


class Ground(StrEnum):
    """Why a request may be refused."""

    PUBLIC_TASK = "public_task"
    RETENTION_DUTY = "retention_duty"
    NOT_THE_SUBJECT = "not_the_subject"
    NOT_HELD = "not_held"
    RIGHTS_OF_OTHERS = "rights_of_others"


@dataclass(frozen=True)
class Term:
    """Calendar days to carry a request out, by one's own hand or through a processor; and how
    many more an extension gives, once.
    """

    days: int
    through_processor: int
    extension: int


# Decree 356/2025/NĐ-CP, article 5.
TERMS = {
    Right.VIEW: Term(10, 15, 10),
    Right.CORRECT: Term(10, 15, 10),
    Right.COPY: Term(10, 15, 10),
    Right.WITHDRAW: Term(15, 20, 15),
    Right.RESTRICT: Term(15, 20, 15),
    Right.OBJECT: Term(15, 20, 15),
    Right.PROTECT: Term(15, 15, 15),
    Right.ERASE: Term(20, 30, 20),
}


@dataclass(frozen=True)
class WorkingDays:
    """Which days the office works: Monday to Friday but the days off."""

    days_off: frozenset[date] = frozenset()

    def holds(self, day: date) -> bool:
        """Whether the office works on the day."""
        return day.weekday() < SATURDAY and day not in self.days_off

    def after(self, day: date, count: int) -> date:
        """The working day that many working days after this one, which itself does not count."""
        found = day
        while count > 0:
            found += timedelta(days=1)
            count -= self.holds(found)
        return found


def acknowledge_by(received_on: date, working: WorkingDays) -> date:
    """The last day to tell the person that the request came: two working days after it did.

    Decree 356/2025/NĐ-CP, article 5. The day itself does not count (Civil Code, article 147.2).
    """
    return working.after(received_on, ACKNOWLEDGE_WORKING_DAYS)


def answer_by(
    right: Right, received_on: date, *, is_extended: bool = False, through_processor: bool = False
) -> date:
    """The last day to carry the request out or refuse it, in calendar days from its receipt.

    Decree 356/2025/NĐ-CP, article 5: view, correct, copy 10 days (15 through a processor), extended
    once by 10; withdraw, restrict, object 15 (20), by 15; erase 20 (30), by 20; protect 15, by 15.
    A day that falls on a weekend stays where it is: early is never late.
    """
    term = TERMS[right]
    days = term.through_processor if through_processor else term.days
    return received_on + timedelta(days=days + term.extension * is_extended)


@dataclass(frozen=True)
class Due:
    """What is to be done next about a request, and by when; nothing when it is closed."""

    is_acknowledgement: bool
    day: date
    days_left: int

    @property
    def is_overdue(self) -> bool:
        """Whether the last day has passed."""
        return self.days_left < 0


def next_due(state: RequestState, acknowledge: date, answer: date, today: date) -> Due | None:
    """What of a request is due next: the acknowledgement first, then the answer."""
    if state not in OPEN_STATES:
        return None
    is_first = state is RequestState.RECEIVED
    day = min(acknowledge, answer) if is_first else answer
    return Due(is_first, day, (day - today).days)


def report_by(noticed_at: datetime) -> datetime:
    """The last instant to report a breach: 72 hours from noticing it (Law 91/2025, article 23)."""
    return noticed_at + timedelta(hours=INCIDENT_HOURS)


def anonymous_name(number: int) -> str:
    """What somebody is called from whom everything that tells who it is was taken."""
    return f"Người đã ẩn danh #{number}"


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of its month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
