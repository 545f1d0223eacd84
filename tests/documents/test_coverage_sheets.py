"""The sheets of figures, opened back: they say what the standings say."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from hrtrain.accounts.models import AuditEntry
from hrtrain.core.db import db
from hrtrain.coverage.queries import Question, standings
from hrtrain.reports.sheets import Column, Head, sheet_of
from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.province import province

DAY = date(2026, 11, 22)


def rows_of(content: bytes) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def table_of(rows: list[list[Any]]) -> list[dict[str, Any]]:
    """The rows under the first row that is filled to its end, by their heads."""
    top = next(n for n, row in enumerate(rows) if all(row) and len(row) > 1)
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]


def test_dashboard_sheet_equals_the_standings(app: Flask, client: CastClient) -> None:
    here = province()
    makers.headcount(here.left, here.group, 5)
    sign_in(client, makers.user("leadership", here.top, full_name="Lê Thị Lãnh Đạo"))
    answer = client.post("/reports/dashboard.xlsx", data={"as_of": "22/11/2026"})
    assert answer.status_code == 200 and "dashboard-2026-11-22.xlsx" in str(answer.headers)
    rows = rows_of(answer.data)
    (row,) = table_of(rows)
    (standing,) = standings(Question("kh175", DAY, "u0"))
    assert row["Đã tập huấn"] == standing.trained == 2
    assert row["Phải tập huấn"] == standing.required == 4
    assert row["Tỷ lệ (%)"] == float(standing.rate or 0) == 50.0
    assert row["Đã khai, chưa có tên"] == standing.unnamed == 2
    assert row["Tỷ lệ kể cả chưa có tên (%)"] == float(standing.strict_rate or 0)
    assert row["Còn thiếu (người)"] == standing.shortfall == 3
    assert row["Trạng thái"] == "Chưa đạt"


def test_sheet_says_what_it_is_and_who_took_it(app: Flask, client: CastClient) -> None:
    here = province()
    sign_in(client, makers.user("leadership", here.left, full_name="Lê Thị Lãnh Đạo"))
    answer = client.post("/reports/kh175/standings.xlsx", data={"as_of": "2026-11-22"})
    head = [row[0] for row in rows_of(answer.data)[:7]]
    assert "Chương trình: Kế hoạch kh175" in head
    assert "Đơn vị: Sở Văn hóa, Tỉnh Tây Ninh" in head
    assert "Tính đến ngày: 22/11/2026" in head and "Theo dữ liệu lúc: như đang biết" in head
    assert "Người xuất: Lê Thị Lãnh Đạo" in head
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.subject_key) == ("report.exported", "kh175")


def test_programme_sheet_has_the_units_of_the_chosen_group(app: Flask, client: CastClient) -> None:
    here = province()
    sign_in(client, makers.user("leadership", here.top))
    answer = client.post("/reports/kh175/standings.xlsx", data={"group": "hr_officer"})
    named = [(row["Đơn vị"], row["Đã tập huấn"]) for row in table_of(rows_of(answer.data))]
    assert named == [
        ("Tỉnh Tây Ninh", 2),
        ("Sở Văn hóa", 2),
        ("Báo Tây Ninh", 0),
        ("Trực tiếp tại Tỉnh Tây Ninh", 0),
    ]


def test_people_sheet_names_everybody_behind_the_number(app: Flask, client: CastClient) -> None:
    here = province()
    sign_in(client, makers.user("leadership", here.top))
    sent = {"group": "hr_officer", "state": "untrained", "as_of": "22/11/2026"}
    rows = table_of(rows_of(client.post("/reports/kh175/people.xlsx", data=sent).data))
    assert [(row["STT"], row["Họ và tên"], row["Đơn vị"]) for row in rows] == [
        (1, "Lê Văn Ân", "Sở Văn hóa"),
        (2, "Bùi Đạt", "Báo Tây Ninh"),
    ]
    assert {row["Vì sao"] for row in rows} == {"Chưa từng ghi danh"}
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.act == "report.exported" and "2 dòng" in entry.summary


def test_units_sheet_says_what_was_declared(app: Flask, client: CastClient) -> None:
    here = province()
    makers.headcount(here.left, here.group, 13)
    sign_in(client, makers.user("leadership", here.top))
    sent = {"group": "hr_officer", "state": "unnamed"}
    (row,) = table_of(rows_of(client.post("/reports/kh175/people.xlsx", data=sent).data))
    assert (row["Đơn vị"], row["Đã khai"], row["Chưa có tên"]) == ("Sở Văn hóa", 13, 10)


PATHS = ["dashboard.xlsx", "kh175/standings.xlsx", "kh175/people.xlsx"]


@pytest.mark.parametrize("path", PATHS)
def test_sheet_of_a_foreign_unit_is_not_given(app: Flask, client: CastClient, path: str) -> None:
    here = province()
    sign_in(client, makers.user("focal_point", here.left))
    assert client.post(f"/reports/{path}", data={"unit": "u2"}).status_code == 404
    assert client.get(f"/reports/{path}").status_code == 405
    assert db.session.scalar(select(AuditEntry)) is None


def test_name_that_looks_like_a_formula_stays_text() -> None:
    content = sheet_of(
        Head("T", []), [Column("A", 9), Column("B", 9)], [["=1+1", date(2026, 1, 2)]]
    )
    rows = rows_of(content)
    assert rows[-1][0] == "=1+1"
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None and sheet.cell(sheet.max_row, 1).data_type == "s"
