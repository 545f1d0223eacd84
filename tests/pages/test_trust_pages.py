"""The grade beside every percentage leads to what is missing, and on to the list to mend."""

import re
from datetime import date
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from hrtrain.accounts.rules import Role
from hrtrain.core.db import db
from tests import makers
from tests.cast import sign_in
from tests.queries.tiny import Tiny

TRUST = "/coverage/plan/trust?group=officers"


@pytest.fixture
def tiny(app: object) -> Tiny:
    """At left a D: two of three without birth date; at right all is well."""
    made = Tiny()
    for number in range(3):
        born = {"birth_date": "1980"} if number == 0 else {}
        made.completed(made.member("left", national_id_hash="x", **born), source="document")
    made.completed(made.member("right", birth_date="1980", national_id_hash="x"))
    for unit, count in (("left", 3), ("right", 1), ("top", 0)):
        makers.headcount(made.units[unit], made.group, count)
    db.session.commit()
    return made


@pytest.fixture
def leader(client: FlaskClient, tiny: Tiny) -> FlaskClient:
    return sign_in(client, makers.user(Role.LEADERSHIP, tiny.units["top"]))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_dashboard_grades_each_card_and_leads_to_the_reasons(leader: FlaskClient) -> None:
    html = leader.get("/").text
    assert "Mức tin cậy D" in html
    assert "2 người chưa có ngày sinh; 1 người chưa có minh chứng tập huấn" in words(html)
    link = re.search(r'href="(/coverage/plan/trust\?[^"]*)"', html)
    assert link
    assert leader.get(link[1].replace("&amp;", "&")).status_code == 200


def test_figures_by_unit_are_graded_each(leader: FlaskClient) -> None:
    told = words(leader.get("/coverage/plan").text)
    assert "Tin cậy D" in told
    assert told.count("Tin cậy D") == 3  # left, right and the sum


def test_trust_page_tells_each_gap_and_its_list_is_as_long(leader: FlaskClient) -> None:
    html = leader.get(TRUST).text
    assert "Quyết định bởi" in html
    for state, count in (("no_birth", 2), ("no_evidence", 1)):
        link = re.search(rf'href="([^"]*state={state})">(\d+)</a>', html)
        assert link
        assert int(link[2]) == count
        listed = leader.get(link[1].replace("&amp;", "&")).text
        assert listed.count("<tr>") - 1 == count


def test_list_to_mend_leads_to_the_person_s_form(client: FlaskClient, tiny: Tiny) -> None:
    focal = sign_in(client, makers.user(Role.FOCAL_POINT, tiny.units["left"]))
    html = focal.get("/coverage/plan/people?group=officers&state=no_birth").text
    link = re.search(r'href="(/people/[^"/]+/edit)"', html)
    assert link
    assert focal.get(link[1]).status_code == 200


def test_units_never_heard_from_are_listed(leader: FlaskClient, tiny: Tiny) -> None:
    makers.unit("mute", under=tiny.units["top"], name="Xã Im Lặng")
    db.session.commit()
    assert re.search(r'href="/coverage/plan/silent[^"]*">1</a>', leader.get(TRUST).text)
    assert "Xã Im Lặng" in leader.get("/coverage/plan/silent?group=officers").text


def test_rules_page_is_open_to_whoever_signs_in_and_tells_all_limits(client: FlaskClient) -> None:
    assert client.get("/trust").status_code == 303
    reader = sign_in(client, makers.user(Role.ATTENDEE, person_id=makers.person().id))
    told = words(reader.get("/trust").text)
    assert "đến 10%" in told and "trên 30%" in told and "đến 50%" in told


@pytest.mark.parametrize("page", ["trust", "silent", "people"])
def test_foreign_unit_is_not_found(client: FlaskClient, tiny: Tiny, page: str) -> None:
    focal = sign_in(client, makers.user(Role.FOCAL_POINT, tiny.units["left"]))
    asked = f"/coverage/plan/{page}?group=officers&state=no_birth"
    assert focal.get(f"{asked}&unit=left").status_code == 200
    assert focal.get(f"{asked}&unit=right").status_code == 404
    assert focal.get(f"/coverage/nothing/{page}").status_code == 404


def test_attendee_sees_no_trust(client: FlaskClient, tiny: Tiny) -> None:
    reader = sign_in(client, makers.user(Role.ATTENDEE, person_id=makers.person().id))
    assert reader.get(TRUST).status_code == 403


def test_no_grade_as_known_at_an_instant(leader: FlaskClient) -> None:
    html = leader.get(f"{TRUST}&known_at=2026-12-01").text
    assert "Mức tin cậy chỉ tính theo dữ liệu đang biết" in html
    assert "Mức tin cậy D" not in leader.get("/?known_at=2026-12-01").text


def test_sheets_carry_grade_and_gaps(leader: FlaskClient) -> None:
    for address in ("/reports/dashboard.xlsx", "/reports/plan/standings.xlsx"):
        sent = leader.post(address, data={"as_of": date(2026, 6, 1).isoformat()})
        sheet = load_workbook(BytesIO(sent.data)).worksheets[0]
        told = [[cell.value for cell in row] for row in sheet.iter_rows()]
        graded = [row for row in told if row[-2] in ("A", "B", "C", "D")]
        assert graded
        assert graded[0][-2] == "D"
        assert "2 người chưa có ngày sinh" in str(graded[0][-1])
