"""Faults every page must survive, whatever it does."""

import json
from base64 import b64encode
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hrtrain.core.db import db
from tests import makers
from tests.cast import sign_in


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/people?text=a%00", 400),
        ("/people/a%00b", 404),
        ("/verify/a%00b", 404),
        ("/people/a/memberships/99999999999999999999/end", 404),
    ],
)
def test_what_no_database_can_store_is_refused_and_no_fault_of_ours(
    client: FlaskClient, path: str, status: int
) -> None:
    sign_in(client, makers.user("administrator"))
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/training-sessions", ("no day", 1)),
        ("/training-sessions", (["2026-01-01"], 1)),
        ("/people", (0, "a\x00", 1)),
        ("/people", (0, "\ud800", 1)),
        ("/people", (0, "a", 10**30)),
        ("/audit", (10**30,)),
    ],
)
def test_cursor_that_no_page_gave_is_refused(
    client: FlaskClient, path: str, place: tuple[Any, ...]
) -> None:
    sign_in(client, makers.user("administrator"))
    after = b64encode(json.dumps(place).encode(), b"-_").decode()
    answer = client.get(path, query_string={"after": after})
    assert "Địa chỉ trang tiếp theo không đúng" in answer.text
    assert answer.status_code in (200, 422)


def test_nul_in_a_form_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"username": "a\x00", "password": "b"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/?as_of=01/01/0001",
        "/?as_of=31/12/9999",
        "/?known_at=0001-01-01T00:00",
        "/?known_at=9999-12-31T23:00:00Z",
        "/people?as_of=0001-01-01",
        "/units?as_of=31/12/9999",
        "/audit?day=31/12/9999",
        "/audit?day=01/01/0001",
    ],
)
def test_day_at_the_end_of_the_calendar_is_refused(client: FlaskClient, path: str) -> None:
    sign_in(client, makers.user("administrator"))
    answer = client.get(path)
    assert answer.status_code in (200, 422)
    assert "Năm phải từ 1900 đến 2999" in answer.text or "Hãy ghi thời điểm" in answer.text


def test_last_day_of_the_calendar_is_refused_in_a_form(client: FlaskClient) -> None:
    sign_in(client, makers.user("programme_manager"))
    answer = client.post("/units/-/new", data={"name": "Sở", "ends_on": "31/12/9999"})
    assert answer.status_code == 422 and "Năm phải từ 1900 đến 2999" in answer.text


def test_error_of_the_database_does_not_carry_the_values_of_its_statement(app: Flask) -> None:
    with pytest.raises(SQLAlchemyError) as fault:
        db.session.execute(text("SELECT :name FROM no_such_table"), {"name": "Nguyễn Văn An"})
    db.session.rollback()
    assert "Nguyễn Văn An" not in str(fault.value)
