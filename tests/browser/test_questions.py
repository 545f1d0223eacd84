"""Pages of questions that no link from today's figures leads to: accessible, wide and narrow."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visitor
from tests.browser.test_every_page import check_page

pytestmark = pytest.mark.browser

PATHS = {
    "trend by change": "/coverage/qd1079/trend?step=change&months=60",
    "trend that is too long": "/coverage/qd1079/trend?from=01/01/1950",
    "expiring within a year": "/coverage/qd1079/expiring?days=365",
    "tree of the day": "/coverage/qd1079?as_of=30/06/2025",
    "today's tree": "/coverage/qd1079?as_of=30/06/2025&tree=today",
    "programmes side by side": "/compare",
    "two items": "/coverage/long_an_2023",
    "history": "/people/demo-0001/history",
    "history as known then": "/people/demo-0001/history?known_at=01/08/2025 08:00",
}


@pytest.mark.parametrize("kind", PATHS)
def test_page_is_accessible_and_fits_a_narrow_screen(
    enter: Callable[[str], Visitor], kind: str
) -> None:
    visitor = enter("lanh_dao")
    faults = check_page(visitor, PATHS[kind], kind)
    assert not faults + visitor.faults, "\n".join([*faults, *visitor.faults])


def test_strip_is_read_and_opened_by_keyboard(enter: Callable[[str], Visitor]) -> None:
    visitor = enter("lanh_dao")
    visitor.go("/people/demo-0001")
    link = visitor.page.get_by_role("link", name="Xem từng thay đổi và căn cứ").first
    link.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/history?*")
    assert visitor.page.get_by_role("img", name="Quá trình của").first.is_visible()
