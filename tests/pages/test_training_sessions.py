"""Courses and training sessions through their pages: made once, edited, closed, called off."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hrtrain.accounts.rules import Role
from hrtrain.certificates.models import Certificate
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.training.models import Completion, Course, Enrolment, TrainingSession
from hrtrain.units.models import Unit
from tests import makers
from tests.cast import sign_in

TODAY = clock.today()


@pytest.fixture
def unit(app: Flask) -> Unit:
    return makers.unit("so-vh", name="Sở Văn hóa")


@pytest.fixture
def organizer(client: FlaskClient, unit: Unit) -> FlaskClient:
    return sign_in(client, makers.user(Role.ORGANIZER, unit))


def a_session(unit: Unit, **more: Any) -> TrainingSession:
    days = {"starts_on": TODAY - timedelta(days=2), "ends_on": TODAY, **more}
    return makers.training_session(makers.course(), unit, **days)


def hidden_value(html: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', html)
    return found[1] if found else ""


def session_form(course: Course, **more: Any) -> dict[str, Any]:
    return {
        "key": "s-0123456789",
        "course": course.key,
        "title": "Lớp đợt 1",
        "unit": "so-vh",
        "starts_on": "04/05/2026",
        "last_on": "05/05/2026",
        "place": "Hội trường",
        "capacity": "40",
        **more,
    }


def count(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_organizer_makes_a_course(organizer: FlaskClient) -> None:
    key = hidden_value(organizer.get("/courses/new").text, "key")
    form = {"key": key, "name": "Quyền con người", "kind": "training", "validity_months": "36"}
    for _click in range(2):
        answer = organizer.post("/courses/new", data=form)
        assert answer.headers["Location"] == f"/courses/{key}"
    assert count(Course) == 1
    assert "36 tháng" in organizer.get(f"/courses/{key}").text


def test_stale_course_form_is_answered_with_both_versions(organizer: FlaskClient) -> None:
    course = makers.course(name="Tên cũ")
    url = f"/courses/{course.key}/edit"
    assert organizer.post(url, data={"name": "A", "kind": "training", "version": 1}).location
    answer = organizer.post(url, data={"name": "B", "kind": "training", "version": 1})
    assert answer.status_code == 409
    assert "Đang lưu" in answer.text
    assert db.session.get_one(Course, course.id).name == "A"


def test_double_click_makes_one_session_with_its_inclusive_last_day(
    organizer: FlaskClient,
) -> None:
    course = makers.course()
    for _click in range(2):
        answer = organizer.post("/training-sessions/new", data=session_form(course))
        assert answer.headers["Location"] == "/training-sessions/s-0123456789"
    session = db.session.scalars(select(TrainingSession)).one()
    assert (session.starts_on, session.ends_on) == (date(2026, 5, 4), date(2026, 5, 6))
    page = organizer.get("/training-sessions/s-0123456789").text
    assert "05/05/2026" in page
    assert "06/05/2026" not in page


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"starts_on": "31/02/2026"}, "Không có ngày 31/02/2026 trong lịch."),
        ({"last_on": "03/05/2026"}, "Ngày cuối phải từ ngày đầu trở đi."),
        ({"starts_on": ""}, "Hãy điền mục này."),
        ({"capacity": "0"}, "Số phải từ 1 đến 100000."),
        ({"capacity": "nhiều"}, "Hãy ghi một số nguyên."),
        ({"unit": "Sở Không Có"}, "Không có đơn vị “Sở Không Có”"),
        ({"course": "không"}, "Lựa chọn này không có trong danh sách."),
    ],
)
def test_impossible_session_is_refused_at_its_field(
    organizer: FlaskClient, fault: dict[str, str], sentence: str
) -> None:
    form = {**session_form(makers.course()), **fault}
    answer = organizer.post("/training-sessions/new", data=form)
    assert answer.status_code == 422
    (name,) = fault
    complaint = re.search(rf'id="{name}-fault">(.*?)</div></div>', answer.text, re.DOTALL)
    assert complaint and sentence in complaint[1]
    assert count(TrainingSession) == 0


def test_session_of_a_unit_that_has_ended_is_refused(organizer: FlaskClient, unit: Unit) -> None:
    unit.ends_on = date(2026, 5, 5)
    answer = organizer.post("/training-sessions/new", data=session_form(makers.course()))
    assert answer.status_code == 422
    assert "Sở Văn hóa" in answer.text
    assert count(TrainingSession) == 0


def test_session_of_a_foreign_unit_is_refused(organizer: FlaskClient) -> None:
    makers.unit("so-khac", name="Sở Khác")
    form = session_form(makers.course(), unit="so-khac")
    assert organizer.post("/training-sessions/new", data=form).status_code == 422


def edit_form(session: TrainingSession, **more: Any) -> dict[str, Any]:
    days = {
        "starts_on": session.starts_on.strftime("%d/%m/%Y"),
        "last_on": (session.ends_on - timedelta(days=1)).strftime("%d/%m/%Y"),
    }
    return session_form(session.course, version=session.version, **{**days, **more})


def test_stale_session_form_changes_nothing_and_shows_both_versions(
    organizer: FlaskClient, unit: Unit
) -> None:
    session = a_session(unit)
    url, form = f"/training-sessions/{session.key}/edit", edit_form(session)
    assert organizer.post(url, data={**form, "title": "Bản một"}).status_code == 303
    answer = organizer.post(url, data={**form, "title": "Bản hai"})
    assert answer.status_code == 409
    assert "Bản một" in answer.text and "Bản hai" in answer.text
    assert db.session.get_one(TrainingSession, session.id).title == "Bản một"
    again = {**form, "title": "Bản hai", "version": hidden_value(answer.text, "version")}
    assert organizer.post(url, data=again).status_code == 303


def test_capacity_below_the_people_seated_is_refused_at_the_field(
    organizer: FlaskClient, unit: Unit
) -> None:
    session = a_session(unit)
    for seat in (1, 2):
        makers.enrolment(session, makers.person(), seat=seat)
    form = edit_form(session, capacity="1")
    answer = organizer.post(f"/training-sessions/{session.key}/edit", data=form)
    assert answer.status_code == 422
    assert "Đã xếp 2 người, không thể giảm còn 1 chỗ." in answer.text


def test_session_is_closed_once(organizer: FlaskClient, unit: Unit) -> None:
    session = a_session(unit)
    makers.enrolment(session, makers.person(), seat=1, attended=True)
    url = f"/training-sessions/{session.key}/close"
    form = {"version": hidden_value(organizer.get(url).text, "version")}
    assert organizer.post(url, data=form).status_code == 303
    assert organizer.post(url, data=form).status_code == 409
    assert count(Completion) == 1


def test_page_of_closing_says_what_is_missing(organizer: FlaskClient, unit: Unit) -> None:
    session = a_session(unit)
    makers.enrolment(session, makers.person(), seat=1)
    url = f"/training-sessions/{session.key}/close"
    assert "Còn 1 người chưa điểm danh." in organizer.get(url).text
    assert organizer.post(url, data={"version": session.version}).status_code == 422
    assert count(Completion) == 0


def test_session_is_reopened_with_a_reason(organizer: FlaskClient, unit: Unit) -> None:
    session = a_session(unit, state="closed")
    url = f"/training-sessions/{session.key}/reopen"
    assert organizer.post(url, data={"version": 1, "reason": " "}).status_code == 422
    assert organizer.post(url, data={"version": 1, "reason": "thiếu người"}).status_code == 303
    assert db.session.get_one(TrainingSession, session.id).state == "open"


def test_session_called_off_says_why_and_is_left_in_calendars_as_cancelled(
    organizer: FlaskClient, unit: Unit
) -> None:
    session = a_session(unit)
    url = f"/training-sessions/{session.key}"
    assert organizer.post(f"{url}/cancel", data={"version": 1, "reason": "bão"}).status_code == 303
    assert "Lớp đã hủy: bão" in organizer.get(url).text
    event = event_of(organizer.get(f"{url}.ics"))
    assert str(event["STATUS"]) == "CANCELLED"


def event_of(answer: TestResponse) -> Any:
    """The one event of a calendar file."""
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    return event


def test_calendar_file_reads_back(organizer: FlaskClient, unit: Unit) -> None:
    session = a_session(unit, title="Lớp, đợt 1; A", place="Phòng 2")
    url = f"/training-sessions/{session.key}"
    answer = organizer.get(f"{url}.ics")
    event = event_of(answer)
    assert answer.mimetype == "text/calendar"
    assert str(event["SUMMARY"]) == "Lớp, đợt 1; A"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (session.starts_on, session.ends_on)
    assert (str(event["LOCATION"]), event["SEQUENCE"]) == ("Phòng 2", 1)


def test_calendar_file_is_named_by_any_key_and_links_to_the_own_address(
    organizer: FlaskClient, unit: Unit
) -> None:
    session = a_session(unit)
    session.key = 'lớp "1"'
    answer = organizer.get(f"/training-sessions/{session.key}.ics")
    assert str(event_of(answer)["URL"]).startswith("http://127.0.0.1:8000/training-sessions/")
    said = answer.headers["Content-Disposition"]
    assert said.isascii() and "filename*=UTF-8" in said


def test_edited_session_keeps_its_identity_in_calendars_and_counts_up(
    organizer: FlaskClient, unit: Unit
) -> None:
    session = a_session(unit)
    url = f"/training-sessions/{session.key}"
    before = event_of(organizer.get(f"{url}.ics"))
    organizer.post(f"{url}/edit", data=edit_form(session, title="Tên mới"))
    after = event_of(organizer.get(f"{url}.ics"))
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1


PAGES = ["", "/edit", "/close", "/reopen", "/cancel", "/attendance", "/enrol", "/sign-in-sheet"]


@pytest.mark.parametrize("page", [*PAGES, ".ics", "?part=eligibility", "?part=certificates"])
def test_pages_of_a_session_open_in_scope_and_answer_404_outside(
    organizer: FlaskClient, unit: Unit, page: str
) -> None:
    own, foreign = a_session(unit), a_session(makers.unit())
    for session in (own, foreign):
        makers.enrolment(session, makers.person(), seat=1, attended=True)
    assert organizer.get(f"/training-sessions/{own.key}{page}").status_code == 200
    assert organizer.get(f"/training-sessions/{foreign.key}{page}").status_code == 404
    assert organizer.get(f"/training-sessions/no-such{page}").status_code == 404


@pytest.mark.parametrize("page", ["/edit", "/close", "/reopen", "/cancel", "/attendance", "/enrol"])
def test_foreign_session_is_not_changed(organizer: FlaskClient, page: str) -> None:
    foreign = a_session(makers.unit())
    form = {"version": 1, "reason": "x", "person": "p"}
    assert organizer.post(f"/training-sessions/{foreign.key}{page}", data=form).status_code == 404


def test_programme_manager_reads_a_session_without_the_organizers_buttons(
    client: FlaskClient, unit: Unit
) -> None:
    session = a_session(unit)
    sign_in(client, makers.user(Role.PROGRAMME_MANAGER, unit))
    page = client.get(f"/training-sessions/{session.key}")
    assert page.status_code == 200
    assert "/attendance" not in page.text
    assert client.get(f"/training-sessions/{session.key}/edit").status_code == 403


def test_list_shows_sessions_in_scope_by_time(organizer: FlaskClient, unit: Unit) -> None:
    a_session(unit, title="Lớp đã qua", ends_on=TODAY)
    a_session(unit, title="Lớp sắp tới", ends_on=TODAY + timedelta(days=9))
    a_session(makers.unit(), title="Lớp ngoài phạm vi", ends_on=TODAY + timedelta(days=9))
    upcoming = organizer.get("/training-sessions").text
    assert "Lớp sắp tới" in upcoming
    assert "Lớp đã qua" not in upcoming
    assert "Lớp ngoài phạm vi" not in upcoming
    assert "Lớp đã qua" in organizer.get("/training-sessions?when=past").text


def test_list_is_narrowed_to_a_unit_and_those_below(organizer: FlaskClient, unit: Unit) -> None:
    below = makers.unit("phong", name="Phòng Một", under=unit)
    a_session(below, title="Lớp của phòng")
    a_session(unit, title="Lớp của sở")
    page = organizer.get("/training-sessions?when=all&unit=phong").text
    assert "Lớp của phòng" in page
    assert "Lớp của sở" not in page


def test_pages_of_the_list_join_without_gap_or_overlap(organizer: FlaskClient, unit: Unit) -> None:
    course = makers.course()
    for n in range(120):
        start = TODAY + timedelta(days=n // 7)
        makers.training_session(course, unit, starts_on=start, ends_on=start + timedelta(days=1))
    url, found = "/training-sessions?when=upcoming", list[str]()
    while url:
        page = organizer.get(url).text
        found += re.findall(r'row-link" href="/training-sessions/(s\d+)"', page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        url = following[1].replace("&amp;", "&") if following else ""
    assert len(found) == len(set(found)) == 120


def test_sign_in_sheet_lists_those_with_a_seat(organizer: FlaskClient, unit: Unit) -> None:
    session = a_session(unit)
    makers.enrolment(session, makers.person("Lê Thị Có Chỗ"), seat=1)
    makers.enrolment(session, makers.person("Phạm Văn Chờ"), state="waiting")
    page = organizer.get(f"/training-sessions/{session.key}/sign-in-sheet").text
    assert "Lê Thị Có Chỗ" in page
    assert "Phạm Văn Chờ" not in page


def test_eligibility_says_of_everybody_why(organizer: FlaskClient, unit: Unit) -> None:
    session = a_session(unit)
    cases = {"completed": True, "incomplete": False, "withdrawn": None}
    for state, attended in cases.items():
        makers.enrolment(session, makers.person(), state=state, attended=attended)
    done = db.session.scalars(select(Enrolment.person_id).where(Enrolment.attended.is_(True))).one()
    db.session.add(
        Completion(
            person_id=done,
            course_id=session.course_id,
            completed_on=TODAY - timedelta(days=1),
            training_session_id=session.id,
        )
    )
    page = organizer.get(f"/training-sessions/{session.key}?part=eligibility").text
    for sentence in ("đã ghi nhận hoàn thành", "Vắng mặt", "Đã xin rút khỏi lớp"):
        assert sentence in page


def test_certificate_of_somebody_no_longer_complete_is_flagged(
    organizer: FlaskClient, unit: Unit
) -> None:
    session, who = a_session(unit, state="closed"), makers.person("Lê Thị Cần Xem")
    makers.enrolment(session, who, state="incomplete", attended=False)
    certificate = Certificate(
        key="c",
        person_id=who.id,
        course_id=session.course_id,
        training_session_id=session.id,
        number="01/GCN-SVH",
        issued_on=TODAY,
        check_code="check",
        qr_code="qr",
    )
    db.session.add(certificate)
    page = organizer.get(f"/training-sessions/{session.key}?part=certificates").text
    assert "cần xem xét thu hồi" in page
    assert "01/GCN-SVH" in page
    reopen = f"/training-sessions/{session.key}/reopen"
    answer = organizer.post(reopen, data={"version": 1, "reason": "x"})
    assert (answer.status_code, session.state) == (422, "closed")
