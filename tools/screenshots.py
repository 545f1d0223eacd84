"""Take the screenshots of docs/ from a running site with demo data.

Use: .venv/bin/python tools/screenshots.py http://127.0.0.1:8000
The roster is only previewed, then discarded: the site's people stay as they are.
"""

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
ROSTER = ROOT / "tests" / "files" / "rosters" / "simple-3.xlsx"
PASSWORD = "hrtrain-demo-2026"  # printed at every start
WIDE, NARROW = 1280, 390
MOVED = "demo-0014"  # somebody of the demo whose history has several states and units


def main() -> None:
    """Take them all."""
    site = sys.argv[1].rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        leader = signed_in(browser, site, "lanh_dao", WIDE)
        shoot(leader, f"{site}/", "dashboard", 1180)
        on_a_phone = signed_in(browser, site, "lanh_dao", NARROW)
        shoot(on_a_phone, f"{site}/", "dashboard-narrow", 1150)
        take_coverage(leader, site, "")
        take_coverage(on_a_phone, site, "-narrow")
        take_impact(signed_in(browser, site, "quan_ly", WIDE), site, "impact", 1010)
        take_impact(signed_in(browser, site, "quan_ly", NARROW), site, "impact-narrow", 1150)
        for width, suffix in ((WIDE, ""), (NARROW, "-narrow")):
            take_reorganisation(signed_in(browser, site, "quan_ly", width), site, suffix)
            organizer = signed_in(browser, site, "to_chuc", width)
            take_merge(organizer, site, suffix)
            take_roster(organizer, site, suffix)
        take_organizers(signed_in(browser, site, "to_chuc", WIDE), site)
        take_privacy(browser, site, WIDE, "")
        take_privacy(browser, site, NARROW, "-narrow")
        take_headcounts(signed_in(browser, site, "dau_moi", WIDE), site, "")
        take_headcounts(signed_in(browser, site, "dau_moi", NARROW), site, "-narrow")
        browser.close()


def take_privacy(browser: Browser, site: str, width: int, suffix: str) -> None:
    """The own data as a person sees them, and a request as the office answers it."""
    attendee = signed_in(browser, site, "hoc_vien", width)
    shoot(attendee, f"{site}/my/data", f"own-data{suffix}", 1200)
    manager = signed_in(browser, site, "quan_ly", width)
    shoot(manager, f"{site}/privacy/requests/req-demo-1", f"data-request{suffix}", 1200)


def take_coverage(page: Page, site: str, suffix: str) -> None:
    """What leadership asks: down the tree, who is missing, a person's history, what comes."""
    figures = f"{site}/coverage/qd1079"
    page.goto(figures)
    keep(page, f"drill-down{suffix}", 1150, at="#units" if suffix else "")
    shoot(page, f"{figures}/trend", f"trend{suffix}", 1100)
    shoot(page, f"{figures}/forecast", f"forecast{suffix}", 1150)
    shoot(page, f"{figures}/trust?group=hr_officer", f"trust{suffix}", 1100)
    shoot(page, f"{figures}/people?state=untrained&group=hr_officer", f"missing{suffix}", 1100)
    person = f"{site}/people/{MOVED}/history?programme=qd1079&group=hr_officer"
    shoot(page, person, f"person-history{suffix}", 1100)


def take_headcounts(page: Page, site: str, suffix: str) -> None:
    """What a focal point signs, and which units wait for a word."""
    shoot(page, f"{site}/headcounts?unit=tn-lhpn", f"headcounts{suffix}", 1250)
    shoot(page, f"{site}/headcounts/-/due", f"headcounts-due{suffix}", 1100)


