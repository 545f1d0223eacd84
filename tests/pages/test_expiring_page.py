"""The page and the sheet of who will stop being trained soon."""

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from hrtrain.coverage.views import expiring
from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.province import Province, province
from tests.pages.test_coverage_pages import leader, words_of

PATH = "/coverage/kh175/expiring"
ASKED = "group=hr_officer&as_of=22/11/2026&unit=u1"


def soon() -> Province:
    here = province()
    person = makers.person("Mai Thị Hoa")
    makers.membership(person, here.group, here.left)
    ends = date(2026, 12, 31)
    makers.completion(person, here.course, date(2025, 1, 1), valid_through=ends)
    return here


def test_page_names_who_and_until_when(app: Flask, client: CastClient) -> None:
    here = soon()
    leader(client, here.left)
    words = words_of(client.get(f"{PATH}?{ASKED}&days=90").text)
    assert "Sắp hết hiệu lực trong 90 ngày: 1" in words
    assert "Mai Thị Hoa" in words and "31/12/2026 01/01/2027" in words
    assert "Không có ai" in client.get(f"{PATH}?{ASKED}&days=30").text


def test_large_groups_are_counted_only_when_they_are_chosen(
    app: Flask, client: CastClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = soon()
    makers.target(here.programme, makers.group("second", name="Nhóm hai"))
    leader(client, here.left)
    assert "Nhóm hai (0)" in words_of(client.get(f"{PATH}?{ASKED}&days=90").text)
    monkeypatch.setattr(expiring, "MOST_COUNTED", 3)
    words = words_of(client.get(f"{PATH}?{ASKED}&days=90").text)
    assert "Cán bộ nhân quyền (1)" in words
    assert "Nhóm hai" in words and "Nhóm hai (" not in words


def test_standings_lead_to_it(app: Flask, client: CastClient) -> None:
    here = soon()
    assert f"{PATH}?" in leader(client, here.left).get("/coverage/kh175").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("days=0", 422),
        ("days=-3", 422),
        ("days=ba", 422),
        ("days=99999999999999999999", 422),
        ("days=3660&as_of=31/12/2100", 200),
        ("group=khac", 422),
        ("unit=u2", 404),
        ("known_at=01/01/2026 08:00", 422),
    ],
)
def test_what_cannot_be_asked_is_refused(
    app: Flask, client: CastClient, query: str, status: int
) -> None:
    here = soon()
    leader(client, here.left)
    assert client.get(f"{PATH}?{query}").status_code == status


def test_unknown_programme_is_not_found(app: Flask, client: CastClient) -> None:
    leader(client)
    assert client.get("/coverage/khong-co/expiring").status_code == 404


def test_sheet_has_the_same_people(app: Flask, client: CastClient) -> None:
    here = soon()
    sign_in(client, makers.user("focal_point", here.left))
    fields = {"group": "hr_officer", "as_of": "2026-11-22", "unit": "u1", "days": "90"}
    answer = client.post("/reports/kh175/expiring.xlsx", data=fields)
    assert answer.status_code == 200
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert any("Mai Thị Hoa" in row and "31/12/2026" in row for row in rows)
