"""Pages of units: the tree as of a day, search, changes by keepers, the typed field."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hrtrain.accounts.models import Grant
from hrtrain.accounts.rules import Role
from hrtrain.core.db import db
from hrtrain.units.models import Unit, UnitName, UnitParent, UnitSuccession
from tests import makers
from tests.cast import sign_in

DAY = date(2025, 7, 1)


@pytest.fixture
def province(app: Flask) -> Unit:
    return makers.unit("2025-80", name="Tỉnh Tây Ninh", starts_on=DAY)


@pytest.fixture
def keeper(client: FlaskClient, province: Unit) -> FlaskClient:
    return sign_in(client, makers.user(Role.PROGRAMME_MANAGER))


def text(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


def new_unit(**more: str) -> dict[str, str]:
    return {
        "once": "u-0123456789",
        "name": "Phường Tân An",
        "tier": "commune",
        "kind": "state",
        "parent": "Tỉnh Tây Ninh [2025-80]",
        "starts_on": "01/07/2025",
        **more,
    }


def test_list_is_the_tree_of_the_day(keeper: FlaskClient) -> None:
    makers.unit("2024-80", name="Tỉnh Long An", ends_on=DAY)
    before, after = text(keeper, "/units?as_of=30/06/2025"), text(keeper, "/units?as_of=01/07/2025")
    assert "Tỉnh Long An" in before and "Tỉnh Tây Ninh" not in before
    assert "Tỉnh Tây Ninh" in after and "Tỉnh Long An" not in after


def test_impossible_day_is_refused_by_name(keeper: FlaskClient) -> None:
    answer = keeper.get("/units?as_of=31/02/2025")
    assert answer.status_code == 422 and "31/02/2025" in answer.get_data(as_text=True)


def test_unit_added_twice_is_one_and_lies_below_its_parent(keeper: FlaskClient) -> None:
    for _each in range(2):
        answer = keeper.post("/units/-/new", data=new_unit())
        assert answer.location == "/units/u-0123456789"
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 2
    assert "Phường Tân An" in text(keeper, "/units?under=2025-80")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "Hãy điền"),
        ("parent", "không có", "Không có đơn vị"),
        ("starts_on", "01/06/2025", "chỉ tồn tại: từ 01/07/2025"),
        ("ends_on", "30/06/2025", "Ngày cuối"),
        ("key", "có dấu", "Chỉ dùng chữ không dấu"),
        ("key", "2025-80", "Tỉnh Tây Ninh"),
        ("tier", "galaxy", "danh sách"),
    ],
)
def test_bad_field_of_a_new_unit_is_named(
    keeper: FlaskClient, field: str, value: str, says: str
) -> None:
    answer = keeper.post("/units/-/new", data=new_unit(**{field: value}))
    assert answer.status_code == 422 and says in answer.get_data(as_text=True)
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 1


def test_renamed_unit_is_found_under_both_names_with_their_days(keeper: FlaskClient) -> None:
    data = {"version": "1", "name": "Thành phố Tây Ninh", "on": "30/04/2026"}
    assert keeper.post("/units/2025-80/rename", data=data).status_code == 303
    html = text(keeper, "/units?q=tay+ninh")
    assert "01/07/2025 – 29/04/2026" in html and "từ 30/04/2026" in html
    page = text(keeper, "/units/2025-80?as_of=29/04/2026")
    assert "<h1>Tỉnh Tây Ninh</h1>" in page and "Thành phố Tây Ninh" in page


def test_unit_is_moved_and_coded(keeper: FlaskClient) -> None:
    makers.unit("ward", name="Phường Tân An", under=makers.unit("old", name="Tỉnh Cũ"))
    data = {"version": "1", "parent": "2025-80", "on": "01/07/2025"}
    assert keeper.post("/units/ward/move", data=data).status_code == 303
    code = {"scheme": "gso", "code": "27712", "starts_on": "01/07/2025"}
    assert keeper.post("/units/ward/codes", data=code).status_code == 303
    html = text(keeper, "/units/ward")
    assert "27712" in html and "đến 30/06/2025" in html
    assert db.session.query(UnitParent).filter(UnitParent.retracted_at.is_(None)).count() == 2


def test_change_that_came_too_late_shows_both_versions(keeper: FlaskClient) -> None:
    mine = {"version": "1", "tier": "province", "kind": "area", "starts_on": "01/07/2025"}
    assert keeper.post("/units/2025-80/edit", data={**mine, "kind": "party"}).status_code == 303
    answer = keeper.post("/units/2025-80/edit", data=mine)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Cơ quan Đảng" in html and "Địa bàn hành chính" in html
    late = {"version": "1", "name": "Tên khác", "on": "01/01/2026"}
    assert keeper.post("/units/2025-80/rename", data=late).status_code == 409
    assert db.session.query(UnitName).count() == 1


def test_lineage_links_predecessors_and_successors(keeper: FlaskClient, province: Unit) -> None:
    old = makers.unit("2024-80", name="Tỉnh Long An", ends_on=DAY)
    row = UnitSuccession(predecessor_id=old.id, successor_id=province.id, effective_on=DAY)
    db.session.add(row)
    assert "/units/2024-80" in text(keeper, "/units/2025-80")
    assert "/units/2025-80" in text(keeper, "/units/2024-80")


def test_typed_field_suggests_only_units_in_scope(client: FlaskClient, province: Unit) -> None:
    ward = makers.unit("ward", name="Phường Tân An", under=province)
    makers.unit("foreign", name="Phường Tân An Đông")
    focal = sign_in(client, makers.user(Role.FOCAL_POINT, ward))
    found = focal.get("/units/-/find?q=tan+an").get_json()
    assert found == [{"value": "Phường Tân An [ward]", "label": "Tỉnh Tây Ninh"}]
    assert "Đông" not in text(focal, "/units?q=tan+an")


def test_keeper_of_a_province_adds_only_below_it(client: FlaskClient, province: Unit) -> None:
    keeper = sign_in(client, makers.user(Role.PROGRAMME_MANAGER, province))
    assert keeper.post("/units/-/new", data=new_unit(parent="")).status_code == 422
    assert keeper.post("/units/-/new", data=new_unit()).status_code == 303


def test_readers_cannot_change_units(client: FlaskClient, province: Unit) -> None:
    reader = sign_in(client, makers.user(Role.LEADERSHIP))
    assert "Thay đổi" not in text(reader, "/units/2025-80")
    for act in ("edit", "rename", "move", "codes"):
        assert reader.get(f"/units/2025-80/{act}").status_code == 403


@pytest.mark.parametrize("act", ["edit", "rename", "move", "codes"])
def test_every_form_of_a_unit_opens(keeper: FlaskClient, act: str) -> None:
    assert "</form>" in text(keeper, f"/units/2025-80/{act}")


def test_who_only_reads_a_unit_gets_no_forms_that_would_answer_404(
    client: FlaskClient, province: Unit
) -> None:
    own = makers.unit("own", name="Sở Văn hóa")
    user = makers.user(Role.PROGRAMME_MANAGER, own)
    user.grants.append(Grant(role=Role.LEADERSHIP, unit_id=province.id))
    sign_in(client, user)
    assert "/units/own/edit" in text(client, "/units/own")
    assert "/units/2025-80/edit" not in text(client, "/units/2025-80")
    assert 'action="/headcounts/own"' in text(client, "/headcounts?unit=own")
    assert 'action="/headcounts/2025-80"' not in text(client, "/headcounts?unit=2025-80")
