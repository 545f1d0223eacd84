"""The main job in a real browser: from a plan and a roster to a certificate anyone can check."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest

from hrtrain.core import clock
from tests.browser import acts
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

Enter = Callable[[str], Visitor]
GROUP = "spo_key_official"
COURSE, PLAN, SESSION = "Khóa học thử việc chính", "Kế hoạch thử việc chính", "Lớp thử việc chính"
KHAI, PHUONG, XUAN = "Lâm Thị Ngọc Khai", "Đặng Hữu Phương", "Võ Nhật Xuân"
GOOD = [
    (KHAI, "12/05/1985", "0912345678", "Phó Chủ tịch"),
    (PHUONG, "03/1979", "", "Ủy viên Thường trực"),
    (XUAN, "1990", "", "Chánh Văn phòng"),
]
BAD = [
    ("Trần Văn Sai", "31/02/1990", "", ""),
    ("", "01/01/1980", "0911222333", "Chuyên viên"),
    (KHAI, "12/05/1985", "0912345678", ""),
    ("Ngô Thị Số", "02/03/1988", "12345", ""),
]
COMPLAINTS = (
    *("Không có ngày sinh này trong lịch.", "Dòng này không có họ và tên."),
    *("Trùng với dòng 2.", "Số điện thoại phải gồm số 0 và chín chữ số."),
)


def in_words(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def trained(by: Visitor, plan: str) -> str:
    """The number of trained people on the dashboard's card of the plan."""
    by.go("/")
    part = by.page.locator(".programme-part", has_text=PLAN)
    return part.locator(".standing-count strong").inner_text()


def bring_people(by: Visitor, folder: Path) -> None:
    """A roster: every complaint is on the preview, then what stands is taken in."""
    file = acts.write_roster(folder / "mat-tran.xlsx", GOOD + BAD)
    acts.upload_roster(by, file, group=GROUP, unit="tn-mttq")
    complaints = by.page.locator("#complaints").inner_text()
    assert [sentence for sentence in COMPLAINTS if sentence not in complaints] == []
    acts.send(by.page, "Nhập 3 dòng")
    acts.await_job(by)


def hold(by: Visitor, session: str) -> None:
    """Two people attend, one does not; the session is closed, and says who is eligible and why."""
    by.go(f"/training-sessions/{session}/enrol?by=search&q=lam+thi+ngoc+khai")
    acts.enrol(by, [KHAI])
    acts.enrol_from_missing(by, session, PLAN, [PHUONG, XUAN])
    acts.mark(by, session, present=[KHAI, PHUONG], absent=[XUAN])
    by.go(f"/training-sessions/{session}/close")
    acts.send(by.page, "Đóng lớp")
    by.go(f"/training-sessions/{session}?part=eligibility")
    assert "Đủ điều kiện" in acts.row_of(by.page, KHAI).inner_text()
    assert "Đủ điều kiện" in acts.row_of(by.page, PHUONG).inner_text()
    assert "Vắng mặt." in acts.row_of(by.page, XUAN).inner_text()


def take_files(by: Visitor, session: str) -> tuple[str, bytes]:
    """One document, the print file and the ZIP; the address and bytes of Khai's certificate."""
    folder = f"/training-sessions/{session}/certificates"
    by.go(folder)
    link = acts.row_of(by.page, KHAI).get_by_role("link").first
    number, place = link.inner_text(), str(link.get_attribute("href"))
    pdf = acts.download(by, f"{place}.pdf")
    assert KHAI in acts.text_of(pdf) and number in acts.text_of(pdf)
    printed = acts.text_of(acts.download(by, f"{folder}/print.pdf"))
    assert KHAI in printed and PHUONG in printed and XUAN not in printed
    packed = ZipFile(BytesIO(acts.download(by, f"{folder}.zip")))
    assert pdf in [packed.read(name) for name in packed.namelist()]
    assert len([name for name in packed.namelist() if name.endswith(".pdf")]) == 2
    return place, pdf


def see_names(by: Visitor, plan: str) -> None:
    """From the number on the dashboard to exactly the two names."""
    by.go("/")
    part = by.page.locator(".programme-part", has_text=PLAN)
    part.locator(".standing-count strong a").click()
    names = by.page.locator("main table tbody th a").all_inner_texts()
    assert sorted(names) == sorted([KHAI, PHUONG])


