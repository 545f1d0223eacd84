"""The attendee's own page: signed in, and by the personal link with its birth date."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from werkzeug.test import TestResponse

from hrtrain.accounts.rules import Role
from hrtrain.certificates.models import Certificate, Document
from hrtrain.certificates.places import document_store
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.people.models import Person
from hrtrain.training.models import TrainingSession
from hrtrain.training.views import personal
from tests import makers
from tests.cast import sign_in

CODE = "k3m5n7p9k3m5n7p9"


@pytest.fixture(autouse=True)
def _on_both_engines(app: Flask) -> None:
    pass


def attendee(**more: Any) -> Person:
    values = {"birth_date": "1985-05-12", "birth_precision": "day", "access_code": CODE, **more}
    return makers.person("Lê Thị Hà", **values)


def session_with(*who: Person, title: str = "Lớp của Hà") -> TrainingSession:
    session = makers.training_session(makers.course(), makers.unit(), title=title)
    for person in who:
        makers.enrolment(session, person)
    return session


def open_link(client: FlaskClient, birth_date: str, code: str = CODE) -> TestResponse:
    return client.post(f"/me/{code}", data={"birth_date": birth_date})


def test_attendee_sees_own_sessions_only(client: FlaskClient) -> None:
    who = attendee()
    session_with(who)
    session_with(makers.person(), title="Lớp của người khác")
    sign_in(client, makers.user(Role.ATTENDEE, person_id=who.id))
    page = client.get("/my").text
    assert "Lớp của Hà" in page
    assert "Lớp của người khác" not in page


def test_attendee_adds_an_own_session_to_the_calendar(client: FlaskClient) -> None:
    who = attendee()
    own, other = session_with(who), session_with(makers.person())
    sign_in(client, makers.user(Role.ATTENDEE, person_id=who.id))
    answer = client.get(f"/my/training-sessions/{own.key}.ics")
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Lớp của Hà"
    assert client.get(f"/my/training-sessions/{other.key}.ics").status_code == 404


def test_account_without_a_person_is_told_so(client: FlaskClient) -> None:
    sign_in(client, makers.user(Role.ATTENDEE))
    assert "chưa gắn với cán bộ nào" in client.get("/my").text


def test_birth_date_opens_the_personal_link(client: FlaskClient) -> None:
    session = session_with(attendee())
    assert "Lớp của Hà" not in client.get(f"/me/{CODE}").text
    assert open_link(client, "12/05/1985").headers["Location"] == f"/me/{CODE}"
    assert "Lớp của Hà" in client.get(f"/me/{CODE}").text
    assert client.get(f"/me/{CODE}/training-sessions/{session.key}.ics").status_code == 200


def test_wrong_code_and_wrong_birth_date_answer_alike(client: FlaskClient) -> None:
    attendee()
    wrong_code = open_link(client, "12/05/1985", "a" * 16)
    wrong_day = open_link(client, "13/05/1985")
    assert wrong_code.status_code == wrong_day.status_code == 422

    def plain(answer: TestResponse) -> str:
        text = re.sub(r"/me/\w+", "/me/", answer.text)
        return re.sub(r'value="[^"]*"', "", text)

    assert plain(wrong_code) == plain(wrong_day)
    assert "Liên kết hoặc ngày sinh không đúng." in wrong_code.text


@pytest.mark.parametrize("stored", ["1985", "1985-05"])
def test_birth_date_is_asked_as_precisely_as_it_is_stored(client: FlaskClient, stored: str) -> None:
    attendee(birth_date=stored)
    assert open_link(client, "/".join(reversed(stored.split("-")))).status_code == 303


def test_person_without_birth_date_cannot_use_the_link(client: FlaskClient) -> None:
    attendee(birth_date="", birth_precision="")
    assert open_link(client, "12/05/1985").status_code == 422


def test_tries_of_a_code_are_limited_even_for_the_right_date(client: FlaskClient) -> None:
    attendee()
    for _try in range(personal.TRIES_OF_CODE):
        assert open_link(client, "1/1/1970").status_code == 422
    assert open_link(client, "12/05/1985").status_code == 429


def test_tries_of_an_address_are_limited_whatever_the_code(client: FlaskClient) -> None:
    answers = [
        open_link(client, "1/1/1970", f"code{n}").status_code
        for n in range(personal.TRIES_OF_ADDRESS + 1)
    ]
    assert answers == [422] * personal.TRIES_OF_ADDRESS + [429]


def test_opened_link_opens_nobody_elses(client: FlaskClient) -> None:
    attendee()
    other = makers.person("Trần Văn Khác", birth_date="1985-05-12", access_code="x" * 16)
    session = session_with(other)
    open_link(client, "12/05/1985")
    assert "Trần Văn Khác" not in client.get(f"/me/{'x' * 16}").text
    url = f"/me/{CODE}/training-sessions/{session.key}.ics"
    assert client.get(url).status_code == 404
    assert client.get("/my").status_code == 303


def test_link_closes_by_its_button_and_after_an_hour(client: FlaskClient) -> None:
    attendee()
    open_link(client, "12/05/1985")
    client.post(f"/me/{CODE}/sign-out")
    assert "Lê Thị Hà" not in client.get(f"/me/{CODE}").text
    open_link(client, "12/05/1985")
    with client.session_transaction() as kept:
        until = kept[personal.MARK]["until"]
        assert until <= (clock.now() + timedelta(hours=1)).timestamp()
        kept[personal.MARK] = {"code": CODE, "until": until - 3600}
    assert "Lê Thị Hà" not in client.get(f"/me/{CODE}").text


def test_link_opened_once_ends_when_the_code_is_changed(client: FlaskClient) -> None:
    who = attendee()
    open_link(client, "12/05/1985")
    who.access_code = "y" * 16
    assert "Lê Thị Hà" not in client.get(f"/me/{CODE}").text


def certificate_of(who: Person) -> Certificate:
    session = session_with(who)
    certificate = Certificate(
        key=f"c-{who.id}",
        person_id=who.id,
        course_id=session.course_id,
        training_session_id=session.id,
        number=f"0{who.id}/GCN-SVH",
        issued_on=session.starts_on,
        check_code=f"check {who.id}",
        qr_code=f"qr {who.id}",
    )
    content = f"%PDF of {who.id}".encode()
    certificate.sha256 = document_store().keep(content)
    document = Document(sha256=certificate.sha256, size=len(content))
    db.session.add(document)
    db.session.flush()
    certificate.document_id = document.id
    db.session.add(certificate)
    db.session.flush()
    return certificate


def test_attendee_downloads_own_certificates_only(client: FlaskClient) -> None:
    who = attendee()
    own, other = certificate_of(who), certificate_of(makers.person())
    sign_in(client, makers.user(Role.ATTENDEE, person_id=who.id))
    page = client.get("/my").text
    assert own.number in page
    assert other.number not in page
    assert client.get(f"/certificates/{own.key}.pdf").data == f"%PDF of {who.id}".encode()
    assert client.get(f"/certificates/{other.key}.pdf").status_code in (403, 404)


def test_personal_link_downloads_own_certificates_only(client: FlaskClient) -> None:
    who = attendee()
    own, other = certificate_of(who), certificate_of(makers.person())
    assert client.get(f"/me/{CODE}/certificates/{own.key}.pdf").status_code == 404
    open_link(client, "12/05/1985")
    answer = client.get(f"/me/{CODE}/certificates/{own.key}.pdf")
    assert answer.data == f"%PDF of {who.id}".encode()
    assert answer.mimetype == "application/pdf"
    assert client.get(f"/me/{CODE}/certificates/{other.key}.pdf").status_code == 404


def test_tries_of_a_personal_link_are_counted_per_network_of_a_host(app: Flask) -> None:
    counted = set()
    for address in ("2001:db8::1", "2001:db8::2"):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            counted |= set(personal._keys_of_tries(CODE))
    assert len(counted) == 2
