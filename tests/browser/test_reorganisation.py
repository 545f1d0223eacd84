"""A merger and a split entered on the pages: previewed, done, decided on, undone."""

from collections.abc import Callable

import pytest

from tests.browser.acts import fill, send
from tests.browser.conftest import Visitor
from tests.browser.test_every_page import check_page

pytestmark = pytest.mark.browser


def begin(by: Visitor) -> str:
    """The path of a plan of two steps: two boards become one, an office two."""
    by.go("/reorganisations/new")
    fill(by.page, title="Sắp xếp cơ quan tỉnh Tây Ninh", document_no="99/NQ-HĐND")
    fill(by.page, effective_on="01/11/2026")
    send(by.page, "Tiếp tục")
    plan = by.page.url.removeprefix(by.site.address)
    by.go(f"{plan}/steps/merge")
    by.page.get_by_label("Đơn vị cũ 1", exact=True).fill("tn-sdttg")
    fill(by.page, to="tn-stp")
    send(by.page, "Thêm vào phương án")
    by.go(f"{plan}/steps/split")
    fill(by.page, unit="tn-bpttt")
    by.page.get_by_label("hoặc tên đơn vị mới (1)").fill("Báo Tây Ninh")
    by.page.get_by_label("hoặc tên đơn vị mới (2)").fill("Đài Phát thanh và Truyền hình Tây Ninh")
    send(by.page, "Thêm vào phương án")
    return plan


def test_a_reorganisation_from_the_form_to_undo(enter: Callable[[str], Visitor]) -> None:
    visitor = enter("quan_ly")
    plan, page = begin(visitor), visitor.page
    moving = page.locator(".figure-value").first.inner_text()
    send(page, "Xem tác động")
    assert page.locator("#impact").is_visible()
    assert page.locator("#impact").get_by_text("Sở Tư pháp").count()
    send(page, "Thực hiện")
    page.get_by_text("Đã thực hiện.").wait_for()
    assert page.locator(".figure-value").first.inner_text() == moving
    page.get_by_role("link", name="Báo và Phát thanh, Truyền hình tỉnh").first.click()
    visitor.go(f"{plan}/queue?unit=tn-bpttt")
    box = page.locator("input[name=choice]").first
    name = box.get_attribute("aria-label") or "?"
    box.check()
    page.select_option("[name=to]", label="Đài Phát thanh và Truyền hình Tây Ninh")
    send(page, "Lưu quyết định")
    visitor.go(f"{plan}/queue?unit=tn-bpttt&state=decided")
    assert page.get_by_role("row").filter(has_text=name).is_visible()
    visitor.go(plan)
    send(page, "Hoàn tác")
    page.get_by_text("mọi việc như trước khi sắp xếp").wait_for()
    visitor.go("/units/tn-bpttt")
    assert page.get_by_text("Đang hoạt động").is_visible()


PATHS = {
    "list": "/reorganisations",
    "done": "/reorganisations/demo-bao-dai-can-tho",
    "queue": "/reorganisations/demo-bao-dai-can-tho/queue?unit=ct-bpttt",
    "people": "/reorganisations/demo-bao-dai-can-tho/people",
    "new": "/reorganisations/new",
    "lineage": "/units/2025-22-06712",
}


@pytest.mark.parametrize("kind", PATHS)
def test_page_is_accessible_and_fits_a_narrow_screen(
    enter: Callable[[str], Visitor], kind: str
) -> None:
    visitor = enter("quan_ly")
    faults = check_page(visitor, PATHS[kind], kind)
    assert not faults + visitor.faults, "\n".join([*faults, *visitor.faults])
