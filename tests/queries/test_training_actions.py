"""Enrolling, marking, closing, correcting, reopening, and completions as facts."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.people.models import Person
from hrtrain.training.actions import attendance, completions, courses, enrolments, sessions
from hrtrain.training.models import Completion, Enrolment, TrainingSession
from hrtrain.training.queries.enrolments import (
    no_longer_complete,
    reason_counts,
    roster_of,
    roster_page,
)
from hrtrain.training.queries.sessions import figures_of
from hrtrain.training.rules import (
    CompletionDetails,
    CourseDetails,
    EnrolmentState,
    Reason,
    SessionDetails,
    WhenFull,
)
from tests import makers
from tests.statements import statements_sent

HELD = date(2026, 5, 5)


@pytest.fixture(autouse=True)
def _on_both_engines(app: Flask) -> None:
    pass


def a_session(**more: Any) -> TrainingSession:
    return makers.training_session(makers.course(validity_months=12), makers.unit(), **more)


def people(count: int) -> list[Person]:
    return [makers.person(f"Nguyễn Văn {chr(65 + n % 26)}{n}") for n in range(count)]


def enrol(session: TrainingSession, who: list[Person], full: WhenFull = WhenFull.REFUSE) -> Any:
    return enrolments.enrol(session, who, when_full=full, by=None)


def place(session: TrainingSession, who: Person) -> Enrolment:
    return db.session.scalars(
        select(Enrolment)
        .where(Enrolment.training_session_id == session.id, Enrolment.person_id == who.id)
        .execution_options(populate_existing=True)
    ).one()


def mark(session: TrainingSession, marks: dict[Person, bool | None]) -> None:
    rows = {place(session, who).id: attended for who, attended in marks.items()}
    attendance.mark_attendance(session, rows, by=None, today=HELD)


def held(attended: int, absent: int = 0) -> tuple[TrainingSession, list[Person]]:
    """A closed session."""
    session, who = a_session(), people(attended + absent)
    enrol(session, who)
    mark(session, {person: n < attended for n, person in enumerate(who)})
    sessions.close_training_session(session, by=None, today=HELD)
    return session, who


def known(session: TrainingSession) -> list[Completion]:
    return list(
        db.session.scalars(
            select(Completion)
            .where(Completion.training_session_id == session.id, Completion.retracted_at.is_(None))
            .execution_options(populate_existing=True)
        )
    )


def test_people_get_the_lowest_seats_in_the_order_named() -> None:
    session, who = a_session(capacity=3), people(2)
    enrolled = enrol(session, who)
    assert enrolled.booked == tuple(who)
    assert [place(session, person).seat for person in who] == [1, 2]


def test_enrolling_somebody_twice_makes_one_enrolment() -> None:
    session, who = a_session(), people(1)
    enrol(session, [*who, *who])
    assert enrol(session, who).already == tuple(who)
    assert figures_of(session).seated == 1


def test_people_beyond_the_capacity_are_named_and_nobody_is_enrolled() -> None:
    session, who = a_session(capacity=2), people(3)
    with pytest.raises(Refusal, match=who[2].full_name):
        enrol(session, who)
    assert figures_of(session).seated == 0


def test_people_beyond_the_capacity_wait_when_asked() -> None:
    session, who = a_session(capacity=2), people(3)
    enrolled = enrol(session, who, WhenFull.WAIT)
    assert enrolled.waiting == (who[2],)
    assert place(session, who[2]).seat is None
    assert figures_of(session).free == 0


def test_seat_of_somebody_who_left_is_given_to_who_waits() -> None:
    session, who = a_session(capacity=1), people(2)
    enrol(session, who, WhenFull.WAIT)
    with pytest.raises(Refusal, match="đủ 1 chỗ"):
        enrolments.give_seat(place(session, who[1]), by=None)
    enrolments.withdraw(place(session, who[0]), EnrolmentState.WITHDRAWN, "bận", by=None)
    assert enrolments.give_seat(place(session, who[1]), by=None) == 1


def test_who_left_can_be_enrolled_again() -> None:
    session, who = a_session(), people(1)
    enrol(session, who)
    enrolments.withdraw(place(session, who[0]), EnrolmentState.CANCELLED, "nhầm", by=None)
    assert enrol(session, who).booked == tuple(who)
    again = place(session, who[0])
    assert (again.state, again.seat, again.state_reason) == ("booked", 1, "")


def test_leaving_twice_is_refused() -> None:
    session, who = a_session(), people(1)
    enrol(session, who)
    enrolments.withdraw(place(session, who[0]), EnrolmentState.WITHDRAWN, "bận", by=None)
    with pytest.raises(Refusal, match="ra khỏi lớp"):
        enrolments.withdraw(place(session, who[0]), EnrolmentState.WITHDRAWN, "bận", by=None)


def test_nobody_is_enrolled_in_a_session_called_off() -> None:
    session, who = a_session(), people(2)
    enrol(session, who[:1])
    sessions.cancel_training_session(session, "bão", by=None)
    assert place(session, who[0]).state == "cancelled"
    with pytest.raises(Refusal, match="không còn mở"):
        enrol(session, who[1:])


def test_capacity_may_not_go_below_the_seats_given() -> None:
    session = a_session(capacity=5)
    enrol(session, people(3))
    with pytest.raises(Refusal, match="Đã xếp 3 người"):
        sessions.edit_training_session(session, details(session, capacity=2), by=None)


def test_lower_capacity_moves_the_seats_beyond_it() -> None:
    session, who = a_session(capacity=5), people(4)
    enrol(session, who)
    enrolments.withdraw(place(session, who[0]), EnrolmentState.WITHDRAWN, "bận", by=None)
    sessions.edit_training_session(session, details(session, capacity=3), by=None)
    assert sorted(place(session, person).seat or 0 for person in who[1:]) == [1, 2, 3]


def details(session: TrainingSession, **more: Any) -> SessionDetails:
    names = ("course_id", "unit_id", "title", "starts_on", "ends_on", "capacity", "place")
    return SessionDetails(**{**{name: getattr(session, name) for name in names}, **more})


def test_session_outside_its_units_life_is_refused() -> None:
    session = a_session()
    ended = makers.unit(name="Huyện Cũ", ends_on=date(2026, 5, 5))
    with pytest.raises(Refusal, match="Huyện Cũ không hoạt động"):
        sessions.create_training_session("s-x", details(session, unit_id=ended.id), by=None)


def test_session_that_ends_before_it_begins_is_refused() -> None:
    session = a_session()
    with pytest.raises(Refusal, match="Ngày cuối"):
        sessions.edit_training_session(
            session, details(session, ends_on=session.starts_on), by=None
        )


def test_attendance_is_refused_before_the_first_day() -> None:
    session, who = a_session(), people(1)
    enrol(session, who)
    rows = {place(session, who[0]).id: True}
    with pytest.raises(Refusal, match="Chưa đến ngày đầu"):
        attendance.mark_attendance(session, rows, by=None, today=date(2026, 5, 3))


def test_attendance_of_another_sessions_people_is_refused() -> None:
    session, other, who = a_session(), a_session(), people(1)
    enrol(other, who)
    rows = {place(other, who[0]).id: True}
    with pytest.raises(Refusal, match="không còn trong danh sách"):
        attendance.mark_attendance(session, rows, by=None, today=HELD)


def test_attendance_of_500_people_takes_no_more_statements_than_of_five() -> None:
    counts = []
    for size in (5, 500):
        session, who = a_session(capacity=None), people(size)
        enrol(session, who)
        rows = {row.id: True for row in roster_of(session)}
        with statements_sent() as sent:
            attendance.mark_attendance(session, rows, by=None, today=HELD)
            sessions.close_training_session(session, by=None, today=HELD)
            db.session.flush()
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert len(known(session)) == 500


def test_session_is_not_closed_while_somebody_is_not_marked() -> None:
    session, who = a_session(), people(2)
    enrol(session, who)
    mark(session, {who[0]: True})
    with pytest.raises(Refusal, match="Còn 1 người chưa điểm danh"):
        sessions.close_training_session(session, by=None, today=HELD)


def test_closing_records_completions_of_those_who_attended() -> None:
    session, who = held(attended=1, absent=1)
    (completion,) = known(session)
    assert completion.person_id == who[0].id
    assert completion.completed_on == date(2026, 5, 5)
    assert completion.valid_through == date(2027, 5, 5)
    assert completion.source == "session"
    assert [place(session, person).state for person in who] == ["completed", "incomplete"]


def test_closing_twice_is_refused_and_doubles_nothing() -> None:
    session, _who = held(attended=1)
    with pytest.raises(Refusal, match="không còn mở"):
        sessions.close_training_session(session, by=None, today=HELD)
    assert len(known(session)) == 1


def test_waiting_list_ends_when_the_session_closes() -> None:
    session, who = a_session(capacity=1), people(2)
    enrol(session, who, WhenFull.WAIT)
    mark(session, {who[0]: True})
    sessions.close_training_session(session, by=None, today=HELD)
    assert place(session, who[1]).state == "cancelled"


def test_correction_to_absent_retracts_the_completion_as_a_fact() -> None:
    session, who = held(attended=2)
    before = clock.now()
    correct(session, who[0], attended=False)
    assert [completion.person_id for completion in known(session)] == [who[1].id]
    then = select(Completion).where(
        Completion.training_session_id == session.id, Completion.known_at(before)
    )
    assert len(db.session.scalars(then).all()) == 2


def correct(session: TrainingSession, who: Person, *, attended: bool) -> None:
    rows: dict[int, bool | None] = {place(session, who).id: attended}
    attendance.correct_attendance(session, rows, "ghi nhầm", by=None)


def test_correction_to_present_records_the_completion() -> None:
    session, who = held(attended=1, absent=1)
    correct(session, who[1], attended=True)
    assert len(known(session)) == 2
    assert place(session, who[1]).state_reason == "ghi nhầm"


def test_correction_back_and_forth_never_brings_back_what_was_revoked() -> None:
    session, who = held(attended=1)
    known(session)[0].revoked_from = date(2026, 7, 1)
    correct(session, who[0], attended=False)
    correct(session, who[0], attended=True)
    (completion,) = known(session)
    assert completion.is_void


def test_certificate_of_somebody_now_absent_is_flagged() -> None:
    session, who = held(attended=2)
    correct(session, who[0], attended=False)
    certified = {person.id for person in who}
    assert [row.person_id for row in no_longer_complete(session, certified)] == [who[0].id]


def test_reopened_session_has_no_completions_until_it_is_closed_again() -> None:
    session, _who = held(attended=2)
    sessions.reopen_training_session(session, "thiếu người", certificates=0, by=None)
    assert known(session) == []
    assert figures_of(session).present == 2
    sessions.close_training_session(session, by=None, today=HELD)
    assert len(known(session)) == 2


def test_session_with_certificates_is_not_reopened() -> None:
    session, _who = held(attended=1)
    with pytest.raises(Refusal, match="Đã cấp giấy chứng nhận"):
        sessions.reopen_training_session(session, "x", certificates=1, by=None)


def test_reasons_count_everybody_of_the_session_once() -> None:
    session, who = held(attended=3, absent=2)
    counts = reason_counts(session, {who[0].id})
    assert counts == {Reason.ELIGIBLE: 2, Reason.HOLDS_ONE: 1, Reason.NOT_ATTENDED: 2}


def test_roster_is_in_order_of_given_names_with_the_unit_of_the_first_day() -> None:
    session, group = a_session(), makers.group()
    names = ["Trần Thị Bình", "Lê Văn An"]
    who = [makers.person(name) for name in names]
    makers.membership(who[0], group, makers.unit(name="Sở Cũ"), ends_on=date(2026, 5, 5))
    makers.membership(who[0], group, makers.unit(), starts_on=date(2026, 5, 5))
    enrol(session, who)
    rows = roster_of(session)
    assert [row.full_name for row in rows] == ["Lê Văn An", "Trần Thị Bình"]
    assert [row.unit_name for row in rows] == ["", "Sở Cũ"]


def test_pages_of_a_roster_join_without_gap_or_overlap() -> None:
    session = a_session(capacity=None)
    enrol(session, people(230))
    after, found = None, list[str]()
    while True:
        page = roster_page(session, after)
        found += [row.person_key for row in page.rows]
        if (after := page.after) is None:
            break
    assert found == [row.person_key for row in roster_of(session)]


def completion_by_hand(**more: Any) -> tuple[Person, Completion]:
    who, course = makers.person(), makers.course(validity_months=6)
    values = {"source": "outside", "document_no": "12/GCN", "completed_on": HELD, **more}
    asked = CompletionDetails(course_id=course.id, **values)
    return who, completions.record_completion(who, asked, by=None, today=HELD)


def test_recognised_outside_training_counts_as_long_as_the_course_says() -> None:
    _who, completion = completion_by_hand()
    assert completion.valid_through == date(2026, 11, 5)
    assert completion.source == "outside: 12/GCN"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"completed_on": HELD + timedelta(days=1)}, "sau hôm nay"),
        ({"document_no": ""}, "số văn bản"),
        ({"source": "handed_over"}, "không hợp với loại khóa học"),
    ],
)
def test_completion_without_proof_or_of_a_day_to_come_is_refused(
    more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        completion_by_hand(**more)


def test_the_same_completion_is_not_recorded_twice() -> None:
    who, completion = completion_by_hand()
    asked = CompletionDetails(completion.course_id, HELD, "outside", "13/GCN")
    with pytest.raises(Refusal, match="Đã có ghi nhận"):
        completions.record_completion(who, asked, by=None, today=HELD)


def test_retracted_completion_stays_known_for_the_time_before() -> None:
    _who, completion = completion_by_hand()
    before = clock.now()
    completions.retract_completion(completion, "nhầm người", by=None)
    assert db.session.scalar(select(Completion).where(Completion.known_at(before))) is completion
    with pytest.raises(Refusal, match="đã được rút"):
        completions.retract_completion(completion, "nhầm người", by=None)


def test_completion_of_a_session_is_not_retracted_by_hand() -> None:
    session, _who = held(attended=1)
    with pytest.raises(Refusal, match="điểm danh của lớp"):
        completions.retract_completion(known(session)[0], "x", by=None)


def test_editing_a_course_leaves_completions_as_they_were() -> None:
    session, _who = held(attended=1)
    courses.edit_course(session.course, CourseDetails("Tên mới", validity_months=1), by=None)
    assert known(session)[0].valid_through == date(2027, 5, 5)
