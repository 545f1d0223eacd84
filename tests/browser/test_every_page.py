"""Every page each role can reach by links: accessible, without faults, fitting a narrow screen."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from hrtrain.core.config import ROOT
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AXE = ROOT / "tests" / "files" / "axe" / "axe.min.js"
USERS = ("quan_tri", "quan_ly", "to_chuc", "dau_moi", "lanh_dao", "hoc_vien")
FILE = re.compile(r"\.(pdf|zip|xlsx|ics|json)$|/(file|print)$")


def shape_of(path: str) -> str:
    """Pages of one kind differ by key and query only; one or two of each are enough."""
    names = urlsplit(path)
    parts = ["*" if re.search(r"\d", part) else part for part in names.path.split("/")]
    keys = sorted(item.split("=")[0] for item in names.query.split("&") if item)
    return "/".join(parts) + "?" + "&".join(keys)


def links_of(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    return [link for link in found if link.startswith("/") and not FILE.search(urlsplit(link).path)]


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{v['id']}: {v['help']} {v['nodes'][0]['html'][:160]}" for v in found]


def check_page(visitor: Visitor, path: str) -> list[str]:
    """What is wrong with the page, wide and narrow."""
    page = visitor.page
    answer = page.goto(visitor.site.address + path)
    wrong = [] if answer and answer.status == 200 else [f"status {answer and answer.status}"]
    wrong += violations(page)
    page.set_viewport_size({"width": 390, "height": 844})
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        wrong.append("wider than a narrow screen")
    wrong += violations(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    return [f"{path}: {fault}" for fault in wrong]


def crawl(visitor: Visitor, start: str, most: int = 80) -> list[str]:
    """Follow links from the start page, two pages of each shape; all faults found."""
    waiting, seen, faults = [start], dict[str, int](), list[str]()
    visited = set[str]()
    while waiting and len(visited) < most:
        path = waiting.pop(0)
        if path in visited or seen.get(shape_of(path), 0) >= 1:
            continue
        visited.add(path)
        seen[shape_of(path)] = seen.get(shape_of(path), 0) + 1
        faults += check_page(visitor, path)
        waiting += links_of(visitor.page)
    assert len(visited) > 2, "the crawl did not get anywhere"
    return faults


@pytest.mark.parametrize("username", USERS)
def test_every_page_of_a_role_is_accessible_and_narrow(visitor: Visitor, username: str) -> None:
    visitor.sign_in(username)
    faults = crawl(visitor, "/")
    assert not faults + visitor.faults, "\n".join([*faults, *visitor.faults])


@pytest.mark.parametrize("path", ["/sign-in", "/verify"])
def test_public_pages_are_accessible_and_narrow(visitor: Visitor, path: str) -> None:
    assert not check_page(visitor, path) + visitor.faults
