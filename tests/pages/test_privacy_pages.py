"""Pages of personal data: the own page and its requests, the office's, copies, anonymity."""

import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from hrtrain.accounts.models import AuditEntry
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.jobs import worker
from hrtrain.people.models import Person
from hrtrain.privacy.access_log import access_log
from hrtrain.privacy.models import DataAccess, SubjectRequest
from hrtrain.units.models import Unit
from tests import makers
from tests.cast import sign_in

CODE = "abcdefghijklmnop"


def somebody(unit: Unit | None = None) -> Person:
    """A cadre at a unit, with a birth date for the link."""
    person = makers.person(
        "Phạm Thị Hà",
        birth_date="1985-05-12",
        birth_precision="day",
        phone="0912345678",
        access_code=CODE,
        national_id_hash="b" * 64,
        national_id_last4="5678",
    )
    makers.membership(person, makers.group(), unit or makers.unit())
    return person


def attendee(client: FlaskClient) -> Person:
    person = somebody()
    sign_in(client, makers.user("attendee", person_id=person.id))
    return person


def manager(client: FlaskClient) -> Person:
    unit = makers.unit()
    person = somebody(unit)
    sign_in(client, makers.user("programme_manager", unit))
    return person


def once(answer: TestResponse) -> str:
    found = re.search(r'name="once"[^>]*value="([^"]+)"', answer.text)
    return found[1] if found else ""


def version(answer: TestResponse) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    return found[1] if found else ""


def only_request() -> SubjectRequest:
    db.session.rollback()
    return db.session.scalars(select(SubjectRequest)).one()


def a_request(person: Person, *, days_ago: int = 0, kind: str = "correct") -> str:
    today = clock.today() - timedelta(days=days_ago)
    row = SubjectRequest(
        key="req-0000000001",
        person_id=person.id,
        kind=kind,
        via="office",
        received_on=today,
        acknowledge_by=today + timedelta(days=2),
        answer_by=today + timedelta(days=10),
        said="Đổi chức vụ",
    )
    db.session.add(row)
    db.session.commit()
    return row.key


def test_own_page_says_what_is_held_why_and_for_how_long(client: FlaskClient) -> None:
    attendee(client)
    text = client.get("/my/data").text
    for said in ("0912345678", "Điều 19.1(c)", "bốn số cuối: 5678", "120 tháng", "Nơi tiếp nhận"):
        assert said in text, said
    assert "b" * 64 not in text


def test_personal_link_shows_the_same_once_it_is_opened(client: FlaskClient) -> None:
    somebody()
    closed = client.get(f"/me/{CODE}/data")
    assert (closed.status_code, closed.headers["Location"]) == (303, f"/me/{CODE}")
    client.post(f"/me/{CODE}", data={"birth_date": "12/05/1985"})
    assert "0912345678" in client.get(f"/me/{CODE}/data").text


def test_request_from_the_own_page_is_one_though_sent_twice(client: FlaskClient) -> None:
    attendee(client)
    sent = {"once": once(client.get("/my/data")), "kind": "erase", "said": "Xin xóa"}
    assert [client.post("/my/data", data=sent).status_code for _n in range(2)] == [303, 303]
    request = only_request()
    assert (request.kind, request.via, request.state) == ("erase", "account", "received")
    assert request.answer_by == clock.today() + timedelta(days=20)
    assert "Xin xóa" in client.get("/my/data").text


def test_correction_must_say_what(client: FlaskClient) -> None:
    attendee(client)
    sent = {"once": once(client.get("/my/data")), "kind": "correct", "said": " "}
    answer = client.post("/my/data", data=sent)
    assert (answer.status_code, "sửa thành gì" in answer.text) == (422, True)


def test_request_by_the_link_needs_no_account(client: FlaskClient) -> None:
    somebody()
    client.post(f"/me/{CODE}", data={"birth_date": "12/05/1985"})
    page = client.get(f"/me/{CODE}/data")
    sent = {"once": once(page), "kind": "view"}
    assert client.post(f"/me/{CODE}/data", data=sent).status_code == 303
    assert (only_request().via, only_request().entered_by_id) == ("link", None)


def test_own_copy_has_json_and_workbook_and_is_logged(app: Flask, client: FlaskClient) -> None:
    person = attendee(client)
    key, person_id = person.key, person.id
    answer = client.post("/my/data/copy.zip")
    packed = zipfile.ZipFile(io.BytesIO(answer.data))
    told = json.loads(packed.read("du-lieu.json"))
    assert (told["format"], told["person"]) == ("hrtrain-person-data/1", key)
    identity = {row["datum"]: row["value"] for row in told["parts"][0]["rows"]}
    assert identity["Họ và tên"] == "Phạm Thị Hà"
    assert len(load_workbook(packed.open("du-lieu.xlsx")).sheetnames) == len(told["parts"]) + 1
    access_log().flush()
    row = db.session.scalars(select(DataAccess).where(DataAccess.purpose == "export")).one()
    assert row.person_id == person_id


