"""Pages of people: who sees whom, forms that come twice or late, memberships and headcounts."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hrtrain.accounts.models import AuditEntry, Grant
from hrtrain.accounts.rules import Role
from hrtrain.core.db import db
from hrtrain.people.models import CadreGroup, Headcount, Membership, Person
from hrtrain.units.models import Unit
from tests import makers
from tests.cast import sign_in
from tests.statements import statements_sent

FIRST = date(2025, 1, 1)


class Place:
    """Two communes, a group, and somebody in each commune."""

    def __init__(self) -> None:
        self.own = makers.unit("own", name="Phường Tân An", tier="commune")
        self.foreign = makers.unit("foreign", name="Xã Lạ", tier="commune")
        self.group = makers.group("hr", name="Nhóm quyền con người")
        self.here = makers.person("Đặng Thị Ánh", key="here", birth_date="1985")
        self.there = makers.person("Trần Văn Xa", key="there")
        self.membership = makers.membership(self.here, self.group, self.own, starts_on=FIRST)
        self.away = makers.membership(self.there, self.group, self.foreign)


@pytest.fixture
def place(app: Flask) -> Place:
    return Place()


@pytest.fixture
def focal(client: FlaskClient, place: Place) -> FlaskClient:
    return sign_in(client, makers.user(Role.FOCAL_POINT, place.own))


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    with statements_sent() as sent:
        yield sent


def count(model: type[Person | Membership | Headcount]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def new_person(**more: str) -> dict[str, str]:
    return {
        "once": "p-0123456789",
        "full_name": "Lê Văn Mới",
        "group": "hr",
        "unit": "Phường Tân An [own]",
        "starts_on": "01/07/2025",
        **more,
    }


def test_list_search_and_page_show_only_people_in_scope(focal: FlaskClient) -> None:
    for url in ("/people", "/people?q=a", "/people?group=hr", "/people?as_of=01/02/2025"):
        html = focal.get(url).get_data(as_text=True)
        assert "Đặng Thị Ánh" in html and "Trần Văn Xa" not in html
    assert focal.get("/people/here").status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "/people/there",
        "/people/nobody",
        "/people/there/edit",
        "/people/there/memberships/new",
        "/people/here/memberships/999/end",
        "/units/foreign",
        "/units?under=foreign",
    ],
)
def test_foreign_keys_answer_like_absent_ones(focal: FlaskClient, url: str) -> None:
    assert focal.get(url).status_code == 404


def test_who_only_reads_a_person_gets_neither_the_personal_link_nor_buttons(
    client: FlaskClient, place: Place
) -> None:
    user = makers.user(Role.ORGANIZER, place.own)
    user.grants.append(Grant(role=Role.LEADERSHIP, unit_id=place.foreign.id))
    sign_in(client, user)
    kept, read = (client.get(f"/people/{key}").text for key in ("here", "there"))
    link = f"http://127.0.0.1:8000/me/{place.here.access_code}"
    for shown in (link, "/people/here/edit", "/people/here/completions/new"):
        assert shown in kept
    for hidden in ("/me/", "/people/there/edit", "/people/there/completions/new"):
        assert hidden not in read


def test_completion_recorded_by_hand_is_taken_back_from_the_persons_page(
    client: FlaskClient, place: Place
) -> None:
    sign_in(client, makers.user(Role.ORGANIZER, place.own))
    by_hand = makers.completion(place.here, makers.course(), FIRST, source="outside: 12/GCN")
    session = makers.training_session(makers.course(), place.own)
    of_session = makers.completion(
        place.here, session.course, FIRST, training_session_id=session.id
    )
    page = client.get("/people/here").text
    assert f"/completions/{by_hand.id}/retract" in page
    assert f"/completions/{of_session.id}/retract" not in page


def test_foreign_unit_in_a_filter_is_unknown_and_shows_nobody(focal: FlaskClient) -> None:
    for text in ("foreign", "Xã Lạ"):
        html = focal.get("/people", query_string={"unit": text}).get_data(as_text=True)
        assert "Không có đơn vị" in html and "Trần Văn Xa" not in html


def test_foreign_membership_of_a_person_in_scope_cannot_be_changed(
    focal: FlaskClient, place: Place
) -> None:
    other = makers.membership(place.here, makers.group("ic"), place.foreign)
    assert focal.get(f"/people/here/memberships/{other.id}/end").status_code == 404
    html = focal.get("/people/here").get_data(as_text=True)
    assert "Xã Lạ" in html and "/units/foreign" not in html


def test_person_is_added_to_a_unit_in_scope_once_however_often_sent(focal: FlaskClient) -> None:
    for _each in range(2):
        answer = focal.post("/people/-/new", data=new_person())
        assert (answer.status_code, answer.location) == (303, "/people/p-0123456789")
    assert (count(Person), count(Membership)) == (3, 3)


def test_person_cannot_be_added_to_a_foreign_unit(focal: FlaskClient) -> None:
    answer = focal.post("/people/-/new", data=new_person(unit="foreign"))
    assert (answer.status_code, count(Person)) == (422, 2)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("full_name", " ", "Hãy điền"),
        ("full_name", "123", "Hãy ghi họ và tên"),
        ("birth", "31/02/1985", "31/02/1985"),
        ("phone", "12345", "chín chữ số"),
        ("email", "a@b", "thư điện tử không đúng"),
        ("national_id", "12", "12 chữ số"),
        ("starts_on", "31/02/2025", "31/02/2025"),
        ("ends_on", "30/06/2025", "Ngày cuối"),
        ("group", "none", "danh sách"),
        ("once", "p-x", "mở lại trang"),
    ],
)
def test_bad_field_is_named_and_nothing_changes(
    focal: FlaskClient, field: str, value: str, says: str
) -> None:
    answer = focal.post("/people/-/new", data=new_person(**{field: value}))
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert count(Person) == 2


def test_somebody_alike_is_shown_and_added_only_when_ticked(focal: FlaskClient) -> None:
    alike = new_person(full_name="dang thi anh", birth="12/05/1985")
    answer = focal.post("/people/-/new", data=alike)
    assert answer.status_code == 422 and "/people/here" in answer.get_data(as_text=True)
    assert count(Person) == 2
    assert focal.post("/people/-/new", data={**alike, "anyway": "y"}).status_code == 303


def test_national_id_is_kept_as_hash_and_last_digits_and_never_shown(focal: FlaskClient) -> None:
    focal.post("/people/-/new", data=new_person(national_id="022085001234"))
    person = db.session.scalars(select(Person).filter_by(full_name="Lê Văn Mới")).one()
    assert (len(person.national_id_hash), person.national_id_last4) == (64, "1234")
    html = focal.get(f"/people/{person.key}").get_data(as_text=True)
    assert "1234" in html and "022085001234" not in html
    entries = db.session.scalars(select(AuditEntry)).all()
    assert all("022085001234" not in f"{e.summary}{e.details}" for e in entries)


def test_form_that_came_too_late_shows_both_versions(focal: FlaskClient) -> None:
    mine = {"version": "1", "full_name": "Đặng Thị Ánh", "phone": "0911111111"}
    assert focal.post("/people/here/edit", data={**mine, "phone": "0922222222"}).status_code == 303
    answer = focal.post("/people/here/edit", data=mine)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "0911111111" in html and "0922222222" in html and 'name="version"' in html
    person = db.session.scalars(select(Person).filter_by(key="here")).one()
    assert (person.phone, person.version) == ("0922222222", 2)


def test_overlapping_membership_is_refused_with_its_sentence(focal: FlaskClient) -> None:
    data = {"group": "hr", "unit": "own", "starts_on": "01/02/2026"}
    answer = focal.post("/people/here/memberships/new", data=data)
    assert answer.status_code == 422
    assert "Đã thuộc nhóm “Nhóm quyền con người” tại Phường Tân An từ 01/01/2025 đến nay" in (
        answer.get_data(as_text=True)
    )


def test_membership_is_ended_and_a_second_click_meets_409(focal: FlaskClient, place: Place) -> None:
    url = f"/people/here/memberships/{place.membership.id}/end"
    assert focal.get(url).status_code == 200
    assert focal.post(url, data={"ends_on": "31/12/2030"}).status_code == 303
    assert focal.post(url, data={"ends_on": "31/12/2030"}).status_code == 409
    assert count(Membership) == 3


def test_membership_moves_only_to_units_in_scope(focal: FlaskClient, place: Place) -> None:
    below = makers.unit("below", under=place.own)
    url = f"/people/here/memberships/{place.membership.id}/transfer"
    data = {"unit": "foreign", "on": "01/07/2026"}
    assert focal.post(url, data=data).status_code == 422
    assert focal.post(url, data={**data, "unit": "below"}).status_code == 303
    moved = db.session.scalars(select(Membership).filter_by(unit_id=below.id)).one()
    assert moved.starts_on == date(2026, 7, 1)


def test_membership_is_corrected_and_taken_back_with_its_reason(
    focal: FlaskClient, place: Place
) -> None:
    base = f"/people/here/memberships/{place.membership.id}"
    assert "01/01/2025" in focal.get(f"{base}/correct").get_data(as_text=True)
    assert focal.post(f"{base}/retract", data={"reason": " "}).status_code == 422
    assert focal.post(f"{base}/retract", data={"reason": "nhập nhầm người"}).status_code == 303
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None and entry.details["reason"] == "nhập nhầm người"
    assert focal.get("/people/here").status_code == 404


def test_leadership_reads_and_changes_nothing(client: FlaskClient, place: Place) -> None:
    reader = sign_in(client, makers.user(Role.LEADERSHIP))
    html = reader.get("/people/here").get_data(as_text=True)
    assert "Sửa thông tin" not in html and "/memberships/" not in html
    assert reader.get("/people/here/edit").status_code == 403
    assert reader.post("/headcounts/own", data={}).status_code == 403


SIGNED = {"signed_name": "Lê Đầu Mối", "signed_position": "Chánh Văn phòng", "agreed": "y"}


def test_headcount_is_declared_for_the_own_unit_and_not_for_a_foreign_one(
    focal: FlaskClient,
) -> None:
    data = {"n-hr": "5", "starts_on": "01/01/2026", **SIGNED}
    assert focal.post("/headcounts/foreign", data=data).status_code == 404
    for _each in range(2):
        assert focal.post("/headcounts/own", data=data).status_code == 303
    assert count(Headcount) == 1
    html = focal.get("/headcounts", follow_redirects=True).get_data(as_text=True)
    assert "Thiếu tên 4 người" in html


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n-hr", "-1"),
        ("n-hr", "năm"),
        ("n-hr", ""),
        ("n-hr", "100001"),
        ("starts_on", "30/02/2026"),
        ("last_day", "31/12/2025"),
        ("agreed", ""),
        ("signed_name", " "),
    ],
)
def test_bad_headcount_is_refused(focal: FlaskClient, field: str, value: str) -> None:
    data = {"n-hr": "5", "starts_on": "01/01/2026", **SIGNED, field: value}
    assert focal.post("/headcounts/own", data=data).status_code == 422
    assert count(Headcount) == 0


def test_groups_are_added_and_renamed_by_programme_managers(
    client: FlaskClient, place: Place
) -> None:
    keeper = sign_in(client, makers.user(Role.PROGRAMME_MANAGER))
    data = {"key": "ic", "name": "Nhóm thông tin", "name_en": "Information"}
    assert keeper.post("/groups/-/new", data=data).status_code == 303
    assert keeper.post("/groups/-/new", data={**data, "key": "hr"}).status_code == 422
    page = keeper.get("/groups/ic/edit").text
    was = page.split('name="was"')[1].split('value="')[1].split('"')[0]
    sent = {"name": "Nhóm truyền thông", "was": was}
    assert keeper.post("/groups/ic/edit", data=sent).status_code == 303
    late = keeper.post("/groups/ic/edit", data={**sent, "name": "Nhóm khác"})
    assert late.status_code == 409
    assert "Nhóm truyền thông" in late.text and "Nhóm khác" in late.text
    names = set(db.session.scalars(select(CadreGroup.name)))
    assert names == {"Nhóm quyền con người", "Nhóm truyền thông"}
    assert "Nhóm truyền thông" in keeper.get("/groups").get_data(as_text=True)


def test_list_costs_the_same_statements_for_one_and_for_fifty(
    focal: FlaskClient, place: Place, statements: list[str]
) -> None:
    focal.get("/people")
    few = len(statements)
    for _each in range(49):
        makers.membership(makers.person(), place.group, place.own)
    db.session.commit()
    statements.clear()
    focal.get("/people")
    assert len(statements) == few


def test_unit_kept_alive_by_its_members_is_named(client: FlaskClient, place: Place) -> None:
    keeper = sign_in(client, makers.user(Role.PROGRAMME_MANAGER))
    data = {"version": "1", "tier": "commune", "kind": "state", "ends_on": "31/12/2025"}
    answer = keeper.post("/units/own/edit", data=data)
    assert answer.status_code == 422 and "Đặng Thị Ánh" in answer.get_data(as_text=True)
    assert db.session.scalars(select(Unit).filter_by(key="own")).one().ends_on is None


def test_page_shows_sessions_completions_and_certificates(
    client: FlaskClient, place: Place
) -> None:
    course = makers.course(name="Kiến thức quyền con người")
    session = makers.training_session(course, place.own, title="Lớp tháng năm")
    makers.enrolment(session, place.here, state="completed", attended=True)
    makers.completion(place.here, course, date(2026, 5, 6), valid_through=date(2028, 5, 6))
    organizer = sign_in(client, makers.user(Role.ORGANIZER))
    html = organizer.get("/people/here").get_data(as_text=True)
    for words in ("Lớp tháng năm", "Hoàn thành", "Kiến thức quyền con người", "06/05/2028"):
        assert words in html


def test_page_says_how_the_person_stands_in_each_programme(
    focal: FlaskClient, place: Place
) -> None:
    done, missing = makers.course(name="Khóa đã học"), makers.course(name="Khóa thiếu")
    for title, course in (("Kế hoạch đã đạt", done), ("Kế hoạch còn thiếu", missing)):
        programme = makers.programme(title=title, authority_unit_id=place.own.id)
        makers.target(programme, place.group)
        makers.requirement(programme, place.group, course)
    makers.completion(place.here, done, date(2026, 5, 6))
    html = focal.get("/people/here").get_data(as_text=True)
    html = html[html.index("Theo các kế hoạch") :]
    trained, untrained = html.index("Kế hoạch đã đạt"), html.index("Kế hoạch còn thiếu")
    assert html.index("Đã tập huấn") < trained < html.index("Chưa tập huấn") < untrained
    assert "Hoàn thành ngày 06/05/2026" in html and "Chưa từng ghi danh" in html
