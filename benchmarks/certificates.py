"""Certificates: ms each, and a web worker's memory fresh and after 300 (goal ≤ 150 MiB and flat).

Run: .venv/bin/python -m benchmarks.certificates [COUNT]
Makes its own data and database in a temporary folder, starts gunicorn and a job worker as
`flask serve` does, issues through the page, downloads every document, the archive and the print
file. The peer: 233 MiB, then 500.
"""

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import func, select

from hrtrain.accounts.models import SignIn
from hrtrain.accounts.rules import new_token, token_hash
from hrtrain.certificates.models import Certificate
from hrtrain.core import clock
from hrtrain.core.config import Settings
from hrtrain.core.db import db, reading
from hrtrain.factory import create_app
from tests import makers
from tests.makers.certificates import closed_session, series

ROOT = Path(__file__).resolve().parents[1]
GOAL_MIB = 150.0
BIN = Path(sys.executable).parent


def main(count: int) -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp(prefix="hrtrain-bench-"))
    app = fresh_app(folder)
    with app.app_context():
        session_key, cookie = prepare(app, count)
    port = free_port()
    environ = {**os.environ, "HRTRAIN_DATA_DIR": str(folder), "DATABASE_URL": ""}
    gunicorn: list[Path | str] = [
        BIN / "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gthread",
    ]
    options = ["--threads", "8", "--no-control-socket", "--log-level", "error", "app:app"]
    web = subprocess.Popen([*gunicorn, *options], cwd=ROOT, env=environ)
    worker = subprocess.Popen([BIN / "flask", "jobs", "run"], cwd=ROOT, env=environ)
    try:
        measure(app, Site(port, cookie), web.pid, session_key, count)
    finally:
        for process in (web, worker):
            process.terminate()
            process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def fresh_app(folder: Path) -> Flask:
    """A migrated application over an empty SQLite database."""
    url = f"sqlite:///{folder / 'hrtrain.sqlite3'}"
    os.environ["HRTRAIN_DATA_DIR"] = str(folder)
    key = "for the benchmark only"
    (folder / "secret_key").write_text(key)
    app = create_app(Settings(url, folder, key, "http://127.0.0.1:8000", "", 0))
    with app.app_context():
        flask_migrate.upgrade()
    return app


def prepare(app: Flask, count: int) -> tuple[str, str]:
    """A closed session of ``count`` people; its key, and an organizer's session cookie."""
    session = closed_session(*(f"Nguyễn Văn {number}" for number in range(count)))
    series(session.unit)
    user, token = makers.user("organizer", session.unit), new_token()
    ends = clock.now().replace(year=clock.now().year + 1)
    db.session.add(SignIn(token_hash=token_hash(token), user_id=user.id, expires_at=ends))
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = token
    cookie = client.get_cookie("session")
    assert cookie is not None
    return session.key, f"session={cookie.value}"


class Site:
    """The running site as one signed-in browser sees it."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie

    def get(self, path: str) -> bytes:
        """The answer of a page."""
        return self.ask("GET", path)

    def post(self, path: str, **fields: str) -> None:
        """Send a page's form with its token."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).decode())
        assert found is not None
        self.ask("POST", path, urllib.parse.urlencode({**fields, "csrf_token": found[1]}))

    def ask(self, method: str, path: str, body: str = "") -> bytes:
        """One request; the cookie follows what the site sets."""
        return self.send(path, body.encode(), "application/x-www-form-urlencoded", method)

    def send(self, path: str, body: bytes, kind: str, method: str = "POST") -> bytes:
        """One request with a body of this kind."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": self.cookie, "Content-Type": kind}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = line.split(";")[0]
        content = answer.read()
        assert answer.status < 400, (path, answer.status, faults_on(content))
        return content


def faults_on(page: bytes) -> str:
    """What a refusing page says."""
    found = re.findall(r"(?:invalid-feedback|alert-bad)[^>]*>(.*?)</div>", page.decode(), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).strip() for text in found) or page[:300].decode()


def measure(app: Flask, site: Site, master: int, session_key: str, count: int) -> None:
    """Issue, wait, download twice; print the figures."""
    wait_until(lambda: answers(site))
    fresh = memory_of(master)
    url = f"/training-sessions/{session_key}/certificates"
    began = time.perf_counter()
    site.post(url, series="series-svhttdl")
    issued = time.perf_counter() - began
    wait_until(lambda: documents(app) == count, 1200)
    made = time.perf_counter() - began - issued
    with app.app_context():
        keys = list(db.session.scalars(select(Certificate.key)))
    rounds = []
    for _round in range(2):
        for key in keys:
            assert site.get(f"/certificates/{key}.pdf").startswith(b"%PDF")
        site.get(f"/training-sessions/{session_key}/certificates.zip")
        site.get(f"/training-sessions/{session_key}/certificates/print.pdf")
        rounds.append(memory_of(master))
    print(f"numbers and frozen contents of {count} certificates, through the page: {issued:.2f} s")
    print(f"documents, in the worker beside the site: {made / count * 1000:.0f} ms each")
    print(f"web worker fresh: {fresh:.0f} MiB   (goal ≤ {GOAL_MIB:.0f}; the peer 233)")
    print(f"after {count} issued and downloaded, with archive and print file: {rounds[0]:.0f} MiB")
    print(f"after downloading all again: {rounds[1]:.0f} MiB   (goal: flat; the peer 500)")


def answers(site: Site) -> bool:
    """Whether the site is up."""
    try:
        return bool(site.get("/verify"))
    except (OSError, AssertionError):
        return False


def documents(app: Flask) -> int:
    """How many certificates have their document."""
    with app.app_context(), reading():
        return db.session.scalar(select(func.count(Certificate.document_id))) or 0


def memory_of(master: int) -> float:
    """Resident MiB of gunicorn's only worker."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    status = Path(f"/proc/{children[0]}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def wait_until(reached: Callable[[], bool], seconds: float = 60) -> None:
    """Wait, or say that it took too long."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.2)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
