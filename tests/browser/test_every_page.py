"""Every page each role can reach by links: accessible, without faults, fitting a narrow screen."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize
from werkzeug.exceptions import HTTPException

from hrtrain.core.config import ROOT
from hrtrain.factory import create_app
from tests.browser.conftest import WIDE, Visitor
from tests.conftest import settings_for

pytestmark = pytest.mark.browser

AXE = (ROOT / "tests" / "files" / "axe" / "axe.min.js").read_text()
# Long tables repeat themselves: their first rows stand for the others.
RUN_AXE = "axe.run({exclude: ['tbody tr:nth-child(n+13)']}, {resultTypes: ['violations']})"
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth + 1"
FILE = re.compile(r"\.(pdf|zip|xlsx|ics|json)$|/(file|print)$")
NARROW = ViewportSize(width=390, height=844)
# Parts of a query which make a different page.
FACES = {"part", "by", "preset", "group", "only", "step", "tree"}
# The least number of kinds of pages each user's links lead to; losing links would hide pages.
USERS = {
    "quan_tri": 60,
    "quan_ly": 45,
    "to_chuc": 35,
    "dau_moi": 15,
    "lanh_dao": 10,
    "hoc_vien": 2,
}
# Two roles' views of a kind of page are judged by axe; what others see of it is part of theirs.
ROLES_JUDGED = 2
looked_at: Counter[str] = Counter()

Shape = Callable[[str], str]


@pytest.fixture(scope="module")
def shape(tmp_path_factory: pytest.TempPathFactory) -> Shape:
    """Names the kind of page a path leads to: its endpoint, and which face of it."""
    app = create_app(settings_for("sqlite://", tmp_path_factory.mktemp("routes")))
    routes = app.url_map.bind("localhost")

    def named(path: str) -> str:
        parts = urlsplit(path)
        try:
            endpoint = routes.match(parts.path)[0]
        except HTTPException:
            return path
        query = parse_qsl(parts.query)
        faces = {f"{k}={v if k in ('part', 'by') else ''}" for k, v in query if k in FACES}
        return "&".join([endpoint, *sorted(faces)])

    return named


def links_of(page: Page) -> list[str]:
    """The site's own pages which this one leads to."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    return [link for link in found if link[0] == "/" and not FILE.search(urlsplit(link).path)]


def violations(page: Page) -> list[str]:
    found = page.evaluate(RUN_AXE)["violations"]
    return [f"{v['id']}: {v['help']} {v['nodes'][0]['html'][:160]}" for v in found]


def check_page(visitor: Visitor, path: str, kind: str) -> list[str]:
    """What is wrong with the page; axe judges each kind for two roles, narrow for the first."""
    page = visitor.page
    answer = page.goto(visitor.site.address + path)
    wrong = [] if answer and answer.status == 200 else [f"status {answer and answer.status}"]
    if looked_at[kind] < ROLES_JUDGED:
        page.evaluate(AXE)
        wrong += violations(page)
    page.set_viewport_size(NARROW)
    wrong += ["wider than a narrow screen"] if page.evaluate(TOO_WIDE) else []
    if not looked_at[kind]:
        wrong += [f"narrow: {fault}" for fault in violations(page)]
    page.set_viewport_size(WIDE)
    looked_at[kind] += 1
    return [f"{path}: {fault}" for fault in wrong]


def crawl(visitor: Visitor, shape: Shape, start: Iterable[str]) -> tuple[set[str], list[str]]:
    """Follow links to one page of each kind; the kinds seen and all faults found."""
    waiting, seen, faults = list(start), set[str](), list[str]()
    while waiting:
        path = waiting.pop(0)
        kind = shape(path)
        if kind in seen:
            continue
        seen.add(kind)
        faults += check_page(visitor, path, kind)
        waiting += links_of(visitor.page)
    return seen, faults


@pytest.mark.parametrize("username", USERS)
def test_every_page_of_a_role_is_accessible_and_fits_a_narrow_screen(
    enter: Callable[[str], Visitor], shape: Shape, username: str
) -> None:
    visitor = enter(username)
    seen, faults = crawl(visitor, shape, [visitor.front])
    assert not faults + visitor.faults, "\n".join([*faults, *visitor.faults])
    assert len(seen) >= USERS[username], sorted(seen)


def test_public_pages_are_accessible_and_fit_a_narrow_screen(
    visitor: Visitor, shape: Shape
) -> None:
    seen, faults = crawl(visitor, shape, ["/sign-in", "/verify"])
    assert not faults + visitor.faults
    assert len(seen) == 2


def test_axe_finds_what_is_wrong(visitor: Visitor) -> None:
    visitor.page.set_content("<html lang=vi><title>x</title><main><h1>x</h1><input></main>")
    visitor.page.evaluate(AXE)
    assert any("label" in fault for fault in violations(visitor.page))
