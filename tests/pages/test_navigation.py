"""The navigation shows each user the doors that are open to them, and where they are."""

import re

import pytest
from flask.testing import FlaskClient

from hrtrain.accounts.rules import Role
from tests import makers
from tests.cast import sign_in


def doors(page: str) -> list[str]:
    nav = page.split('class="sidebar-nav"')[1].split("</nav>")[0]
    return re.findall(r'<a href="([^"]+)"', nav)


def test_administrator_sees_users_and_audit_but_no_own_sessions(client: FlaskClient) -> None:
    sign_in(client, makers.user(Role.ADMINISTRATOR))
    shown = doors(client.get("/account").text)
    assert {"/users", "/audit", "/units", "/people"} <= set(shown)
    assert "/my" not in shown


@pytest.mark.parametrize(
    ("role", "open_doors", "closed"),
    [
        (Role.ATTENDEE, {"/my"}, {"/users", "/people", "/units"}),
        (Role.ORGANIZER, {"/training-sessions", "/people"}, {"/users", "/audit", "/my"}),
        (Role.FOCAL_POINT, {"/people", "/headcounts"}, {"/users", "/training-sessions"}),
    ],
)
def test_role_sees_its_own_doors(
    client: FlaskClient, role: Role, open_doors: set[str], closed: set[str]
) -> None:
    sign_in(client, makers.user(role))
    shown = set(doors(client.get("/account").text))
    assert open_doors <= shown
    assert not closed & shown


def test_every_shown_door_opens(client: FlaskClient) -> None:
    for role in Role:
        sign_in(client, makers.user(role))
        for door in doors(client.get("/account").text):
            assert client.get(door).status_code in (200, 302, 303), (role, door)


def test_page_below_a_door_marks_that_door(client: FlaskClient) -> None:
    sign_in(client, makers.user(Role.ADMINISTRATOR))
    page = client.get("/users/-/new").text
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', page) == ["/users"]


def test_stranger_sees_no_navigation(client: FlaskClient) -> None:
    assert 'class="sidebar-nav"' not in client.get("/sign-in").text
