"""Validity, session states, seats, marks and eligibility, by tables."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.training import words
from hrtrain.training.rules import (
    CourseKind,
    EnrolmentState,
    Mark,
    PostedMark,
    Reason,
    SessionFault,
    SessionState,
    Source,
    Standing,
    closing_fault,
    eligibility,
    free_seats,
    marking_fault,
    merge_marks,
    read_birth_day,
    read_source,
    reopening_fault,
    source_text,
    valid_through,
)

DAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("completed_on", "months", "last"),
    [
        (date(2024, 5, 10), 12, date(2025, 5, 10)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2025, 1, 1), None, None),
    ],
)
def test_validity_ends_with_the_same_day_of_the_month(
    completed_on: date, months: int | None, last: date | None
) -> None:
    assert valid_through(completed_on, months) == last


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_validity_ends_in_the_month_counted_to(completed_on: date, months: int) -> None:
    last = valid_through(completed_on, months)
    assert last is not None
    counted = completed_on.year * 12 + completed_on.month + months
    assert last.year * 12 + last.month == counted
    assert last.day == completed_on.day or (last + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("state", "today", "seated", "unmarked", "fault"),
    [
        ("open", DAY, 3, 0, None),
        ("open", DAY - timedelta(days=1), 3, 0, SessionFault.NOT_ENDED),
        ("open", DAY, 3, 1, SessionFault.UNMARKED),
        ("open", DAY, 0, 0, SessionFault.NOBODY),
        ("closed", DAY, 3, 0, SessionFault.NOT_OPEN),
        ("cancelled", DAY, 3, 0, SessionFault.NOT_OPEN),
    ],
)
def test_session_closes_only_when_held_and_marked(
    state: str, today: date, seated: int, unmarked: int, fault: SessionFault | None
) -> None:
    ends_on = DAY + timedelta(days=1)
    assert closing_fault(state, ends_on, today, seated=seated, unmarked=unmarked) == fault


def test_attendance_is_marked_from_the_first_day_on() -> None:
    assert marking_fault("open", DAY, DAY - timedelta(days=1)) == SessionFault.NOT_BEGUN
    assert marking_fault("open", DAY, DAY) is None
    assert marking_fault("cancelled", DAY, DAY) == SessionFault.NOT_OPEN


def test_session_is_reopened_only_before_its_first_certificate() -> None:
    assert reopening_fault("closed", certificates=0) is None
    assert reopening_fault("closed", certificates=1) == SessionFault.CERTIFICATES
    assert reopening_fault("open", certificates=0) == SessionFault.NOT_CLOSED
    assert reopening_fault("cancelled", certificates=0) == SessionFault.NOT_CLOSED


def test_lowest_free_seats_are_given() -> None:
    assert free_seats({1, 3}, 3, occupied=2, capacity=5) == [2, 4, 5]


def test_people_without_a_seat_number_take_up_room() -> None:
    assert free_seats({1}, 3, occupied=4, capacity=5) == [2]


@given(st.sets(st.integers(1, 30)), st.integers(0, 40), st.integers(0, 5), st.integers(1, 30))
def test_seats_given_never_pass_the_capacity(
    taken: set[int], wanted: int, unnumbered: int, capacity: int
) -> None:
    taken = {seat for seat in taken if seat <= capacity}
    occupied = len(taken) + unnumbered
    seats = free_seats(taken, wanted, occupied=occupied, capacity=capacity)
    assert len(seats) == max(0, min(wanted, capacity - occupied))
    assert not taken & set(seats)
    assert all(1 <= seat <= capacity for seat in seats)


def standing(**more: object) -> Standing:
    values: dict[str, object] = {
        "session_state": "closed",
        "enrolment_state": "completed",
        "attended": True,
        "has_completion": True,
        **more,
    }
    return Standing(**values)  # type: ignore[arg-type]


def without(**more: object) -> Standing:
    return standing(has_completion=False, **more)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (standing(), Reason.ELIGIBLE),
        (standing(holds_certificate=True), Reason.HOLDS_ONE),
        (standing(completion_revoked=True), Reason.REVOKED),
        (without(), Reason.NO_COMPLETION),
        (without(enrolment_state="incomplete", attended=False), Reason.NOT_ATTENDED),
        (without(enrolment_state="waiting", attended=None), Reason.WAITING),
        (without(enrolment_state="withdrawn", attended=None), Reason.WITHDRAWN),
        (without(enrolment_state="cancelled", attended=None), Reason.CANCELLED),
        (standing(session_state="cancelled"), Reason.SESSION_CANCELLED),
        (without(session_state="open", enrolment_state="booked"), Reason.SESSION_OPEN),
        (without(session_state="open", enrolment_state="booked", attended=None), Reason.UNMARKED),
    ],
)
def test_eligibility_says_why(case: Standing, reason: Reason) -> None:
    assert eligibility(case) == reason


def test_marks_of_two_people_on_different_rows_are_joined() -> None:
    current = {1: Mark(True, 2), 2: Mark(None, 1)}
    posted = {1: PostedMark(None, 1, None), 2: PostedMark(None, 1, False)}
    merged = merge_marks(current, posted)
    assert merged.changes == {2: False}
    assert merged.conflicts == ()


def test_two_different_marks_on_one_row_are_a_conflict() -> None:
    merged = merge_marks({1: Mark(True, 2)}, {1: PostedMark(None, 1, False)})
    assert merged.conflicts == (1,)
    assert merged.changes == {}


def test_the_same_mark_twice_is_no_conflict() -> None:
    merged = merge_marks({1: Mark(True, 2)}, {1: PostedMark(None, 1, True)})
    assert (merged.changes, merged.conflicts) == ({}, ())


def test_marking_a_row_that_is_gone_is_a_conflict() -> None:
    assert merge_marks({}, {1: PostedMark(None, 1, True)}).conflicts == (1,)


@pytest.mark.parametrize(
    ("typed", "stored", "agrees"),
    [
        ("12/05/1985", "1985-05-12", True),
        ("12-5-1985", "1985-05-12", True),
        ("12/05/1985", "1985-05", True),
        ("12/05/1985", "1985", True),
        ("05/1985", "1985-05", True),
        ("1985", "1985", True),
        ("1985", "1985-05-12", False),
        ("13/05/1985", "1985-05-12", False),
        ("1985", "", False),
    ],
)
def test_birth_day_must_say_at_least_what_is_stored(typed: str, stored: str, agrees: bool) -> None:
    read = read_birth_day(typed)
    assert read is not None
    assert read.agrees_with(stored) is agrees


@pytest.mark.parametrize(
    "typed", ["", "31/02/1985", "x", "1/2/3/1985", "12/05/85", "٣/1985", "0/1985"]
)
def test_what_is_no_birth_date_is_none(typed: str) -> None:
    assert read_birth_day(typed) is None


def test_source_keeps_its_document_number() -> None:
    assert read_source(source_text("outside", "12/GCN: HV")) == ("outside", "12/GCN: HV")
    assert read_source(source_text("session")) == ("session", "")


def test_every_state_and_reason_has_its_words() -> None:
    assert set(words.COURSE_KINDS) == set(CourseKind)
    assert set(words.SESSION_STATES) == set(words.SESSION_TONES) == set(SessionState)
    assert set(words.ENROLMENT_STATES) == set(words.ENROLMENT_TONES) == set(EnrolmentState)
    assert set(words.REASONS) == set(Reason)
    assert set(words.SOURCES) == set(Source)
    assert set(words.FAULTS) == set(SessionFault)
