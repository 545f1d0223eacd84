"""Users and their roles, as administrators of everything and of a unit see them."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hrtrain.accounts.models import AuditEntry, Grant, User
from hrtrain.accounts.queries import find_user
from hrtrain.accounts.rules import Role
from hrtrain.core.db import db
from hrtrain.units.models import Unit
from tests import makers
from tests.cast import sign_in

NEW_USER = {
    "username": "Huong",
    "full_name": " Trần  Thị Hường ",
    "email": "huong@tayninh.gov.vn",
    "language": "vi",
    "role": Role.ORGANIZER.value,
    "unit": "",
}


@pytest.fixture
def province(app: Flask) -> Unit:
    return makers.unit("80", name="Tỉnh Tây Ninh")


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    return sign_in(client, makers.user(Role.ADMINISTRATOR, username="quantri"))


@pytest.fixture
def unit_admin(client: FlaskClient, province: Unit) -> FlaskClient:
    return sign_in(client, makers.user(Role.ADMINISTRATOR, province, username="quantri80"))


def grants_of(username: str) -> list[tuple[str, int | None]]:
    user = find_user(username)
    return [(grant.role, grant.unit_id) for grant in user.grants] if user else []


def test_added_user_enters_by_the_link_shown_once(admin: FlaskClient, province: Unit) -> None:
    answer = admin.post("/users/-/new", data=NEW_USER | {"unit": "tinh tay ninh"})
    link = re.search(r'value="http://127.0.0.1:8000(/invitation/[^"]+)"', answer.text)
    assert link and admin.get(link[1]).status_code == 200
    user = find_user("huong")
    assert user and user.full_name == "Trần Thị Hường"
    assert grants_of("huong") == [("organizer", province.id)]
    assert link[1] not in admin.get("/users/huong").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "quantri"}, "Đã có người dùng"),
        ({"username": "-/new"}, "Tên đăng nhập gồm"),
        ({"full_name": "  "}, "Hãy điền mục này."),
        ({"email": "không phải thư"}, "không đúng"),
        ({"role": "king"}, "Lựa chọn này không có"),
        ({"role": ""}, "Hãy điền mục này."),
        ({"unit": "nơi không có"}, "Không có đơn vị"),
    ],
)
def test_bad_user_is_refused_and_nothing_is_kept(
    admin: FlaskClient, change: dict[str, str], words: str
) -> None:
    answer = admin.post("/users/-/new", data=NEW_USER | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert len(db.session.scalars(select(User)).all()) == 1


def test_one_form_sent_by_many_at_once_makes_one_user(app: Flask, admin: FlaskClient) -> None:
    cookie = admin.get_cookie("session")
    assert cookie is not None

    def send(_number: int) -> int:
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        return client.post("/users/-/new", data=NEW_USER).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(send, range(6)))
    assert answers.count(200) == 1
    assert set(answers) <= {200, 409, 422}
    assert len(db.session.scalars(select(User)).all()) == 2


def test_list_finds_names_without_marks_and_by_role(admin: FlaskClient) -> None:
    makers.user(Role.ORGANIZER, username="a1", full_name="Đặng Hữu Phước")
    makers.user(Role.LEADERSHIP, username="a2", full_name="Đặng Hữu Thọ")
    page = admin.get("/users?q=dang+huu&role=organizer").text
    assert "Phước" in page
    assert "Thọ" not in page


def test_list_goes_on_where_the_page_ended(admin: FlaskClient) -> None:
    for number in range(60):
        makers.user(username=f"u{number:02}")
    first = admin.get("/users?q=u").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = admin.get(following[1].replace("&amp;", "&")).text
    shown = [set(re.findall(r'href="/users/(u\d\d)"', page)) for page in (first, second)]
    assert not shown[0] & shown[1]
    assert len(shown[0] | shown[1]) == 60


def test_user_is_changed_and_the_change_recorded(admin: FlaskClient) -> None:
    makers.user(username="huong")
    form = {"full_name": "Tên Mới", "email": "", "language": "en", "version": "1"}
    assert admin.post("/users/huong", data=form).status_code == 303
    user = find_user("huong")
    assert user and (user.full_name, user.language, user.version) == ("Tên Mới", "en", 2)
    recorded = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "change_user"))
    assert recorded and recorded.details["after"]["full_name"] == "Tên Mới"


def test_form_opened_before_another_change_shows_both_versions(admin: FlaskClient) -> None:
    makers.user(username="huong", full_name="Tên Đang Lưu", version=2)
    form = {"full_name": "Tên Của Tôi", "language": "vi", "version": "1"}
    answer = admin.post("/users/huong", data=form)
    assert answer.status_code == 409
    assert "Tên Đang Lưu" in answer.text and "Tên Của Tôi" in answer.text
    assert find_user("huong").full_name == "Tên Đang Lưu"  # type: ignore[union-attr]


def test_disabled_user_is_out_at_once(app: Flask, admin: FlaskClient) -> None:
    other = sign_in(app.test_client(), makers.user(username="huong"))
    form = {"full_name": "Hường", "language": "vi", "version": "1", "is_disabled": "y"}
    assert admin.post("/users/huong", data=form).status_code == 303
    assert other.get("/account").status_code == 303


def test_role_is_given_once_and_taken_away(admin: FlaskClient, province: Unit) -> None:
    makers.user(username="huong")
    role = {"role": "focal_point", "unit": "80"}
    answers = [admin.post("/users/huong/grants", data=role).status_code for _ in range(2)]
    assert answers == [303, 422]
    assert grants_of("huong") == [("focal_point", province.id)]
    grant = db.session.scalar(select(Grant).where(Grant.role == "focal_point"))
    assert grant is not None
    assert admin.post(f"/users/huong/grants/{grant.id}/remove").status_code == 303
    assert grants_of("huong") == []


def test_administrator_keeps_the_own_last_role_and_stays_enabled(admin: FlaskClient) -> None:
    makers.user(Role.ADMINISTRATOR)
    grant = db.session.scalar(select(Grant).join(User).where(User.username == "quantri"))
    assert grant is not None
    assert admin.post(f"/users/quantri/grants/{grant.id}/remove").status_code == 422
    form = {"full_name": "Tôi", "language": "vi", "version": "1", "is_disabled": "y"}
    assert admin.post("/users/quantri", data=form).status_code == 422
    assert grants_of("quantri") == [("administrator", None)]


def test_sessions_of_a_user_are_ended(app: Flask, admin: FlaskClient) -> None:
    other = sign_in(app.test_client(), makers.user(username="huong"))
    assert admin.post("/users/huong/sign-ins/revoke").status_code == 303
    assert other.get("/account").status_code == 303


def test_unit_administrator_sees_only_users_wholly_inside(
    unit_admin: FlaskClient, province: Unit
) -> None:
    below = makers.unit("80-1", under=province)
    makers.user(Role.FOCAL_POINT, below, username="trong")
    makers.user(Role.LEADERSHIP, username="toanhethong")
    both = makers.user(Role.FOCAL_POINT, below, username="haiben")
    both.grants.append(Grant(role="organizer", unit_id=makers.unit("79").id))
    makers.user(username="khongvaitro")
    page = unit_admin.get("/users").text
    assert set(re.findall(r'href="/users/([a-z0-9]+)"', page)) == {"trong", "quantri80"}
    for name in ("toanhethong", "haiben", "khongvaitro", "khongco"):
        assert unit_admin.get(f"/users/{name}").status_code == 404
        assert unit_admin.post(f"/users/{name}/invite").status_code == 404


@pytest.mark.parametrize("unit", ["", "79"], ids=["everything", "foreign unit"])
def test_unit_administrator_gives_no_role_beyond_the_own_scope(
    unit_admin: FlaskClient, province: Unit, unit: str
) -> None:
    makers.unit("79", name="Thành phố Hồ Chí Minh")
    makers.user(Role.FOCAL_POINT, province, username="trong")
    role = {"role": "administrator", "unit": unit}
    assert unit_admin.post("/users/trong/grants", data=role).status_code == 422
    assert unit_admin.post("/users/-/new", data=NEW_USER | role).status_code == 422
    assert find_user("huong") is None
    assert grants_of("trong") == [("focal_point", province.id)]


def test_operator_adds_a_user_by_command(app: Flask, province: Unit) -> None:
    db.session.commit()
    add = ["user", "add", "Lan", "--name", "Nguyễn Thị Lan", "--role", "leadership"]
    runner = app.test_cli_runner()
    done = runner.invoke(args=[*add, "--unit", "80", "--password-stdin"], input="một câu dài 26\n")
    assert (done.exit_code, done.output) == (0, "Added lan.\n")
    assert grants_of("lan") == [("leadership", province.id)]
    again = runner.invoke(args=add)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "lan: Đã có người dùng" in again.stderr


@pytest.mark.parametrize(
    ("more", "fault"),
    [(["--unit", "khong-co"], "khong-co"), (["--password-stdin"], "--password-stdin")],
)
def test_command_refuses_and_adds_nobody(app: Flask, more: list[str], fault: str) -> None:
    add = ["user", "add", "lan", "--name", "Lan", "--role", "leadership", *more]
    done = app.test_cli_runner().invoke(args=add, input="ngắn\n")
    assert done.exit_code == 1
    assert fault in done.stderr
    assert find_user("lan") is None