def check_by_anyone(by: Visitor, pdf: bytes, verdict: str) -> None:
    by.go(urlsplit(acts.address_in(pdf)).path)
    said = by.page.inner_text("main")
    assert KHAI in said and COURSE in said and verdict in said


def open_personal_link(organizer: Visitor, attendee: Visitor, pdf: bytes) -> None:
    """The attendee's own link asks for the birth date and gives the same document."""
    organizer.go("/people?q=lam+thi+ngoc+khai")
    organizer.page.get_by_role("link", name=KHAI).first.click()
    link = organizer.page.input_value("#personal-link")
    attendee.go(urlsplit(link).path)
    acts.fill(attendee.page, birth_date="12/05/1985")
    acts.send(attendee.page, "Mở trang của tôi")
    own = attendee.page.locator("a[href$='.pdf']").first.get_attribute("href")
    assert acts.download(attendee, str(own)) == pdf


def test_from_plan_to_verified_certificate(enter: Enter, tmp_path: Path) -> None:
    manager, organizer, leader = enter("quan_ly"), enter("to_chuc"), enter("lanh_dao")
    course = acts.create_course(manager, COURSE)
    plan = acts.plan_for(manager, PLAN, group=GROUP, course=COURSE)
    yesterday = in_words(clock.today() - timedelta(days=1))
    session = acts.create_session(organizer, SESSION, course=course, days=[yesterday, yesterday])
    bring_people(organizer, tmp_path)
    assert trained(leader, plan) == "0"
    hold(organizer, session)
    acts.issue(organizer, session)
    certificate, pdf = take_files(organizer, session)
    assert trained(leader, plan) == "2"
    see_names(leader, plan)
    stranger, attendee = enter(""), enter("")
    open_personal_link(organizer, attendee, pdf)
    check_by_anyone(stranger, pdf, "đang có hiệu lực")
    acts.revoke(organizer, certificate)
    check_by_anyone(stranger, pdf, "đã bị thu hồi")


def test_a_real_roster_shows_each_complaint_at_once(enter: Enter) -> None:
    organizer = enter("to_chuc")
    acts.upload_roster(organizer, acts.ROSTERS / "simple-1.xlsx", group=GROUP, unit="")
    shown = organizer.page.locator("#complaints tbody tr .num").all_inner_texts()
    rows, complained = {int(number) for number in shown}, acts.complained_rows("simple-1.key.json")
    assert complained and complained <= rows


def test_a_focal_point_sees_only_the_own_unit(enter: Enter) -> None:
    focal_point, organizer = enter("dau_moi"), enter("to_chuc")
    organizer.go("/people?unit=tn-ca")
    foreign = organizer.page.locator("main table a.row-link").first.get_attribute("href")
    answer = focal_point.page.goto(f"{focal_point.site.address}{foreign}")
    assert answer and answer.status == 404
    focal_point.faults.clear()  # the browser tells of the 404 too
    focal_point.go("/people")
    assert focal_point.page.locator("main table tbody tr").count() >= 14
    assert "Công an" not in focal_point.page.inner_text("main")


def test_a_double_click_makes_one_object(enter: Enter) -> None:
    manager = enter("quan_ly")
    manager.go("/courses/new")
    acts.fill(manager.page, name="Khóa bấm hai lần")
    manager.page.get_by_role("button", name="Tạo khóa học").dblclick()
    manager.page.wait_for_url(lambda url: not url.endswith("/new"))
    manager.go("/courses")
    assert manager.page.get_by_role("link", name="Khóa bấm hai lần").count() == 1


def test_one_signs_in_and_opens_a_session_by_keyboard_alone(enter: Enter) -> None:
    visitor = enter("")
    visitor.go("/sign-in")
    acts.tab_to(visitor.page, "[name=username]")
    visitor.page.keyboard.type("to_chuc")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.type(visitor.site.password)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(lambda url: "/sign-in" not in url)
    for target in ("a[href='/training-sessions']", "main table a[href^='/training-sessions/']"):
        acts.tab_to(visitor.page, target)
        place = visitor.page.locator(f"{target}:focus").get_attribute("href")
        visitor.page.keyboard.press("Enter")
        visitor.page.wait_for_url(f"**{place}")
