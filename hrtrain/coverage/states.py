"""Rules of one person's state for one target on a day, and why an untrained person is untrained.

The same meaning as the set-based count in `count`; used where one person or a page of people is
shown. The day is an argument.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class State(StrEnum):
    """Everybody in scope is in exactly one."""

    EXEMPT = "exempt"
    TRAINED = "trained"
    IN_GRACE = "in_grace"
    UNTRAINED = "untrained"


class Reason(StrEnum):
    """Why an untrained person is untrained; the first that applies, in this order.

    What was lost comes before what was begun, and what was begun before what was never tried:
    a person whose completion was revoked and who is booked again was, first of all, revoked.
    """

    REVOKED = "revoked"
    EXPIRED = "expired"
    INCOMPLETE = "incomplete"
    BOOKED = "booked"
    WAITING = "waiting"
    ITEM_MISSING = "item_missing"
    NEVER_ENROLLED = "never_enrolled"


@dataclass(frozen=True)
class Option:
    """A course that satisfies an item asked on the day, and the completion days it accepts.

    Both days are inclusive; the last is never after the day asked about.
    """

    item: str
    course_id: int
    first_day: date
    last_day: date

    def accepts(self, course_id: int, completed_on: date) -> bool:
        """Whether a completion of the course on that day may satisfy the item."""
        return course_id == self.course_id and self.first_day <= completed_on <= self.last_day


@dataclass(frozen=True)
class Evidence:
    """A completion that is not void, as far as the count is concerned."""

    course_id: int
    completed_on: date
    valid_through: date | None = None
    revoked_from: date | None = None

    def is_revoked(self, day: date) -> bool:
        """Whether it no longer counts because it was revoked."""
        return self.revoked_from is not None and self.revoked_from <= day

    def is_expired(self, day: date) -> bool:
        """Whether its last day is past."""
        return self.valid_through is not None and self.valid_through < day

    def counts_on(self, day: date) -> bool:
        """Whether it counts on the day, for a course that accepts it."""
        return self.completed_on <= day and not self.is_revoked(day) and not self.is_expired(day)


@dataclass(frozen=True)
class Attempt:
    """An enrolment in a session of a course: its state, and whether the session is over."""

    course_id: int
    state: str
    is_over: bool = False


def due_on(member_since: date, target_starts_on: date | None, grace_days: int) -> date:
    """The first day on which an untrained member is no longer in grace."""
    start = max(member_since, target_starts_on or member_since)
    return plus_days(start, grace_days)


def plus_days(day: date, days: int) -> date:
    """The day so many days on (or back), kept within the calendar."""
    ordinal = min(max(day.toordinal() + days, 1), date.max.toordinal())
    return date.fromordinal(ordinal)


def member_since(starts: Iterable[tuple[date, date | None]], day: date) -> date | None:
    """The first day of the unbroken membership that holds the day; None when none does.

    A membership is unbroken where one period ends on the day the next begins.
    """
    since: date | None = None
    before: date | None = None
    for starts_on, ends_on in sorted(starts, key=lambda period: period[0]):
        if starts_on > day:
            break
        if since is None or before != starts_on:
            since = starts_on
        before = ends_on
    return since if before is None or before > day else None


def items_of(options: Iterable[Option]) -> tuple[str, ...]:
    """The items asked, each once, in order."""
    return tuple(dict.fromkeys(option.item for option in options))


def satisfying(
    options: Sequence[Option], completions: Collection[Evidence], day: date
) -> dict[str, Evidence]:
    """For each item that is met, the completion that meets it the longest."""
    found: dict[str, Evidence] = {}
    for option in options:
        for one in completions:
            if option.accepts(one.course_id, one.completed_on) and one.counts_on(day):
                best = found.get(option.item)
                if best is None or _lasts(one) > _lasts(best):
                    found[option.item] = one
    return found


def _lasts(one: Evidence) -> tuple[date, date]:
    ends = min(
        one.valid_through or date.max,
        one.revoked_from - timedelta(days=1) if one.revoked_from else date.max,
    )
    return ends, one.completed_on


def missing_items(
    options: Sequence[Option], completions: Collection[Evidence], day: date
) -> tuple[str, ...]:
    """The items asked on the day that no completion meets."""
    met = satisfying(options, completions, day)
    return tuple(item for item in items_of(options) if item not in met)


def reason_of(
    options: Sequence[Option],
    completions: Collection[Evidence],
    attempts: Collection[Attempt],
    day: date,
) -> Reason:
    """Why a person who is not trained on the day is not; only what concerns missing items counts.

    Enrolments carry no history: they are taken as they are now.
    """
    missing = missing_items(options, completions, day)
    open_options = [option for option in options if option.item in missing]
    lost = [
        one
        for one in completions
        if any(option.accepts(one.course_id, one.completed_on) for option in open_options)
    ]
    if any(one.is_revoked(day) for one in lost):
        return Reason.REVOKED
    if lost:
        return Reason.EXPIRED
    courses = {option.course_id for option in open_options}
    begun = _begun([one for one in attempts if one.course_id in courses])
    if begun is not None:
        return begun
    is_partly_met = len(missing) < len(items_of(options))
    return Reason.ITEM_MISSING if is_partly_met else Reason.NEVER_ENROLLED


def _begun(attempts: Collection[Attempt]) -> Reason | None:
    """The reason that enrolments give; a seat in a session that is over and unmarked is booked.

    Marks are made after the day when the session is not over then: on the day it was a seat.
    """
    states = {one.state for one in attempts}
    marked = {"incomplete", "completed"}
    if any(one.state in marked and one.is_over for one in attempts):
        return Reason.INCOMPLETE
    if states & {"booked", *marked}:
        return Reason.BOOKED
    return Reason.WAITING if "waiting" in states else None
