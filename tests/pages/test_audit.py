"""The audit log's page: filtered by user, object and day, a page at a time."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.accounts.rules import Role
from hrtrain.core.db import db
from tests import makers
from tests.cast import sign_in


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    return sign_in(client, makers.user(Role.ADMINISTRATOR, username="quantri"))


def noted(by: User | None, summary: str, subject: tuple[str, str] = ("course", "c1")) -> None:
    record(by, "change", subject, summary)


def test_entries_are_filtered_by_user_and_object(admin: FlaskClient) -> None:
    lan = makers.user(username="lan")
    noted(lan, "việc của Lan")
    noted(None, "việc khác", ("unit", "u1"))
    assert "việc khác" not in admin.get("/audit?user=LAN").text
    assert "việc của Lan" in admin.get("/audit?user=LAN").text
    for subject in ("u1", "unit:u1"):
        page = admin.get(f"/audit?subject={subject}").text
        assert "việc khác" in page and "việc của Lan" not in page
    assert "việc khác" not in admin.get("/audit?subject=course:u1").text


def test_day_is_the_calendar_day_in_viet_nam(admin: FlaskClient) -> None:
    entry = record(None, "change", ("course", "c1"), "lúc nửa đêm")
    entry.at = datetime(2026, 5, 3, 17, 0, tzinfo=UTC)
    assert "lúc nửa đêm" in admin.get("/audit?day=04/05/2026").text
    assert "lúc nửa đêm" not in admin.get("/audit?day=03/05/2026").text


def test_impossible_day_is_named(admin: FlaskClient) -> None:
    answer = admin.get("/audit?day=31/02/2026")
    assert answer.status_code == 422
    assert "31/02/2026" in answer.text


def test_every_entry_is_on_one_page_the_newest_first(admin: FlaskClient) -> None:
    for number in range(120):
        noted(None, f"việc số {number:03}.")
    shown, address = [], "/audit"
    while address:
        page = admin.get(address).text
        shown += re.findall(r"việc số (\d+)\.", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert shown == [f"{number:03}" for number in reversed(range(120))]


def test_forged_cursor_is_refused(admin: FlaskClient) -> None:
    for cursor in ("x", "WyJhIl0", "bnVsbA"):
        assert admin.get(f"/audit?after={cursor}").status_code == 422


def test_unit_administrator_reads_only_of_the_own_users(app: Flask) -> None:
    province = makers.unit("80")
    noted(makers.user(Role.ORGANIZER, province), "việc trong tỉnh")
    noted(makers.user(Role.ORGANIZER), "việc của trung ương")
    noted(None, "việc của hệ thống")
    page = sign_in(app.test_client(), makers.user(Role.ADMINISTRATOR, province)).get("/audit").text
    assert "việc trong tỉnh" in page
    assert "việc của trung ương" not in page and "việc của hệ thống" not in page


def test_details_are_escaped(admin: FlaskClient) -> None:
    record(None, "change", ("course", "<b>"), "<script>", note="<img src=x>")
    db.session.commit()
    page = admin.get("/audit").text
    assert "<img src=x" not in page and "<b>" not in page
