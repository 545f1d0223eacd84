"""Somebody written down twice, in a real browser: proposed, looked at, merged, two again."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import acts
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

TWICE = "Võ Thị Thanh Ánh"
SECONDS = 60
"""The worker looks at everybody within these."""


def open_pair(by: Visitor) -> None:
    link = by.page.locator("a.row-link", has_text=TWICE)
    ends = time.monotonic() + SECONDS
    by.go("/duplicates")
    while not link.count() and time.monotonic() < ends:
        by.page.wait_for_timeout(500)
        by.go("/duplicates")
    link.click()


def people_called(by: Visitor) -> int:
    by.go("/people?q=v%C3%B5+%C3%A1nh")
    found = by.page.locator("main table tbody tr").count()
    by.go("/people?q=thanh+%C3%A1nh&unit=tn-ca")
    return found + by.page.locator("main table tbody tr").count()


def test_pair_is_merged_with_its_figures_seen_first_and_taken_apart(
    enter: Callable[[str], Visitor],
) -> None:
    by = enter("to_chuc")
    open_pair(by)
    expect(by.page.get_by_text("Cùng số điện thoại")).to_be_visible()
    before = people_called(by)
    open_pair(by)
    by.page.get_by_role("link", name="Xem trước khi gộp").click()
    acts.send(by.page, "Xem tác động")
    expect(by.page.locator("#impact .impact-table").first).to_be_visible()
    by.page.fill("main [name=reason]", "đã hỏi Công an tỉnh")
    acts.send(by.page, "Gộp hai hồ sơ")
    expect(by.page.get_by_text("Đã gộp hai hồ sơ.")).to_be_visible()
    merged = by.page.url
    assert people_called(by) == before - 1
    by.page.goto(merged)
    acts.send(by.page, "Tách lại thành hai hồ sơ")
    expect(by.page.get_by_text("Đã hoàn tác")).to_be_visible()
    assert people_called(by) == before
