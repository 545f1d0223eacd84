"""Signing numbers: all groups at once, unchanged ones, many units, history; for own units only."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hrtrain.accounts.rules import Role
from hrtrain.core.db import db
from hrtrain.people.models import Headcount
from tests import makers
from tests.cast import sign_in
from tests.queries.tiny import Tiny

SIGNED = {"signed_name": "Lê Đầu Mối", "signed_position": "Chánh Văn phòng", "agreed": "y"}
SAID = {"n-officers": "5", "starts_on": "01/01/2026", **SIGNED}
Enter = Callable[[Role, str], FlaskClient]


@pytest.fixture
def tiny(app: object) -> Tiny:
    made = Tiny()
    makers.group("press", name="Nhóm báo chí")
    made.member("left")
    db.session.commit()
    return made


@pytest.fixture
def enter(client: FlaskClient, tiny: Tiny) -> Enter:
    def as_role(role: Role, unit: str) -> FlaskClient:
        return sign_in(client, makers.user(role, tiny.units[unit], full_name="Lê Đầu Mối"))

    return as_role


def declared() -> list[tuple[int, str | None]]:
    rows = select(Headcount).where(Headcount.retracted_at.is_(None)).order_by(Headcount.id)
    return [(row.declared, row.signed_position) for row in db.session.scalars(rows)]


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Headcount)) or 0


def test_all_groups_are_signed_on_one_screen(enter: Enter) -> None:
    focal = enter(Role.FOCAL_POINT, "left")
    html = focal.get("/headcounts?unit=left").text
    assert 'name="n-officers"' in html and 'name="n-press"' in html
    assert 'value="Lê Đầu Mối"' in html
    assert focal.post("/headcounts/left", data={**SAID, "n-press": "0"}).status_code == 303
    assert declared() == [(5, "Chánh Văn phòng"), (0, "Chánh Văn phòng")]
    html = focal.get("/headcounts?unit=left").text
    assert "Thiếu tên 4 người" in html and 'value="Chánh Văn phòng"' in html


def test_group_left_empty_is_left_as_it_is(enter: Enter) -> None:
    focal = enter(Role.FOCAL_POINT, "left")
    focal.post("/headcounts/left", data=SAID)
    focal.post("/headcounts/left", data={**SAID, "n-officers": "", "n-press": "2"})
    assert [number for number, _position in declared()] == [5, 2]


def test_everything_declared_is_still_right_with_one_button(enter: Enter) -> None:
    focal = enter(Role.FOCAL_POINT, "left")
    assert focal.post("/headcounts/left", data={**SAID, "still": "1"}).status_code == 422
    focal.post("/headcounts/left", data=SAID)
    data = {**SAID, "signed_position": "Phó phòng", "still": "1"}
    assert focal.post("/headcounts/left", data=data).status_code == 303
    assert declared() == [(5, "Phó phòng")]
    html = focal.get("/headcounts/left/officers").text
    assert "Xác nhận vẫn đúng" in html and "Khai mới" in html


def test_boxes_are_filled_with_the_people_named_on_request(enter: Enter) -> None:
    html = enter(Role.FOCAL_POINT, "left").get("/headcounts?unit=left&fill=named").text
    assert re.search(r'name="n-officers" value="1"', html)
    assert re.search(r'name="n-press" value="0"', html)


def test_bad_number_is_shown_again_beside_its_group(enter: Enter) -> None:
    focal = enter(Role.FOCAL_POINT, "left")
    sent = focal.post("/headcounts/left", data={**SAID, "n-press": "hai"})
    assert (sent.status_code, count()) == (422, 0)
    assert re.search(r'name="n-press" value="hai"[^>]*aria-invalid="true"', sent.text)


def test_unknown_group_is_ignored_and_unsigned_refused(enter: Enter) -> None:
    focal = enter(Role.FOCAL_POINT, "left")
    unsigned = {name: value for name, value in SAID.items() if name != "agreed"}
    assert focal.post("/headcounts/left", data=unsigned).status_code == 422
    assert focal.post("/headcounts/left", data={**SAID, "n-nothing": "7"}).status_code == 303
    assert len(declared()) == 1


def test_many_units_are_confirmed_with_one_signature(enter: Enter, tiny: Tiny) -> None:
    for unit in ("left", "right"):
        makers.headcount(tiny.units[unit], tiny.group, 1)
    db.session.commit()
    focal = enter(Role.FOCAL_POINT, "top")
    chosen = {"chosen": ["left", "right"]}
    assert focal.post("/headcounts/-/confirm", data=SIGNED).status_code == 422
    assert focal.post("/headcounts/-/confirm", data=chosen).status_code == 422
    assert focal.post("/headcounts/-/confirm", data={**SIGNED, **chosen}).status_code == 303
    assert declared() == [(1, "Chánh Văn phòng"), (1, "Chánh Văn phòng")]


def test_due_units_are_told_counted_and_reminded_of(enter: Enter) -> None:
    focal = enter(Role.FOCAL_POINT, "top")
    html = focal.get("/headcounts/-/due").text
    assert "Chưa khai lần nào" in html and "/headcounts?unit=left" in html
    assert "/headcounts?unit=right" not in html
    assert "1 đơn vị cần khai hoặc xác nhận lại" in focal.get("/").text
    focal.post("/headcounts/left", data=SAID)
    assert "Không đơn vị nào cần khai" in focal.get("/headcounts/-/due").text
    assert "cần khai hoặc xác nhận lại" not in focal.get("/").text


def test_declaration_is_taken_back_with_a_reason_and_stays_in_the_history(
    enter: Enter, tiny: Tiny
) -> None:
    row = makers.headcount(tiny.units["left"], tiny.group, 9)
    db.session.commit()
    focal, url = enter(Role.FOCAL_POINT, "left"), f"/headcounts/left/officers/{row.id}/retract"
    assert focal.post(url, data={"reason": ""}).status_code == 422
    assert focal.post(url, data={"reason": "Nhầm"}).status_code == 303
    assert focal.post(url, data={"reason": "Nhầm"}).status_code == 409
    html = focal.get("/headcounts/left/officers").text
    assert "Đã thay hoặc rút" in html and declared() == []
    known = focal.get("/headcounts/left/officers?known_at=2026-01-01").text
    assert "Không biết lúc đó" in known


def test_foreign_units_answer_like_absent_ones(enter: Enter, tiny: Tiny) -> None:
    row = makers.headcount(tiny.units["right"], tiny.group, 9)
    db.session.commit()
    focal = enter(Role.FOCAL_POINT, "left")
    assert focal.get("/headcounts/right/officers").status_code == 404
    assert focal.post("/headcounts/right", data=SAID).status_code == 404
    taken = focal.post(f"/headcounts/right/officers/{row.id}/retract", data={"reason": "x"})
    assert taken.status_code == 404
    # Of the own unit, but another unit's declaration.
    taken = focal.post(f"/headcounts/left/officers/{row.id}/retract", data={"reason": "x"})
    assert taken.status_code == 404
    data = {**SIGNED, "chosen": ["left", "right"]}
    assert focal.post("/headcounts/-/confirm", data=data).status_code == 404
    assert declared() == [(9, None)]


def test_leadership_reads_what_is_due_and_signs_nothing(enter: Enter) -> None:
    leader = enter(Role.LEADERSHIP, "top")
    html = leader.get("/headcounts/-/due?unit=top&days=30").text
    assert "Chưa khai lần nào" in html and "signed_name" not in html
    assert "signed_name" not in leader.get("/headcounts?unit=left").text
    assert leader.post("/headcounts/-/confirm", data=SIGNED).status_code == 403


@pytest.mark.parametrize("days", ["0", "x", "99999", "-1", "٣"])
def test_days_that_are_none_mean_the_usual(enter: Enter, days: str) -> None:
    html = enter(Role.LEADERSHIP, "top").get(f"/headcounts/-/due?days={days}").text
    assert 'name="days" value="180"' in html