def take_organizers(page: Page, site: str) -> None:
    """The pages of whoever organizes training; the verification page as anyone sees it."""
    shoot(page, f"{site}/training-sessions/tn-2026-3", "training-session", 1000)
    shoot(page, f"{site}/people", "people", 900)
    shoot(page, f"{site}/units/2025-80", "unit", 1000)
    roster = f"{site}/rosters/demo-danh-sach-mttq"
    shoot(page, roster, "roster-decide", 1300)
    shoot(page, f"{roster}/columns", "roster-columns", 1000)
    shoot(page, f"{roster}/leaving", "roster-leaving", 800)
    page.goto(f"{site}/certificates")
    page.locator("main table a.row-link").first.click()
    address = page.get_by_role("link", name="Trang kiểm tra công khai").get_attribute("href")
    page.context.clear_cookies()
    shoot(page, f"{site}{address}", "verify", 860)


def take_roster(page: Page, site: str, suffix: str) -> None:
    """A roster as it was understood, and what taking it in would do; it is discarded."""
    preview_roster(page, site)
    shoot(page, page.url, f"roster-preview{suffix}", 1250)
    page.get_by_role("button", name="Bỏ danh sách").click()
    page.wait_for_url("**/rosters")


def take_merge(page: Page, site: str, suffix: str) -> None:
    """Pairs that may be one person, and what merging one would do; nothing is written."""
    shoot(page, f"{site}/duplicates", f"duplicates{suffix}", 1150)
    page.locator("main .pair a.row-link").first.click()
    page.get_by_role("link", name="Xem trước khi gộp").click()
    page.get_by_role("button", name="Xem tác động").click()
    page.locator("#impact").wait_for()
    keep(page, f"merge{suffix}", 1500)


def take_reorganisation(page: Page, site: str, suffix: str) -> None:
    """What was done, the queue it left, and a unit's lineage."""
    done = f"{site}/reorganisations/demo-bao-dai-can-tho"
    shoot(page, done, f"reorganisation{suffix}", 1100)
    shoot(page, f"{done}/queue?unit=ct-bpttt", f"reorganisation-queue{suffix}", 1000)
    shoot(page, f"{site}/units/2025-22-06712", f"lineage{suffix}", 1000)


def take_impact(page: Page, site: str, name: str, height: int) -> None:
    """What another percentage and days of grace would change; nothing is written."""
    page.goto(f"{site}/programmes/qd1079/targets/spo_key_official/edit")
    page.fill("main [name=percent]", "60")
    page.fill("main [name=grace_days]", "1200")
    page.get_by_role("button", name="Xem tác động").click()
    page.locator("#impact").wait_for()
    keep(page, name, height)


def preview_roster(page: Page, site: str) -> None:
    """Send a roster in; nothing is written before somebody confirms."""
    page.goto(f"{site}/rosters/new")
    page.set_input_files("[name=file]", ROSTER)
    page.select_option("[name=group]", "hr_officer")
    page.fill("main [name=starts_on]", "01/10/2026")
    page.get_by_role("button", name="Đọc và kiểm tra").click()
    page.wait_for_url(lambda url: not url.endswith("/new"))


def signed_in(browser: Browser, site: str, username: str, width: int) -> Page:
    """A window of this width in which a user of the demo is signed in."""
    scale = 1 if width == WIDE else 2
    window = browser.new_context(
        locale="vi-VN", viewport={"width": width, "height": 900}, device_scale_factor=scale
    )
    page = window.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site}/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def shoot(page: Page, address: str, name: str, height: int) -> None:
    """The top of a page, at most this tall, as docs/<name>.png."""
    page.goto(address)
    keep(page, name, height)


def keep(page: Page, name: str, height: int, *, at: str = "") -> None:
    """The same of the page that is open, from a part of it on where one is named."""
    width = page.viewport_size["width"] if page.viewport_size else WIDE
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("document.fonts.ready")
    file = DOCS / f"{name}.png"
    top = page.locator(at).evaluate("part => part.offsetTop") if at else 0
    part = FloatRect(x=0, y=top, width=width, height=height)
    page.screenshot(path=file, full_page=True, clip=part)
    # A palette is enough for a page, and a third of the size in the repository.
    Image.open(file).quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
