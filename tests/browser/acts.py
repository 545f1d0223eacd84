"""What people do on the pages, each act a small function; they read keys from addresses."""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page
from pypdf import PdfReader
from xlsxwriter import Workbook

from hrtrain.core.config import ROOT
from tests.browser.conftest import Visitor

ROSTERS = ROOT / "tests" / "files" / "rosters"


def fill(page: Page, **values: str) -> None:
    """Type into the fields of the page's form by their names."""
    for name, value in values.items():
        page.fill(f"main form[method=post] [name={name}]", value)


def send(page: Page, label: str) -> None:
    """Press the button with this label in the page's main part and await the next page."""
    page.get_by_role("main").get_by_role("button", name=label, exact=True).click()
    page.wait_for_load_state()


def key_of(page: Page) -> str:
    """The key at the end of the page's address."""
    return page.url.split("?")[0].rsplit("/", 1)[1]


def row_of(page: Page, words: str) -> Locator:
    """The row of a table which has these words."""
    return page.get_by_role("row").filter(has_text=words)


def create_course(by: Visitor, name: str) -> str:
    by.go("/courses/new")
    fill(by.page, name=name, hours="8")
    send(by.page, "Tạo khóa học")
    return key_of(by.page)


def plan_for(by: Visitor, title: str, *, group: str, course: str) -> str:
    """A programme entered by hand: all of the group in Tây Ninh, to complete the course."""
    by.go("/programmes/new")
    fill(by.page, title=title, document_no="77/KH-UBND", authority_unit="2025-80")
    send(by.page, "Lập chương trình")
    key = key_of(by.page)
    by.go(f"/programmes/{key}/targets/new")
    by.page.select_option("[name=group]", group)
    fill(by.page, percent="100")
    by.page.check("[name=origin] >> nth=0")
    send(by.page, "Lưu chỉ tiêu")
    by.go(f"/programmes/{key}/requirements/new")
    fill(by.page, item="Tập huấn")
    by.page.get_by_label(course).check()
    send(by.page, "Thêm nội dung")
    return key


def create_session(by: Visitor, title: str, *, course: str, days: Sequence[str]) -> str:
    by.go(f"/training-sessions/new?course={course}")
    fill(by.page, title=title, unit="tn-svhttdl", place="Hội trường A", capacity="10")
    fill(by.page, starts_on=days[0], last_on=days[1])
    send(by.page, "Mở lớp")
    return key_of(by.page)


def write_roster(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with Workbook(path) as book:
        sheet = book.add_worksheet("Danh sách")
        for number, row in enumerate([("Họ và tên", "Ngày sinh", "Điện thoại", "Chức vụ"), *rows]):
            sheet.write_row(number, 0, row)
    return path


def upload_roster(by: Visitor, file: Path, *, group: str, unit: str) -> str:
    by.go("/rosters/new")
    by.page.set_input_files("[name=file]", file)
    by.page.select_option("[name=group]", group)
    fill(by.page, unit=unit, starts_on="01/01/2026")
    send(by.page, "Đọc và kiểm tra")
    return key_of(by.page)


def await_job(by: Visitor) -> None:
    """The job's page says by itself that all is done."""
    by.page.wait_for_url("**/jobs/*")
    by.page.locator("#job-progress", has_text="Đã xong").wait_for(timeout=90_000)
    assert "không thực hiện được" not in by.page.inner_text("#job-progress")


def enrol(by: Visitor, names: Sequence[str]) -> None:
    """Tick these people among those shown and enrol them."""
    for name in names:
        by.page.get_by_role("checkbox", name=name, exact=True).check()
    send(by.page, "Ghi danh người đã chọn")


def enrol_from_missing(by: Visitor, session: str, plan: str, names: Sequence[str]) -> None:
    by.go(f"/training-sessions/{session}/enrol?by=missing")
    choice = by.page.locator("#filter-target option", has_text=plan).first
    by.page.select_option("#filter-target", choice.get_attribute("value"))
    by.page.fill("#filter-unit", "tn-mttq")
    by.page.locator("form.filters button[type=submit]").click()
    enrol(by, names)


def mark(by: Visitor, session: str, present: Sequence[str], absent: Sequence[str]) -> None:
    by.go(f"/training-sessions/{session}/attendance")
    for words, names in (("Có mặt", present), ("Vắng", absent)):
        for name in names:
            row_of(by.page, name).get_by_text(words, exact=True).click()
    send(by.page, "Lưu điểm danh")


def issue(by: Visitor, session: str) -> None:
    """Issue to everybody eligible in one act and see the documents made."""
    by.go(f"/training-sessions/{session}/certificates")
    by.page.select_option("[name=series]", "demo-svhttdl")
    send(by.page, "Cấp giấy chứng nhận")
    await_job(by)


def revoke(by: Visitor, certificate: str) -> None:
    by.go(f"{certificate}/revoke")
    fill(by.page, document_no="12/QĐ-SVHTTDL", revoked_on=today(by), reason="Cấp nhầm")
    send(by.page, "Thu hồi")


def today(by: Visitor) -> str:
    """The browser's day, which is the site's: both run on this machine."""
    return str(by.page.evaluate("new Date().toLocaleDateString('en-GB')"))


def download(by: Visitor, path: str) -> bytes:
    """A file of the site, as the user's browser would load it."""
    answer = by.page.request.get(by.site.address + path)
    assert answer.status == 200, (path, answer.status)
    return answer.body()


def text_of(pdf: bytes) -> str:
    assert pdf.startswith(b"%PDF")
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def address_in(pdf: bytes) -> str:
    """Where the QR's words under it lead."""
    link: Any = PdfReader(BytesIO(pdf)).pages[0].annotations
    return str(link[0].get_object()["/A"]["/URI"])


def tab_to(page: Page, target: str, most: int = 60) -> None:
    """Press Tab until what is meant has the focus, and can be seen to have it."""
    for _press in range(most):
        if page.locator(f"{target}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


def complained_rows(key: str) -> set[int]:
    """The rows which the roster's answer key complains about."""
    return {one["row"] for one in json.loads((ROSTERS / key).read_text())["complaints"]}
