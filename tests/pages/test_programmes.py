"""The pages where a programme manager enters plans."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from hrtrain.accounts.models import AuditEntry, Grant
from hrtrain.core.db import db
from hrtrain.coverage.models import Exemption, Programme, RequirementOption, Target
from hrtrain.coverage.plan_queries import find_programme
from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.province import province

READERS = ("leadership", "focal_point", "organizer", "programme_manager", "administrator")


def manager(client: CastClient, unit: object = None) -> CastClient:
    return sign_in(client, makers.user("programme_manager", unit))  # type: ignore[arg-type,return-value]


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def hidden_key(page: str) -> str:
    return page.split('name="key"')[1].split('value="')[1].split('"')[0]


@pytest.mark.parametrize("role", READERS)
def test_every_reader_sees_the_plans(app: Flask, client: CastClient, role: str) -> None:
    here = province()
    sign_in(client, makers.user(role, here.left))
    assert "175/KH-UBND" in client.get("/programmes").text
    page = client.get("/programmes/kh175").text
    assert "70%" in page and "Tập huấn" in page


def test_attendee_does_not_see_plans(app: Flask, client: CastClient) -> None:
    province()
    sign_in(client, makers.user("attendee"))
    assert client.get("/programmes/kh175").status_code == 403


def test_programme_is_made_by_hand_and_once_by_a_double_click(
    app: Flask, client: CastClient
) -> None:
    manager(client)
    key = hidden_key(client.get("/programmes/new").text)
    sent = {
        "key": key,
        "title": "Kế hoạch  mới",
        "issued_on": "17/01/2023",
        "last_day": "31/12/2028",
    }
    places = [client.post("/programmes/new", data=sent).location for _ in range(2)]
    assert places == [f"/programmes/{key}"] * 2
    (made,) = db.session.scalars(select(Programme))
    assert (made.title, made.issued_on, made.ends_on) == (
        "Kế hoạch mới",
        date(2023, 1, 17),
        date(2029, 1, 1),
    )
    assert acts() == ["programme.created"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": ""}, "Hãy điền mục này"),
        ({"issued_on": "31/02/2023"}, "Không có ngày 31/02/2023"),
        ({"starts_on": "01/01/2024", "last_day": "31/12/2023"}, "Ngày cuối phải từ ngày đầu"),
        ({"authority_unit": "Không Đâu"}, "Không có đơn vị “Không Đâu”"),
    ],
)
def test_faulty_programme_is_refused_with_a_sentence(
    app: Flask, client: CastClient, sent: dict[str, str], said: str
) -> None:
    manager(client)
    key = hidden_key(client.get("/programmes/new").text)
    answer = client.post("/programmes/new", data={"key": key, "title": "Kế hoạch", **sent})
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalar(select(Programme)) is None


def test_preset_shows_what_the_plan_does_not_say_and_makes_its_targets(
    app: Flask, client: CastClient
) -> None:
    course = makers.course("qcn")
    manager(client)
    page = client.get("/programmes/new?preset=mong_cai_2023").text
    assert "Kế hoạch không nêu" in page and "Tỷ lệ phần trăm nào." in page
    sent = {"code": "mong_cai", "title": "Kế hoạch Móng Cái", "course_0": course.key}
    assert client.post("/programmes/new?preset=mong_cai_2023", data=sent).status_code == 303
    made = find_programme("mong_cai")
    assert made is not None and made.title == "Kế hoạch Móng Cái"
    targets = db.session.scalars(select(Target)).all()
    assert {(target.percent, target.origin) for target in targets} == {(100, "inherited")}
    asked = db.session.scalars(select(RequirementOption)).all()
    assert {row.course_id for row in asked} == {course.id} and len(asked) == len(targets)


def test_preset_sent_twice_makes_one_programme(app: Flask, client: CastClient) -> None:
    manager(client)
    sent = {"code": "can_tho", "title": "Cần Thơ"}
    places = [
        client.post("/programmes/new?preset=can_tho_2024", data=sent).location for _ in range(2)
    ]
    assert places == ["/programmes/can_tho"] * 2
    assert "không đặt chỉ tiêu" in client.get("/programmes/can_tho").text


def test_preset_code_with_spaces_is_refused(app: Flask, client: CastClient) -> None:
    manager(client)
    answer = client.post(
        "/programmes/new?preset=can_tho_2024", data={"code": "Cần Thơ", "title": "x"}
    )
    assert answer.status_code == 422 and "chữ thường không dấu" in answer.text


def test_stale_programme_is_answered_with_both_versions(app: Flask, client: CastClient) -> None:
    province()
    manager(client)
    sent = {"title": "Tên thứ nhất", "version": "1"}
    assert client.post("/programmes/kh175/edit", data=sent).status_code == 303
    answer = client.post("/programmes/kh175/edit", data={"title": "Tên thứ hai", "version": "1"})
    assert answer.status_code == 409
    assert "Tên thứ nhất" in answer.text and "Tên thứ hai" in answer.text
    again = {"title": "Tên thứ hai", "version": "2"}
    assert client.post("/programmes/kh175/edit", data=again).status_code == 303


def test_manager_of_another_unit_may_read_but_not_edit(app: Flask, client: CastClient) -> None:
    here = province()
    manager(client, here.other)
    assert client.get("/programmes/kh175").status_code == 200
    for path in ("edit", "targets/new", "requirements/new", "exemptions/new"):
        assert client.get(f"/programmes/kh175/{path}").status_code == 404
    answer = client.post("/programmes/kh175/targets/hr_officer/edit", data={"percent": "1"})
    assert answer.status_code == 404


def test_manager_of_a_unit_makes_programmes_of_it_only(app: Flask, client: CastClient) -> None:
    here = province()
    manager(client, here.top)
    key = hidden_key(client.get("/programmes/new").text)
    sent = {"key": key, "title": "Kế hoạch của tỉnh"}
    foreign = client.post("/programmes/new", data={**sent, "authority_unit": "v0"})
    nobody = client.post("/programmes/new", data=sent)
    assert (foreign.status_code, nobody.status_code) == (422, 422)
    own = client.post("/programmes/new", data={**sent, "authority_unit": "Sở Văn hóa"})
    assert own.status_code == 303


@pytest.mark.parametrize(
    ("percent", "origin", "said"),
    [
        ("101", "stated", "Tỷ lệ phải từ 0 đến 100, không thể là 101."),
        ("-1", "stated", "Tỷ lệ phải từ 0 đến 100, không thể là -1."),
        ("bảy mươi", "stated", "Hãy ghi một số nguyên."),
        ("", "stated", "hoặc chọn nguồn là kế hoạch không nêu"),
        ("70", "not_stated", "nguồn chỉ tiêu phải là kế hoạch nêu hoặc kế thừa"),
    ],
)
def test_impossible_target_is_refused_at_its_field(
    app: Flask, client: CastClient, percent: str, origin: str, said: str
) -> None:
    province()
    makers.group("ic_manager")
    manager(client)
    sent = {"group": "ic_manager", "percent": percent, "origin": origin}
    answer = client.post("/programmes/kh175/targets/new", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert len(db.session.scalars(select(Target)).all()) == 1


def test_target_not_stated_is_kept_as_such(app: Flask, client: CastClient) -> None:
    province()
    makers.group("ic_manager")
    manager(client)
    sent = {
        "group": "ic_manager",
        "percent": "",
        "origin": "not_stated",
        "tiers": ["province", "central"],
        "grace_days": "90",
    }
    assert client.post("/programmes/kh175/targets/new", data=sent).status_code == 303
    made = db.session.scalars(select(Target).order_by(Target.id.desc())).first()
    assert made is not None
    assert (made.percent, made.deadline, made.tiers, made.grace_days) == (
        None,
        None,
        "central province",
        90,
    )
    assert "không nêu" in client.get("/programmes/kh175").text


def test_stale_target_is_answered_with_both_versions(app: Flask, client: CastClient) -> None:
    province()
    manager(client)
    place = "/programmes/kh175/targets/hr_officer/edit"
    sent = {"percent": "80", "origin": "stated", "version": "1"}
    assert client.post(place, data=sent).status_code == 303
    answer = client.post(place, data={**sent, "percent": "90"})
    assert answer.status_code == 409
    assert "Đang lưu</span> 80" in answer.text and "Bạn ghi</span> 90" in answer.text


@pytest.mark.parametrize(
    ("place", "sent", "field"),
    [
        ("edit", {"title": "Tên"}, "authority_unit"),
        ("targets/hr_officer/edit", {"percent": "80", "origin": "stated"}, "scope_unit"),
    ],
)
def test_form_that_is_stale_stays_so_when_another_fault_is_found_first(
    app: Flask, client: CastClient, place: str, sent: dict[str, str], field: str
) -> None:
    province()
    manager(client)
    place = f"/programmes/kh175/{place}"
    assert client.post(place, data={**sent, "version": "1"}).status_code == 303
    answer = client.post(place, data={**sent, "version": "1", field: "không có"})
    assert answer.status_code == 422
    assert 'name="version" type="hidden" value="1"' in answer.text


def test_item_gets_alternatives_ends_and_is_retracted_as_facts(
    app: Flask, client: CastClient
) -> None:
    here = province()
    second = makers.course("qcn2")
    manager(client)
    sent = {"group": "hr_officer", "item": "Tập huấn", "courses": [str(second.id)]}
    assert client.post("/programmes/kh175/requirements/new", data=sent).status_code == 303
    rows = db.session.scalars(select(RequirementOption)).all()
    assert [row.course_id for row in rows] == [here.course.id, second.id]
    place = f"/programmes/kh175/requirements/{rows[0].id}"
    client.post(f"{place}/end", data={"last_day": "31/12/2027"})
    known = select(RequirementOption).where(RequirementOption.retracted_at.is_(None))
    ended = db.session.scalars(known).all()
    assert {row.ends_on for row in ended} == {date(2028, 1, 1)}
    assert client.post(f"{place}/retract").status_code == 404
    client.post(f"/programmes/kh175/requirements/{ended[0].id}/retract")
    assert [row.course_id for row in db.session.scalars(known)] == [second.id]
    assert acts() == ["requirement.added", "requirement.ended", "requirement.retracted"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"starts_on": "01/01/2024"}, "đã được yêu cầu trong một thời gian khác"),
        ({}, "đã có trong nội dung"),
        ({"courses": []}, "Hãy chọn ít nhất một khóa học."),
    ],
)
def test_item_that_contradicts_itself_is_refused(
    app: Flask, client: CastClient, sent: dict[str, object], said: str
) -> None:
    here = province()
    manager(client)
    asked = {"group": "hr_officer", "item": "Tập huấn", "courses": [str(here.course.id)], **sent}
    answer = client.post("/programmes/kh175/requirements/new", data=asked)
    assert answer.status_code == 422 and said in answer.text


def test_person_is_exempted_once_and_the_exemption_retracted(
    app: Flask, client: CastClient
) -> None:
    here = province()
    manager(client)
    found = client.get("/programmes/kh175/exemptions/new?q=do anh").text
    assert "Đỗ Anh" in found
    place = f"/programmes/kh175/exemptions/new?person={here.people[0].key}"
    sent = {
        "group": "hr_officer",
        "reason": "Nghỉ thai sản",
        "approver": "Giám đốc Sở",
        "document_no": "12/QĐ",
        "starts_on": "01/05/2026",
        "last_day": "31/10/2026",
    }
    assert client.post(place, data=sent).status_code == 303
    again = client.post(place, data={**sent, "starts_on": "31/10/2026"})
    assert again.status_code == 422 and "đã được miễn theo 12/QĐ" in again.text
    row = db.session.scalars(select(Exemption)).one()
    assert (row.ends_on, row.approver) == (date(2026, 11, 1), "Giám đốc Sở")
    assert "Giám đốc Sở" in client.get("/programmes/kh175/exemptions").text
    client.post(f"/programmes/kh175/exemptions/{row.id}/retract")
    db.session.expire_all()
    assert row.retracted_at is not None
    assert "Chưa ghi miễn cho ai" in client.get("/programmes/kh175/exemptions").text


def test_manager_of_one_unit_exempts_nobody_of_another_where_she_only_reads(
    app: Flask, client: CastClient
) -> None:
    here = province()
    here.programme.authority_unit_id = here.left.id
    user = makers.user("programme_manager", here.left)
    user.grants.append(Grant(role="leadership", unit_id=here.right.id))
    sign_in(client, user)
    place = "/programmes/kh175/exemptions/new?person="
    assert client.get(place + here.people[0].key).status_code == 200
    assert client.get(place + here.people[3].key).status_code == 404


def test_exemptions_of_foreign_people_are_not_listed(app: Flask, client: CastClient) -> None:
    here = province()
    makers.exemption(here.people[3], here.programme, here.group, reason="Ốm")
    sign_in(client, makers.user("focal_point", here.left))
    assert "Bùi Đạt" not in client.get("/programmes/kh175/exemptions").text
    sign_in(client, makers.user("focal_point", here.right))
    assert "Bùi Đạt" in client.get("/programmes/kh175/exemptions").text
