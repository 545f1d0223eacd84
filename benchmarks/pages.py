"""Whole pages through the real server: `flask serve` as a process of its own, asked over HTTP.

    .venv/bin/python -m benchmarks.pages [PEOPLE ...] [--postgresql]

A page's time is what a signed-in browser on the same machine waits: the first request after the
start apart, then the median of 21 (of 5 where it took over a second). All sizes are served at once
and asked in turns, so that a busy machine slows them alike; the worker runs beside each, as in
`flask serve`. The last column is the largest size's time over the smallest's: a page's cost should
follow its answer and not the country.
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import select

from benchmarks import ground
from benchmarks.timing import took
from hrtrain.accounts.models import SignIn
from hrtrain.accounts.rules import Role, new_token, token_hash
from hrtrain.certificates.places import settings
from hrtrain.cli.upkeep import check
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.units.models import Unit
from tests import makers, postgres

ROOT, BIN = Path(__file__).resolve().parents[1], Path(sys.executable).parent
SIZES, ROUNDS, WAIT_SECONDS = (10_000, 100_000, 1_000_000), 21, 60
SLOW_MS, FEW_ROUNDS = 1000, 5
DASHBOARD_MS, PAGE_MS, GROWTH = 30, 50, 1.5
PROVINCE, COMMUNE = "2025-79", "2025-79-25747"
MISSING = "/coverage/plan1/people?group=group1&state=untrained"
USERS: dict[str, tuple[Role, str | None]] = {
    "nation": (Role.LEADERSHIP, None),
    "province": (Role.LEADERSHIP, PROVINCE),
    "organizer": (Role.ORGANIZER, None),
    "focal point": (Role.FOCAL_POINT, PROVINCE),
    "administrator": (Role.ADMINISTRATOR, None),
}
# page -> who asks, where
PAGES = {
    "dashboard of the nation": ("nation", "/"),
    "dashboard of a province": ("province", "/"),
    "a programme by unit, nation": ("nation", "/coverage/plan1?group=group1"),
    "a programme by unit, province": ("nation", f"/coverage/plan1?group=group1&unit={PROVINCE}"),
    "trend": ("nation", "/coverage/plan1/trend?group=group1"),
    "missing people of the nation": ("nation", MISSING),
    "missing people of a province": ("nation", f"{MISSING}&unit={PROVINCE}"),
    "missing people of a commune": ("nation", f"{MISSING}&unit={COMMUNE}"),
    "missing people, own province": ("province", MISSING),
    "units with people unnamed": ("nation", MISSING.replace("untrained", "unnamed")),
    "trust": ("nation", "/coverage/plan1/trust?group=group1"),
    "comparison": ("nation", "/compare"),
    "expiring, nation": ("nation", "/coverage/plan1/expiring"),
    "expiring, province": ("nation", f"/coverage/plan1/expiring?unit={PROVINCE}"),
    "forecast, nation": ("nation", "/coverage/plan1/forecast?group=group1"),
    "forecast, province": ("nation", f"/coverage/plan1/forecast?group=group1&unit={PROVINCE}"),
    "distinct people, nation": ("nation", "/coverage/plan1/persons"),
    "distinct people, province": ("nation", f"/coverage/plan1/persons?unit={PROVINCE}"),
    "seals": ("nation", "/coverage/plan1/seals"),
    "units": ("nation", "/units"),
    "unit page": ("nation", f"/units/{PROVINCE}"),
    "people": ("organizer", "/people"),
    "people of a province": ("organizer", f"/people?unit={PROVINCE}"),
    "people searched": ("organizer", "/people?q=nguyen+van+an"),
    "person page": ("organizer", "/people/p0000123"),
    "groups": ("organizer", "/groups"),
    "dashboard of a focal point": ("focal point", "/"),
    "headcounts due": ("focal point", "/headcounts/-/due"),
    "duplicates": ("focal point", "/duplicates"),
    "training sessions": ("organizer", "/training-sessions"),
    "register": ("organizer", "/register"),
    "audit": ("administrator", "/audit"),
}
GOALS = {"dashboard of the nation", "dashboard of a province"}
"""Pages that must keep to the dashboard's goal; the others' cost is told beside a goal."""


@dataclass(frozen=True)
class Site:
    """A running server and its users' cookies."""

    people: int
    port: int
    cookies: dict[str, str]

    def get(self, who: str, path: str) -> bytes:
        """The page as this user's browser gets it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request("GET", path, headers={"Cookie": self.cookies[who]})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        assert answer.status == 200, (self.people, path, answer.status, content[:300])
        return content


@contextmanager
def served(engine: str, people: int) -> Iterator[Site]:
    """A country behind `flask serve`; the check its worker makes every hour is not due."""
    with ground.built(engine, people) as app, app.app_context():
        assert not check()
        url = db.engine.url.render_as_string(hide_password=False)
        cookies = {who: _cookie(app, who) for who in USERS}
        port, folder = postgres.free_port(), settings().data_dir
        environ = {"DATABASE_URL": url, "SECRET_KEY": settings().secret_key}
        environ |= {"HRTRAIN_DATA_DIR": str(folder), "BASE_URL": f"http://127.0.0.1:{port}"}
        process = subprocess.Popen(
            [BIN / "flask", "--app", "app", "serve", "--port", str(port)],
            cwd=ROOT, env={**os.environ, **environ}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(port)
            yield Site(people, port, cookies)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _cookie(app: Flask, who: str) -> str:
    role, key = USERS[who]
    unit = db.session.scalar(select(Unit).where(Unit.key == key)) if key else None
    user, token = makers.user(role, unit, username=f"benchmark-{who}"), new_token()
    ends = clock.now() + timedelta(hours=12)
    db.session.add(SignIn(token_hash=token_hash(token), user_id=user.id, expires_at=ends))
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = token
    cookie = client.get_cookie("session")
    assert cookie is not None
    return f"session={cookie.value}"


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not _answers(port):
        assert time.monotonic() < deadline, "the site did not come up"
        time.sleep(0.2)


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False


def measure(engine: str, sizes: Sequence[int]) -> bool:
    """Print every page at every size; whether the dashboards keep to their goals."""
    with ExitStack() as stack:
        sites = [stack.enter_context(served(engine, people)) for people in sizes]
        heads = "".join(f"{people:>20,}" for people in sizes)
        print(f"\n{engine}, ms: median (first request after the start)\n{'':32}{heads}", flush=True)
        return all([_measure_page(name, sites, engine) for name in PAGES])  # noqa: C419


def _measure_page(name: str, sites: Sequence[Site], engine: str) -> bool:
    who, path = PAGES[name]
    first = [took(lambda site=site: site.get(who, path)) for site in sites]  # type: ignore[misc]
    times: list[list[float]] = [[] for _site in sites]
    for _turn in range(ROUNDS if max(first) < SLOW_MS else FEW_ROUNDS):
        for found, site in zip(times, sites, strict=True):
            found.append(took(lambda site=site: site.get(who, path)))  # type: ignore[misc]
    medians = [median(found) for found in times]
    cells = [f"{ms:10.1f} ({cold:7.1f})" for ms, cold in zip(medians, first, strict=True)]
    size, told, good = len(sites[-1].get(who, path)) / 1024, *_judged(name, medians, engine)
    growth = medians[-1] / medians[0]
    print(f"  {name:30}{''.join(cells)}  × {growth:5.2f} {size:6.1f} KB  {told}", flush=True)
    return good or name not in GOALS


def _judged(name: str, medians: Sequence[float], engine: str) -> tuple[str, bool]:
    """The page's goal beside what became of it: the dashboards' is binding."""
    grew, last = medians[-1] / medians[0] > GROWTH, medians[-1]
    if name in GOALS:
        good = not grew and (engine != "sqlite" or last <= DASHBOARD_MS)
        goal = f"≤ {GROWTH}, ≤ {DASHBOARD_MS} ms"
    else:
        good, goal = not grew or last <= PAGE_MS, f"≤ {GROWTH} or ≤ {PAGE_MS} ms"
    return f"goal {goal}: {'ok' if good else 'OVER'}", good


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:] if text.isdigit()] or list(SIZES)
    engine = "postgresql" if "--postgresql" in sys.argv else "sqlite"
    sys.exit(0 if measure(engine, sizes) else 1)


if __name__ == "__main__":
    main()
