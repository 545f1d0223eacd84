"""A roster in a real browser: sent, a column said by hand, decided, taken in, taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from tests.browser import acts
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

Enter = Callable[[str], Visitor]
GROUP, UNIT = "spo_key_official", "tn-hnd"
LAN = "Lục Thị Hải Lan"
TWIN = "Tạ Quang Thử Việc"
ROWS = [
    ("Người tham gia", "Sinh", "Máy lẻ", "Việc"),
    (LAN, "12/05/1985", "0912345001", "Phó Chủ tịch"),
    (TWIN, "03/02/1980", "0912345002", "Chuyên viên"),
    (TWIN, "", "0912345003", "Chuyên viên"),
]


def write(path: Path) -> Path:
    with Workbook(path) as book:
        sheet = book.add_worksheet("Tờ 1")
        for number, row in enumerate(ROWS):
            sheet.write_row(number + 2, 0, row)
    return path


def say_columns(by: Visitor) -> None:
    """The words of this header are nobody's: its row is said, then what each column is."""
    by.page.fill("[name=header-0]", "3")
    acts.send(by.page, "Đọc lại")
    said = ("full_name", "birth_date", "phone", "position")
    for place, field in enumerate(said):
        by.page.select_option(f"[name=field-0-{place}]", field)
    acts.send(by.page, "Đọc lại và xem kết quả")


def find(by: Visitor, name: str) -> int:
    """How many of this name the list of people has."""
    by.go(f"/people?q={name}")
    return by.page.get_by_role("row").filter(has_text=name).count()


def test_a_roster_is_explained_decided_taken_in_and_taken_back(
    enter: Enter, tmp_path: Path
) -> None:
    organizer = enter("to_chuc")
    page = organizer.page
    acts.upload_roster(organizer, write(tmp_path / "hoi-nong-dan.xlsx"), group=GROUP, unit=UNIT)
    page.wait_for_url("**/columns")
    say_columns(organizer)
    key = acts.key_of(page)
    row = acts.row_of(page, "Có thể là người đã biết")
    row.get_by_role("button", name="Là người khác, thêm mới").click()
    page.wait_for_load_state()
    acts.send(page, "Xem tác động")
    page.locator("#impact").wait_for()
    acts.send(page, "Nhập 3 dòng")
    acts.await_job(organizer)
    assert (find(organizer, LAN), find(organizer, TWIN)) == (1, 2)
    organizer.go(f"/rosters/{key}")
    page.get_by_role("link", name="Hoàn tác").click()
    acts.send(page, "Hoàn tác việc nhập này")
    assert "đã được hoàn tác" in page.inner_text("main")
    assert (find(organizer, LAN), find(organizer, TWIN)) == (0, 0)
