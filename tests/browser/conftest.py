"""A real site over the demo data, a real worker and a real Chromium, started once for all."""

import os
import re
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from hrtrain.core.config import ROOT
from hrtrain.exchange.demo.loading import PASSWORD
from tests.postgres import free_port

BIN = Path(sys.executable).parent
WIDE = ViewportSize(width=1280, height=900)
# Without the last three a closed network is asked for updates at every start.
CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


Counts = dict[str, int]
HELD = """SELECT 'units', count(*) FROM unit
    UNION ALL SELECT 'people', count(*) FROM person
    UNION ALL SELECT 'sessions', count(*) FROM training_session
    UNION ALL SELECT 'without document', count(*) FROM certificate WHERE document_id IS NULL
    UNION ALL SELECT state, count(*) FROM certificate GROUP BY state"""


@dataclass(frozen=True)
class Site:
    """The running site: its address, its data folder and the demo's password."""

    address: str
    folder: Path
    password: str
    greeting: str = ""
    """What `flask demo load` said."""
    loads: tuple[Counts, ...] = ()
    """What the demo held after the first load, and after the second."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if "TEST_SITE" in os.environ:  # one with demo data which runs already, while writing tests
        yield Site(os.environ["TEST_SITE"], tmp_path_factory.mktemp("site"), PASSWORD)
        return
    _be_the_only_one(tmp_path_factory)
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    address = f"http://127.0.0.1:{port}"
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "SECRET_KEY"}}
    environ = {**kept, "HRTRAIN_DATA_DIR": str(folder), "BASE_URL": address}
    log = (folder / "site.log").open("w")
    for words in ("db upgrade", "demo load"):  # so that what follows is a second start
        command: list[Path | str] = [BIN / "flask", *words.split()]
        done = subprocess.run(
            command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True
        )
    first = held(folder)
    process = subprocess.Popen(
        [BIN / "flask", "serve", "--demo", "--port", str(port)],
        cwd=ROOT, env=environ, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        wait_for(f"{address}/readyz", process, folder / "site.log")
        password = demo_password((folder / "site.log").read_text())
        yield Site(address, folder, password, done.stdout, (first, held(folder)))
    finally:
        process.terminate()
        process.wait(30)


def held(folder: Path) -> Counts:
    """How many there are in the site's database; certificates by state."""
    with closing(sqlite3.connect(f"file:{folder / 'hrtrain.sqlite3'}?mode=ro", uri=True)) as read:
        return dict(read.execute(HELD).fetchall())


def _be_the_only_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two workers would start two sites, and each would judge the pages the other has judged."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        (tmp_path_factory.getbasetemp().parent / "site-is-started").touch(exist_ok=False)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: int = 180) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and process.poll() is None:
        try:
            urllib.request.urlopen(url).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise RuntimeError(f"the site did not start:\n{log.read_text()[-3000:]}")


def demo_password(greeting: str) -> str:
    """The password `make run` prints for the demo's users."""
    found = re.search(r"hrtrain-demo-\w+", greeting)
    assert found, greeting
    return found.group()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """A browser window of one user, which remembers what went wrong on its pages."""

    page: Page
    site: Site
    faults: list[str]
    front: str = "/"
    """Where signing in led to."""

    def go(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(self.site.address + path)

    def sign_in(self, username: str) -> None:
        """Sign in as one of the demo's users."""
        self.go("/sign-in")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", self.site.password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        self.front = urlsplit(self.page.url).path


@dataclass
class Windows:
    """Windows with cookies of their own. A user's is used again by the next test, still signed in:
    opening one and signing in took two seconds of a processor, as much as judging two pages."""

    browser: Browser
    site: Site
    free: dict[str, list[Visitor]] = field(default_factory=dict)

    def taken(self, username: str) -> Visitor:
        """A window of the user, at an empty page; without any cookie for a stranger (``""``)."""
        if self.free.get(username):
            return self.free[username].pop()
        window = self.browser.new_context(locale="vi-VN", viewport=WIDE)
        visitor = watch(window.new_page(), self.site)
        if username:
            visitor.sign_in(username)
        return visitor

    def put_back(self, username: str, visitor: Visitor) -> None:
        """As it was taken; one that something went wrong in is not used again."""
        page = visitor.page
        if visitor.faults:
            page.context.close()
            return
        page.goto("about:blank")
        page.set_viewport_size(WIDE)
        if not username:
            page.context.clear_cookies()
        self.free.setdefault(username, []).append(visitor)


@pytest.fixture(scope="session")
def windows(browser: Browser, site: Site) -> Windows:
    return Windows(browser, site)


@pytest.fixture
def enter(windows: Windows) -> Iterator[Callable[[str], Visitor]]:
    """Opens a window for a user of the demo, or for a stranger (``""``)."""
    taken: list[tuple[str, Visitor]] = []

    def entered(username: str) -> Visitor:
        taken.append((username, windows.taken(username)))
        return taken[-1][1]

    yield entered
    for username, visitor in taken:
        windows.put_back(username, visitor)
    assert not [fault for _username, visitor in taken for fault in visitor.faults]


@pytest.fixture
def visitor(enter: Callable[[str], Visitor]) -> Visitor:
    """The window of somebody who is not signed in."""
    return enter("")


def watch(page: Page, site: Site) -> Visitor:
    """The window's page, whose errors are remembered and whose questions get a yes."""
    faults = list[str]()
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.set_default_timeout(15_000)
    return Visitor(page, site, faults)
