"""Signing in, out, and the links by which users choose their passwords."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hrtrain.accounts.actions.users import invite
from hrtrain.accounts.models import AuditEntry, Invitation, SignIn, User
from hrtrain.accounts.passwords import hash_password, is_password
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.db import db
from tests import makers
from tests.cast import sign_in

PASSWORD = "đồng lúa chín vàng 26"
HASH = hash_password(PASSWORD)


def known_user(**more: object) -> User:
    return makers.user(Role.ADMINISTRATOR, username="lan", password_hash=HASH, **more)


def try_to_sign_in(client: FlaskClient, username: str, password: str, next: str = "") -> int:
    form = {"username": username, "password": password}
    return client.post("/sign-in", data=form, query_string={"next": next}).status_code


def test_right_password_opens_the_closed_pages(client: FlaskClient) -> None:
    known_user()
    assert client.get("/users").headers["Location"] == "/sign-in?next=/users"
    answer = client.post("/sign-in?next=/users", data={"username": " LAN", "password": PASSWORD})
    assert answer.headers["Location"] == "/users"
    assert client.get("/users").status_code == 200