def test_officer_takes_a_copy_only_with_a_reason(client: FlaskClient) -> None:
    person = manager(client)
    address = f"/people/{person.key}/data/copy.zip"
    assert client.post(address, data={"reason": " "}).status_code == 422
    assert client.post(address, data={"reason": "Theo phiếu yêu cầu"}).mimetype == "application/zip"
    access_log().flush()
    row = db.session.scalars(select(DataAccess).where(DataAccess.purpose == "export")).one()
    assert (row.reason, row.what) == ("Theo phiếu yêu cầu", "privacy.person_export")
    acts = db.session.scalars(select(AuditEntry.act)).all()
    assert "person_exported" in acts


def test_person_sees_who_looked(app: Flask, client: FlaskClient) -> None:
    person = manager(client)
    person_id = person.id
    client.get(f"/people/{person.key}")
    client.get("/people")
    access_log().flush()
    sign_in(client, makers.user("attendee", person_id=person_id))
    text = client.get("/my/data").text
    assert "Trang của cán bộ" in text and "Danh sách cán bộ" in text


def test_officer_enters_a_request_of_somebody_who_came(client: FlaskClient) -> None:
    person = manager(client)
    address = f"/people/{person.key}/data/requests/new"
    sent = {"once": once(client.get(address)), "kind": "copy", "received_on": "02/11/2026"}
    assert client.post(address, data=sent | {"through_processor": "y"}).status_code == 303
    request = only_request()
    assert (request.received_on, request.answer_by) == (date(2026, 11, 2), date(2026, 11, 17))
    late = client.post(address, data=sent | {"once": "req-00000000ff", "received_on": "1/1/2999"})
    assert late.status_code == 422


def test_list_shows_overdue_first_and_the_dashboard_counts(client: FlaskClient) -> None:
    a_request(manager(client), days_ago=30)
    page = client.get("/privacy/requests").text
    assert "Quá hạn (1)" in page and "Phạm Thị Hà" in page
    assert "1 phiếu yêu cầu về dữ liệu cá nhân đã quá hạn" in client.get("/").text


def test_request_is_acknowledged_extended_and_done(client: FlaskClient) -> None:
    person = manager(client)
    address = f"/privacy/requests/{a_request(person)}"
    for act, sent in (
        ("acknowledge", {}),
        ("extend", {"reason": "Chờ đơn vị xác nhận"}),
        ("finish", {"answer": "Đã sửa chức vụ"}),
    ):
        page = client.get(address)
        answer = client.post(f"{address}/{act}", data={"version": version(page), **sent})
        assert answer.status_code == 303, act
    request = only_request()
    assert (request.state, request.answer) == ("done", "Đã sửa chức vụ")
    assert request.answer_by == clock.today() + timedelta(days=20)


def test_stale_form_of_a_request_is_told_so(client: FlaskClient) -> None:
    address = f"/privacy/requests/{a_request(manager(client))}"
    old = version(client.get(address))
    client.post(f"{address}/acknowledge", data={"version": old})
    answer = client.post(f"{address}/finish", data={"version": old, "answer": "x"})
    assert answer.status_code == 409
    assert only_request().state == "acknowledged"


def test_refusal_needs_ground_and_reason(client: FlaskClient) -> None:
    address = f"/privacy/requests/{a_request(manager(client), kind='erase')}"
    sent = {"version": version(client.get(address)), "ground": "public_task"}
    assert client.post(f"{address}/refuse", data=sent).status_code == 422
    answer = client.post(f"{address}/refuse", data=sent | {"refusal": "Phải lưu"})
    assert answer.status_code == 303
    assert "Điều 19" in client.get(address).text


def test_anonymity_is_asked_for_twice(client: FlaskClient) -> None:
    person = manager(client)
    person_id, address = person.id, f"/people/{person.key}/data/anonymise"
    sent = {"version": version(client.get(address)), "step": "ask", "reason": "Theo phiếu"}
    second = client.post(address, data=sent)
    assert (second.status_code, "không hoàn tác được" in second.text) == (200, True)
    confirmed = sent | {"step": "confirm", "typed": "xóa"}
    assert client.post(address, data=confirmed).status_code == 422
    assert client.post(address, data=confirmed | {"typed": "ẩn danh"}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Person, person_id).full_name == f"Người đã ẩn danh #{person_id}"
    assert "Phạm Thị Hà" not in client.get(f"/people/{person.key}").text


