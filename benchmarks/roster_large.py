"""A roster of 100,000 rows through the pages: time, peak memory of each process, others' wait.

Run: .venv/bin/python -m benchmarks.roster_large [ROWS]
Makes its own data and database in a temporary folder, starts gunicorn and a job worker as
`flask serve` does, sends the file, waits while it is read, takes it in, sends it again, takes it
back; another signed-in browser asks for a page ten times a second meanwhile.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from threading import Event, Thread

from flask import Flask
from sqlalchemy import func, select

from benchmarks.certificates import BIN, ROOT, Site, answers, free_port, fresh_app, wait_until
from benchmarks.roster import UNITS, roster
from hrtrain.accounts.models import SignIn
from hrtrain.accounts.rules import new_token, token_hash
from hrtrain.core import clock
from hrtrain.core.db import db, reading
from hrtrain.core.jobs.models import Job
from hrtrain.people.models import Membership, RosterUpload
from tests import makers

GOAL_MIB = 400.0
CHILD = b"hrtrain.core.spreadsheet_child"


@dataclass
class Watch:
    """Looks at the processes and asks for a page until it is stopped."""

    site: Site
    pids: dict[str, int]
    waits: list[float] = field(default_factory=list)
    child: float = 0.0
    over: Event = field(default_factory=Event)

    def ask(self) -> None:
        """Ask for a page ten times a second; keep how long each took."""
        while not self.over.wait(0.1):
            began = time.perf_counter()
            self.site.get("/people")
            self.waits.append(time.perf_counter() - began)

    def look(self) -> None:
        """Look for the child that opens the file; keep its largest size."""
        while not self.over.wait(0.02):
            for pid in self.pids.values():
                for child in children_of(pid):
                    if CHILD in command_of(child):
                        self.child = max(self.child, peak_of(child))


def children_of(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue
    return found


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def peak_of(pid: int) -> float:
    """The process's largest resident size so far, in MiB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def main(count: int) -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp(prefix="hrtrain-bench-"))
    app = fresh_app(folder)
    with app.app_context():
        cookies = [prepare(app), signed_in(app)]
    file = folder / "danh-sach.xlsx"
    roster(file, count)
    port = free_port()
    environ = {**os.environ, "HRTRAIN_DATA_DIR": str(folder), "DATABASE_URL": ""}
    gunicorn: list[Path | str] = [BIN / "gunicorn", "--bind", f"127.0.0.1:{port}"]
    options = ["--worker-class", "gthread", "--threads", "8", "--no-control-socket"]
    quiet = ["--log-level", "error", "app:app"]
    web = subprocess.Popen([*gunicorn, *options, *quiet], cwd=ROOT, env=environ)
    worker = subprocess.Popen([BIN / "flask", "jobs", "run"], cwd=ROOT, env=environ)
    try:
        site = Site(port, cookies[0])
        wait_until(lambda: answers(site))
        pids = {"web": children_of(web.pid)[0], "worker": worker.pid}
        watch = Watch(Site(port, cookies[1]), pids)
        threads = [Thread(target=one, daemon=True) for one in (watch.ask, watch.look)]
        for thread in threads:
            thread.start()
        measure(app, site, watch, file.read_bytes(), count)
        watch.over.set()
    finally:
        for process in (web, worker):
            process.terminate()
            process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def prepare(app: Flask) -> str:
    """Units and a group; an organizer's session cookie."""
    makers.group("hr_officer")
    for name in UNITS:
        makers.unit(name=name)
    return signed_in(app)


def signed_in(app: Flask) -> str:
    """A new administrator's session cookie."""
    user, token = makers.user("administrator"), new_token()
    ends = clock.now() + timedelta(days=1)
    db.session.add(SignIn(token_hash=token_hash(token), user_id=user.id, expires_at=ends))
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = token
    cookie = client.get_cookie("session")
    assert cookie is not None
    return f"session={cookie.value}"


def measure(app: Flask, site: Site, watch: Watch, content: bytes, count: int) -> None:
    """Send, read, import, send again, undo; print each with the memory so far."""
    say(watch, "before")
    took(f"{count:,} rows sent ({len(content) / 2**20:.1f} MiB)", lambda: send(site, content))
    took("read by the worker and compared with what is known", lambda: jobs_done(app))
    say(watch, "read")
    key = newest(app)
    site.ask("POST", f"/rosters/{key}/import", token(site, f"/rosters/{key}"))
    took("imported", lambda: jobs_done(app))
    assert members(app) == count, members(app)
    say(watch, "imported")
    send(site, content)
    took("the same file again, read", lambda: jobs_done(app))
    say(watch, "read again")
    took("asked what undoing would take back", lambda: site.get(f"/rosters/{key}/undo"))
    site.ask("POST", f"/rosters/{key}/undo", token(site, f"/rosters/{key}/undo"))
    took("taken back as one", lambda: jobs_done(app))
    assert members(app) == 0, members(app)
    say(watch, "taken back")


def took(name: str, act: Callable[[], object]) -> None:
    began = time.perf_counter()
    act()
    print(f"{name:<60}{time.perf_counter() - began:>8.1f} s", flush=True)


def say(watch: Watch, when: str) -> None:
    """Peak memory so far, and how long another page took since the last time."""
    peaks = ", ".join(f"{name} {peak_of(pid):.0f}" for name, pid in watch.pids.items())
    waits, watch.waits = sorted(watch.waits), []
    others = ""
    if waits:
        slow = waits[int(len(waits) * 0.95)]
        others = (
            f"; another page: median {median(waits) * 1000:.0f} ms, "
            f"95 % {slow * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms ({len(waits)} asked)"
        )
    goal = f" (goal ≤ {GOAL_MIB:.0f} each)"
    print(f"  {when}: peak MiB {peaks}, child {watch.child:.0f}{goal}{others}", flush=True)


def token(site: Site, path: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', site.get(path).decode())
    assert found is not None
    return urllib.parse.urlencode({"csrf_token": found[1]})


def send(site: Site, content: bytes) -> None:
    """The form with the file."""
    page = site.get("/rosters/new").decode()
    fields = dict(re.findall(r'name="(csrf_token|once)"[^>]*value="([^"]+)"', page))
    fields |= {"group": "hr_officer", "unit": "", "starts_on": "01/07/2026", "covers": "units"}
    mark = "hrtrain-benchmark"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    body = b"".join(parts) + head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    site.send("/rosters/new", body, f"multipart/form-data; boundary={mark}")


def jobs_done(app: Flask) -> None:
    def idle() -> bool:
        with app.app_context(), reading():
            waiting = select(func.count()).where(Job.state.in_(("waiting", "running")))
            return not db.session.scalar(waiting)

    wait_until(idle, 3_600)


def newest(app: Flask) -> str:
    with app.app_context(), reading():
        asked = select(RosterUpload.key).order_by(RosterUpload.id.desc()).limit(1)
        return db.session.scalars(asked).one()


def members(app: Flask) -> int:
    with app.app_context(), reading():
        known = select(func.count()).where(Membership.retracted_at.is_(None))
        return db.session.scalar(known) or 0


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
