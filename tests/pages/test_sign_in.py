"""Signing in, out, and the links by which users choose their passwords."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update

from hrtrain.accounts.access import safe_next
from hrtrain.accounts.actions.users import invite
from hrtrain.accounts.models import AuditEntry, Invitation, SignIn, User
from hrtrain.accounts.passwords import hash_password, is_password
from hrtrain.accounts.rules import TRIES_A_NAME, Role
from hrtrain.core import clock
from hrtrain.core.db import db
from tests import makers
from tests.cast import sign_in

PASSWORD = "đồng lúa chín vàng 26"
HASH = hash_password(PASSWORD)
NEW = "một câu khác thật dài"


def known_user(**more: Any) -> User:
    return makers.user(Role.ADMINISTRATOR, username="lan", password_hash=HASH, **more)


def entry(client: FlaskClient, password: str, username: str = "lan") -> int:
    return client.post("/sign-in", data={"username": username, "password": password}).status_code


def test_right_password_opens_the_closed_pages(client: FlaskClient) -> None:
    known_user()
    assert client.get("/users").headers["Location"] == "/sign-in?next=/users"
    answer = client.post("/sign-in?next=/users", data={"username": " LAN", "password": PASSWORD})
    assert answer.headers["Location"] == "/users"
    assert client.get("/users").status_code == 200


def test_wrong_unknown_and_disabled_get_the_same_answer(client: FlaskClient) -> None:
    known_user()
    makers.user(username="khoa", password_hash=HASH, is_disabled=True)
    pages = [
        client.post("/sign-in", data={"username": name, "password": password})
        for name, password in (("lan", "sai"), ("khong-co", PASSWORD), ("khoa", PASSWORD))
    ]
    assert [page.status_code for page in pages] == [422, 422, 422]
    assert all("Tên đăng nhập hoặc mật khẩu không đúng." in page.text for page in pages)
    assert client.get("/users").status_code == 303


def test_invited_user_without_password_cannot_enter_with_an_empty_one(client: FlaskClient) -> None:
    makers.user(username="moi")
    assert entry(client, "", "moi") == 422
    assert entry(client, "x", "moi") == 422


def test_eleventh_wrong_try_is_refused_and_so_is_the_right_password_then(
    client: FlaskClient,
) -> None:
    known_user()
    assert {entry(client, "sai") for _ in range(TRIES_A_NAME)} == {422}
    assert entry(client, "sai") == 429
    assert entry(client, PASSWORD) == 429


def test_right_passwords_are_not_counted(client: FlaskClient) -> None:
    known_user()
    for _ in range(TRIES_A_NAME + 2):
        assert entry(client, PASSWORD) == 303
        client.post("/sign-out")


def test_signing_out_ends_the_session_wherever_its_cookie_is(app: Flask) -> None:
    known_user()
    browser, copy = app.test_client(), app.test_client()
    entry(browser, PASSWORD)
    copy.set_cookie("session", browser.get_cookie("session").value)  # type: ignore[union-attr]
    assert copy.get("/account").status_code == 200
    browser.post("/sign-out")
    assert copy.get("/account").status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        lambda: update(SignIn).values(expires_at=clock.now() - timedelta(seconds=1)),
        lambda: update(SignIn).values(revoked_at=clock.now()),
        lambda: update(User).values(is_disabled=True),
    ],
    ids=["expired", "revoked", "disabled"],
)
def test_session_ends_at_once(client: FlaskClient, change: object) -> None:
    sign_in(client, known_user())
    assert client.get("/account").status_code == 200
    db.session.execute(change())  # type: ignore[operator]
    assert client.get("/account").status_code == 303


def test_signing_in_is_in_the_audit_log(client: FlaskClient) -> None:
    user = known_user()
    entry(client, PASSWORD)
    entries = db.session.scalars(select(AuditEntry)).all()
    assert [(e.act, e.user_id) for e in entries] == [("sign_in", user.id)]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.vn",
        "//evil.vn",
        "/\\evil.vn",
        "\\\\evil.vn",
        "/\t/evil.vn",
        "javascript:1",
        "",
    ],
)
def test_next_leads_nowhere_else(target: str) -> None:
    assert safe_next(target) == "/"


def test_next_keeps_a_path_of_ours() -> None:
    assert safe_next("/people?q=Lan&after=x") == "/people?q=Lan&after=x"


def test_invitation_gives_a_password_once(client: FlaskClient) -> None:
    user = known_user()
    link = f"/invitation/{invite(user, by=None)}"
    assert user.full_name in client.get(link).text
    assert client.post(link, data={"password": NEW, "again": NEW}).status_code == 303
    assert is_password(NEW, db.session.get_one(User, user.id).password_hash)
    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": PASSWORD, "again": PASSWORD}).status_code == 410
    assert entry(client, NEW) == 303


@pytest.mark.parametrize(
    ("password", "again"), [("ngắn", "ngắn"), (NEW, NEW + "x"), ("", "")], ids=str
)
def test_invitation_refuses_a_bad_password_and_stays_open(
    client: FlaskClient, password: str, again: str
) -> None:
    link = f"/invitation/{invite(known_user(), by=None)}"
    assert client.post(link, data={"password": password, "again": again}).status_code == 422
    assert client.get(link).status_code == 200


def test_invitation_ends_after_seven_days_or_by_a_newer_one(client: FlaskClient) -> None:
    user = known_user()
    older, newer = invite(user, by=None), invite(user, by=None)
    assert client.get(f"/invitation/{older}").status_code == 410
    assert client.get(f"/invitation/{newer}").status_code == 200
    db.session.execute(update(Invitation).values(expires_at=clock.now()))
    assert client.get(f"/invitation/{newer}").status_code == 410
    assert client.get("/invitation/khong-co").status_code == 404


def test_changing_the_password_ends_the_other_sessions(app: Flask) -> None:
    user = known_user()
    here, there = sign_in(app.test_client(), user), sign_in(app.test_client(), user)
    form = {"current": PASSWORD, "password": NEW, "again": NEW}
    assert here.post("/account/password", data=form | {"current": "sai"}).status_code == 422
    assert there.get("/account").status_code == 200
    assert here.post("/account/password", data=form).status_code == 303
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 303)


def test_own_sessions_are_listed_and_ended_and_foreign_ones_are_not_found(app: Flask) -> None:
    user, other = known_user(), makers.user()
    here, there = sign_in(app.test_client(), user), sign_in(app.test_client(), user)
    sign_in(app.test_client(), other)
    ids = list(db.session.scalars(select(SignIn.id).order_by(SignIn.id)))
    assert here.post(f"/account/sign-ins/{ids[2]}/revoke").status_code == 404
    assert here.post(f"/account/sign-ins/{ids[1]}/revoke").status_code == 303
    assert there.get("/account").status_code == 303
    open_now = select(func.count()).where(SignIn.revoked_at.is_(None))
    assert db.session.scalar(open_now) == 2


def test_language_is_switched_by_posting_and_kept(client: FlaskClient) -> None:
    assert '<html lang="vi"' in client.get("/sign-in").text
    answer = client.post("/language", data={"language": "en", "next": "//evil.vn"})
    assert answer.headers["Location"] == "/"
    assert '<html lang="en"' in client.get("/sign-in").text


def test_health_and_readiness_answer_strangers(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json == {"status": "ok"}


def test_language_of_a_user_holds_at_the_next_signing_in(app: Flask) -> None:
    known_user()
    here, there = app.test_client(), app.test_client()
    entry(here, PASSWORD)
    here.post("/language", data={"language": "en"})
    entry(there, PASSWORD)
    assert '<html lang="en"' in there.get("/account").text


def test_database_behind_its_migrations_is_not_ready(client: FlaskClient) -> None:
    version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    db.session.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    answer = client.get("/readyz")
    db.session.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    db.session.commit()
    assert answer.status_code == 503
    assert client.get("/readyz").status_code == 200


def test_form_without_its_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = app.test_client().post("/sign-in", data={"username": "lan", "password": "x"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert "Phiên làm việc đã hết" in answer.text
