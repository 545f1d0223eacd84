"""Enrolling and attendance through their pages: found, ticked, from a file, marked, corrected."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hrtrain.accounts.models import AuditEntry
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.people.models import Person
from hrtrain.training.models import Completion, Enrolment, TrainingSession
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


@pytest.fixture
def session(unit: Unit) -> TrainingSession:
    return a_session(unit)


def a_session(unit: Unit, **more: Any) -> TrainingSession:
    days = {"starts_on": TODAY - timedelta(days=2), "ends_on": TODAY, **more}
    return makers.training_session(makers.course(), unit, **days)


def member(unit: Unit, name: str = "Lê Văn An", **more: Any) -> Person:
    who = makers.person(name, **more)
    makers.membership(who, makers.group(), unit)
    return who


def states() -> dict[str, str]:
    rows = db.session.execute(select(Person.full_name, Enrolment.state).join(Enrolment))
    return {row[0]: row[1] for row in rows}


def enrol(
    browser: FlaskClient, session: TrainingSession, *who: Person, full: str = "refuse"
) -> TestResponse:
    form = {"person": [person.key for person in who], "when_full": full}
    return browser.post(f"/training-sessions/{session.key}/enrol", data=form)


def test_people_in_scope_are_found_without_marks(
    organizer: FlaskClient, unit: Unit, session: TrainingSession
) -> None:
    member(unit, "Đặng Thị Ánh")
    member(makers.unit(), "Trần Thị Ánh")
    page = organizer.get(f"/training-sessions/{session.key}/enrol?q=thi anh").text
    assert "Đặng Thị Ánh" in page
    assert "Trần Thị Ánh" not in page


def test_double_click_enrols_once(
    organizer: FlaskClient, unit: Unit, session: TrainingSession
) -> None:
    who = member(unit)
    assert enrol(organizer, session, who).status_code == 303
    assert enrol(organizer, session, who).status_code == 303
    assert states() == {"Lê Văn An": "booked"}
    acts = select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "enrol")
    assert db.session.scalar(acts) == 1


def test_foreign_people_are_not_enrolled(
    organizer: FlaskClient, unit: Unit, session: TrainingSession
) -> None:
    answer = enrol(organizer, session, member(unit), member(makers.unit(), "Người Ngoài"))
    assert answer.status_code == 422
    assert "không thuộc phạm vi" in answer.text
    assert "Người Ngoài" not in answer.text
    assert states() == {}


def test_nobody_ticked_is_refused(organizer: FlaskClient, session: TrainingSession) -> None:
    answer = enrol(organizer, session)
    assert answer.status_code == 422
    assert "Hãy chọn ít nhất một người." in answer.text


def test_people_beyond_the_seats_are_named_and_may_wait_instead(
    organizer: FlaskClient, unit: Unit
) -> None:
    session = a_session(unit, capacity=1)
    first, second = member(unit, "Lê Văn An"), member(unit, "Lê Văn Bình")
    answer = enrol(organizer, session, first, second)
    assert answer.status_code == 422
    assert "không còn chỗ cho: Lê Văn Bình." in answer.text
    assert states() == {}
    enrol(organizer, session, first, second, full="wait")
    assert states() == {"Lê Văn An": "booked", "Lê Văn Bình": "waiting"}


def test_freed_seat_is_given_by_a_button(organizer: FlaskClient, unit: Unit) -> None:
    session = a_session(unit, capacity=1)
    first, second = member(unit, "Lê Văn An"), member(unit, "Lê Văn Bình")
    enrol(organizer, session, first, second, full="wait")
    base = f"/training-sessions/{session.key}/enrolments"
    assert organizer.post(f"{base}/{second.key}/seat").status_code == 422
    form = {"version": 1, "state": "withdrawn", "reason": "bận"}
    assert organizer.post(f"{base}/{first.key}/withdraw", data=form).status_code == 303
    assert organizer.post(f"{base}/{second.key}/seat").status_code == 303
    assert states() == {"Lê Văn An": "withdrawn", "Lê Văn Bình": "booked"}


def test_stale_withdrawal_changes_nothing(
    organizer: FlaskClient, unit: Unit, session: TrainingSession
) -> None:
    who = member(unit)
    enrol(organizer, session, who)
    url = f"/training-sessions/{session.key}/enrolments/{who.key}/withdraw"
    form = {"version": 7, "state": "withdrawn", "reason": "bận"}
    assert organizer.post(url, data=form).status_code == 409
    assert states() == {"Lê Văn An": "booked"}


def test_missing_people_of_a_group_are_offered_with_why(
    organizer: FlaskClient, unit: Unit, session: TrainingSession
) -> None:
    group, programme = makers.group(name="Nhóm quyền con người"), makers.programme()
    makers.target(programme, group, scope_unit_id=unit.id)
    makers.requirement(programme, group, session.course)
    trained, missing = makers.person("Đã Học"), makers.person("Chưa Học")
    foreign = makers.person("Ngoài Phạm Vi")
    for who, place in ((trained, unit), (missing, unit), (foreign, makers.unit())):
        makers.membership(who, group, place)
    makers.completion(trained, session.course, TODAY - timedelta(days=9))
    page = organizer.get(f"/training-sessions/{session.key}/enrol?by=missing").text
    assert re.findall(r'name="person" value="([^"]*)"', page) == [missing.key]
    assert "Chưa từng ghi danh" in page
    assert enrol(organizer, session, missing).status_code == 303


def send_file(
    browser: FlaskClient, session: TrainingSession, content: str, name: str = "ds.csv"
) -> TestResponse:
    form = {"file": (BytesIO(content.encode("utf-8-sig")), name)}
    return browser.post(f"/training-sessions/{session.key}/enrol/file", data=form)


def test_file_ticks_those_it_knows_and_lists_every_other_row(
    organizer: FlaskClient, unit: Unit, session: TrainingSession
) -> None:
    known = member(unit, "Lê Văn An", birth_date="1985-05-12", birth_precision="day")
    for born in ("1980", "1981"):
        member(unit, "Lê Thị Hai", birth_date=born, birth_precision="year")
    rows = ["Lê Văn An;12/05/1985", "Lê Thị Hai;", "Người Lạ Mặt;1/1/1990", "Võ Văn Sai;31/02/1985"]
    answer = send_file(organizer, session, "\r\n".join(["Họ và tên;Ngày sinh", *rows]))
    assert answer.status_code == 200
    ticked = re.findall(r'value="([^"]*)" id="person-[^>]* checked', answer.text)
    assert ticked == [known.key]
    assert "Dòng không ghi danh được (3)" in answer.text
    for words in ("Người Lạ Mặt", "Lê Thị Hai", "31/02/1985"):
        assert words in answer.text
    assert states() == {}


def test_file_that_is_no_spreadsheet_is_refused_by_name(
    organizer: FlaskClient, session: TrainingSession
) -> None:
    answer = send_file(organizer, session, "%PDF-1.7", "ds.pdf")
    assert answer.status_code == 422
    assert "ds.pdf" in answer.text


def sheet_of(browser: FlaskClient, session: TrainingSession) -> dict[str, str]:
    """The attendance form as a browser would send it untouched."""
    page = browser.get(f"/training-sessions/{session.key}/attendance").text
    seen = re.findall(r'name="(seen-\d+)" value="([^"]*)"', page)
    marks = re.findall(r'name="(mark-\d+)" id="[^"]*" value="(\w+)" checked', page)
    return dict(seen) | dict(marks)


def save(browser: FlaskClient, session: TrainingSession, **form: str) -> TestResponse:
    return browser.post(f"/training-sessions/{session.key}/attendance", data=form)


def attended() -> list[bool | None]:
    return list(db.session.scalars(select(Enrolment.attended).order_by(Enrolment.seat)))


def test_marks_are_saved_and_the_rest_filled_by_a_button(
    organizer: FlaskClient, unit: Unit, session: TrainingSession
) -> None:
    enrol(organizer, session, *(member(unit, f"Lê Văn {name}") for name in ("An", "Bình", "Chi")))
    form = sheet_of(organizer, session)
    assert list(form.values()).count("none") == 3
    first = min(name for name in form if name.startswith("mark-"))
    assert save(organizer, session, **{**form, first: "absent", "fill": "present"}).location
    assert sorted(attended(), key=str) == [False, True, True]


def test_sheet_of_a_large_session_comes_a_page_at_a_time(
    organizer: FlaskClient, session: TrainingSession
) -> None:
    for number in range(103):
        makers.enrolment(session, makers.person(f"Lê Văn {number:03}"), seat=number + 1)
    form = sheet_of(organizer, session)
    assert len(form) == 200
    page = organizer.get(f"/training-sessions/{session.key}/attendance").text
    after = re.search(r'name="next_page" value="([^"]*)"', page)
    assert after is not None
    answer = save(organizer, session, **form, fill="present", next_page=after[1])
    assert attended().count(True) == 100
    rest = organizer.get(answer.location).text
    assert len(re.findall(r'name="seen-', rest)) == 3
    assert 'name="next_page"' not in rest


def test_two_people_marking_different_rows_lose_nothing(
    organizer: FlaskClient, unit: Unit, session: TrainingSession
) -> None:
    enrol(organizer, session, member(unit, "Lê Văn An"), member(unit, "Lê Văn Bình"))
    form = sheet_of(organizer, session)
    one, two = sorted(name for name in form if name.startswith("mark-"))
    assert save(organizer, session, **{**form, one: "present"}).status_code == 303
    assert save(organizer, session, **{**form, two: "absent"}).status_code == 303
    assert attended() == [True, False]


def test_two_different_marks_of_one_row_are_answered_with_both(
    organizer: FlaskClient, unit: Unit, session: TrainingSession
) -> None:
    enrol(organizer, session, member(unit))
    form = sheet_of(organizer, session)
    (row,) = (name for name in form if name.startswith("mark-"))
    save(organizer, session, **{**form, row: "present"})
    answer = save(organizer, session, **{**form, row: "absent"})
    assert answer.status_code == 409
    assert "Người khác vừa ghi: Có mặt. Lựa chọn của bạn: Vắng." in answer.text
    assert attended() == [True]


def test_attendance_before_the_first_day_is_refused(organizer: FlaskClient, unit: Unit) -> None:
    session = a_session(
        unit, starts_on=TODAY + timedelta(days=1), ends_on=TODAY + timedelta(days=2)
    )
    makers.enrolment(session, member(unit), seat=1)
    row = db.session.scalars(select(Enrolment.id)).one()
    form = {f"seen-{row}": "1:none", f"mark-{row}": "present"}
    assert save(organizer, session, **form).status_code == 422
    assert attended() == [None]


def test_correction_after_closing_asks_why_and_changes_the_completion(
    organizer: FlaskClient, unit: Unit, session: TrainingSession
) -> None:
    makers.enrolment(session, member(unit), seat=1, attended=True)
    organizer.post(f"/training-sessions/{session.key}/close", data={"version": 1})
    form = sheet_of(organizer, session)
    (row,) = (name for name in form if name.startswith("mark-"))
    assert save(organizer, session, **{**form, row: "absent"}).status_code == 422
    told = {**form, row: "absent", "reason": "ghi nhầm"}
    assert save(organizer, session, **told).status_code == 303
    known = select(Completion).where(Completion.retracted_at.is_(None))
    assert db.session.scalars(known).all() == []


def completion_form(key: str, **more: str) -> dict[str, str]:
    values = {"completed_on": "05/05/2025", "source": "outside", "document_no": "12/GCN"}
    return {"course": key, **values, **more}


def test_completion_is_recorded_and_retracted_by_hand(organizer: FlaskClient, unit: Unit) -> None:
    who, course = member(unit), makers.course()
    url = f"/people/{who.key}/completions"
    assert organizer.post(f"{url}/new", data=completion_form(course.key)).status_code == 303
    made = db.session.scalars(select(Completion)).one()
    assert made.source == "outside: 12/GCN"
    assert organizer.post(f"{url}/{made.id}/retract", data={"reason": ""}).status_code == 422
    assert organizer.post(f"{url}/{made.id}/retract", data={"reason": "nhầm"}).status_code == 303
    assert organizer.get(f"{url}/{made.id}/retract").status_code == 404


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"completed_on": "31/04/2025"}, "Không có ngày 31/04/2025 trong lịch."),
        ({"completed_on": "01/01/2999"}, "Ngày hoàn thành không thể ở sau hôm nay."),
        ({"document_no": ""}, "Hãy ghi số văn bản"),
    ],
)
def test_completion_that_cannot_be_is_refused_in_words(
    organizer: FlaskClient, unit: Unit, fault: dict[str, str], sentence: str
) -> None:
    who, course = member(unit), makers.course()
    form = completion_form(course.key, **fault)
    answer = organizer.post(f"/people/{who.key}/completions/new", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_completion_of_foreign_people_is_not_recorded(organizer: FlaskClient) -> None:
    who, course = member(makers.unit()), makers.course()
    form = completion_form(course.key)
    assert organizer.post(f"/people/{who.key}/completions/new", data=form).status_code == 404
