"""Server time of list pages at 10,000 and 100,000 people: the goal is 50 ms each.

Run: .venv/bin/python -m benchmarks.lists [people ...]
The best peer takes 2.1 s and 6.4 MB for a list of 2,000. Makes its own data on SQLite and on
PostgreSQL in temporary folders and removes them. A figure is the median of seven requests
through the whole application, sign-in and templates included; the process's own CPU time
beside it tells what a machine busy with other work added (PostgreSQL's own is not in it).
"""

import sys
import time
from contextvars import Context
from datetime import date, timedelta
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from benchmarks import country, ground
from hrtrain.accounts.rules import Role
from hrtrain.core.db import db
from hrtrain.training.models import TrainingSession
from hrtrain.units.models import Unit
from tests import makers
from tests.cast import sign_in

GOAL_MS, PEER = 50, "2.1 s and 6.4 MB for 2,000"
SIZES = (10_000, 100_000)
PAGES = {
    "people": "/people",
    "people, next page": "/people?after={after}",
    "people of a group": "/people?group=group1",
    "people of a province, past day": "/people?unit=2024-80&as_of=01/06/2024",
    "people of a commune": "/people?unit=2025-80-25486",
    "people searched": "/people?q=nguyen+van+an",
    "people searched with marks": "/people?q=Đặng+Thị+Hương",
    "people searched, none": "/people?q=khong+co+ai",
    "units at the top": "/units",
    "units of a province": "/units?under=2025-80",
    "units searched": "/units?q=tan+bien",
    "a unit": "/units/2025-80",
    "training sessions": "/training-sessions",
}
USERS = {
    "all": (Role.ORGANIZER, None),
    "province": (Role.ORGANIZER, "2025-80"),
    "commune": (Role.FOCAL_POINT, "2025-80-25486"),
}


def add_sessions(app: Flask, people: int) -> None:
    with app.app_context():
        living = select(Unit.id).where(Unit.tier == "province", Unit.ends_on.is_(None))
        provinces = db.session.scalars(living.order_by(Unit.key)).all()
        sessions = [session(n, provinces[n % len(provinces)]) for n in range(people // 50)]
        db.session.execute(insert(TrainingSession), sessions)
        db.session.commit()


def session(number: int, unit_id: int) -> dict[str, object]:
    day = date(2020, 1, 1) + timedelta(days=number % 2800)
    return {
        "key": f"s{number}",
        "course_id": 1 + number % country.COURSES,
        "title": f"Lớp số {number}",
        "unit_id": unit_id,
        "starts_on": day,
        "ends_on": day + timedelta(days=2),
        "place": "Hội trường",
        "state": "open",
        "state_reason": "",
        "capacity": 40,
        "version": 1,
    }


def browser(app: Flask, role: Role, key: str | None) -> FlaskClient:
    """A plain client: the tests' own checks every page's markup, which is not the server's work."""
    with app.app_context():
        unit = db.session.scalar(select(Unit).where(Unit.key == key)) if key else None
        user = makers.user(role, unit, username=f"bench-{role}-{time.time_ns()}")
        return sign_in(FlaskClient(app, app.response_class, use_cookies=True), user)


def timed(client: FlaskClient, url: str) -> tuple[float, float, int]:
    took, worked = [], []
    for _each in range(8):
        began, busy = time.perf_counter(), time.process_time()
        answer = Context().run(client.get, url)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        assert answer.status_code in (200, 403, 404), (url, answer.status_code)
    return median(took[1:]), median(worked[1:]), len(answer.data)


def next_page(client: FlaskClient) -> str:
    html = Context().run(client.get, "/people").get_data(as_text=True)
    return html.split("after=", 1)[1].split('"', 1)[0] if "after=" in html else ""


def measure(app: Flask, engine: str, people: int) -> bool:
    good = True
    for who, (role, key) in USERS.items():
        client = browser(app, role, key)
        after = next_page(client)
        for name, url in PAGES.items():
            took, worked, size = timed(client, url.format(after=after))
            good &= took <= GOAL_MS
            verdict = "" if took <= GOAL_MS else "  OVER"
            print(
                f"{engine:10} {people:7,} {who:8} {name:31} {took:7.1f} ms  goal {GOAL_MS} ms"
                f"  own CPU {worked:5.1f} ms  {size / 1024:5.1f} KB{verdict}",
                flush=True,
            )
    return good


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    print(f"The best peer: {PEER}.")
    good = True
    for people in sizes:
        for engine in ("sqlite", "postgresql"):
            with ground.built(engine, people) as app:
                add_sessions(app, people)
                good &= measure(app, engine, people)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