def test_link_of_an_anonymous_person_opens_nothing(client: FlaskClient) -> None:
    person = manager(client)
    person_id, address = person.id, f"/people/{person.key}/data/anonymise"
    sent = {"version": "1", "step": "confirm", "reason": "x", "typed": "ẨN DANH"}
    assert client.post(address, data=sent).status_code == 303
    db.session.rollback()
    code = db.session.get_one(Person, person_id).access_code
    for tried in (CODE, code):
        answer = client.post(f"/me/{tried}", data={"birth_date": "12/05/1985"})
        assert answer.status_code == 422


@pytest.mark.parametrize("role", ["organizer", "focal_point", "leadership"])
def test_only_managers_answer_requests_and_make_anonymous(client: FlaskClient, role: str) -> None:
    unit = makers.unit()
    person = somebody(unit)
    key = a_request(person)
    sign_in(client, makers.user(role, unit))
    for address in (f"/privacy/requests/{key}", f"/people/{person.key}/data/anonymise"):
        assert client.get(address).status_code == 403


def test_retention_is_looked_at_then_run(app: Flask, client: FlaskClient) -> None:
    person = makers.person("Lê Văn Đi", phone="0911111111")
    makers.membership(person, makers.group(), makers.unit(), ends_on=date(2021, 1, 1))
    person_id = person.id
    sign_in(client, makers.user("administrator"))
    assert "Quy tắc đang tắt" in client.get("/privacy/retention").text
    sent = {"version": "0", "months": "24", "is_on": "y", "note": "Quy chế 12/QC"}
    assert client.post("/privacy/retention/contacts", data=sent).status_code == 303
    page = client.get("/privacy/retention").text
    assert "Chạy: 1 mục" in page and "Lê Văn Đi" in page
    assert client.post("/privacy/retention/run").headers["Location"].startswith("/jobs/")
    worker.run_waiting()
    db.session.rollback()
    assert db.session.get_one(Person, person_id).phone == ""
    assert client.get("/privacy/retention/nothing").status_code == 404


def test_administrator_of_a_part_sets_no_rules_for_all(client: FlaskClient) -> None:
    sign_in(client, makers.user("administrator", makers.unit()))
    for address in ("/privacy/retention", "/privacy/notice", "/privacy/retention/audit"):
        assert client.get(address).status_code == 404
    assert "Thời hạn lưu" not in client.get("/privacy").text


def test_notice_is_what_the_person_reads(client: FlaskClient) -> None:
    person = somebody()
    person_id = person.id
    sign_in(client, makers.user("administrator"))
    sent = {"version": "0", "contact": "Bộ phận bảo vệ dữ liệu", "phone": "0276 382 2222"}
    assert client.post("/privacy/notice", data=sent).status_code == 303
    assert client.post("/privacy/notice", data=sent).status_code == 409
    sign_in(client, makers.user("attendee", person_id=person_id))
    assert "Bộ phận bảo vệ dữ liệu" in client.get("/my/data").text


def test_administrator_finds_who_saw_whom(app: Flask, client: FlaskClient) -> None:
    person = manager(client)
    client.get(f"/people/{person.key}")
    access_log().flush()
    sign_in(client, makers.user("administrator"))
    found = client.get(f"/privacy?person={person.key}&purpose=page&day=bad")
    assert found.status_code == 422
    assert "Phạm Thị Hà" in client.get(f"/privacy?person={person.key}&purpose=page").text
    assert "Phạm Thị Hà" not in client.get("/privacy?person=nobody").text


def test_breach_is_to_be_reported_within_72_hours(client: FlaskClient) -> None:
    sign_in(client, makers.user("administrator"))
    noticed = clock.now().astimezone(clock.LOCAL) - timedelta(hours=73)
    sent = {
        "once": once(client.get("/privacy/incidents/new")),
        "noticed_on": noticed.strftime("%d/%m/%Y"),
        "noticed_time": noticed.strftime("%H:%M"),
        "what": "Mất máy tính có danh sách học viên",
    }
    for _twice in range(2):
        assert client.post("/privacy/incidents/new", data=sent).status_code == 303
    page = client.get("/privacy/incidents").text
    assert page.count("Mất máy tính") == 1 and "Quá 72 giờ" in page
    address = re.search(r'href="(/privacy/incidents/inc-[^"]+)"', page)
    assert address
    shown = client.get(address[1])
    more = {
        "version": version(shown),
        "is_reported": "y",
        "report_no": "12/BC",
        "people_count": "9",
    }
    assert client.post(address[1], data=sent | more).status_code == 303
    assert "Đã báo cáo muộn" in client.get("/privacy/incidents").text
    assert client.post(address[1], data=sent | more).status_code == 409
    assert client.post(address[1], data=sent | {"noticed_time": "25:99"}).status_code == 422
