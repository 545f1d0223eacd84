"""The pages of coverage at 10,000 and 100,000 people: server time, size, and how cost grows.

    .venv/bin/python -m benchmarks.dashboard [PEOPLE ...]

Each size is built in a folder of its own that is deleted at the end. Times are of the whole
request in-process (routing, permission, queries, template), the best of three after a first.
DATABASE_URL, if set, is not used: the figures are SQLite's, the default engine.
"""

import sys
import tempfile
import time
from pathlib import Path

import flask_migrate
from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks import country
from hrtrain.accounts.models import Grant, User
from hrtrain.core.config import read_settings
from hrtrain.core.db import db
from hrtrain.factory import create_app
from tests.cast import sign_in

GOAL_MS = 1500
PAGES = {
    "dashboard": "/",
    "dashboard of a province": "/?unit=2025-79",
    "by unit": "/coverage/plan1?group=group1",
    "trend, 12 months": "/coverage/plan1/trend?group=group1",
    "names behind, first page": "/coverage/plan1/people?group=group1&state=untrained",
}


def measure(people: int) -> dict[str, float]:
    """The best time of each page in milliseconds at this size."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_settings({"HRTRAIN_DATA_DIR": folder}), {"TESTING": True})
        with app.app_context():
            flask_migrate.upgrade()
            country.build(people)
            client = sign_in(app.test_client(), _leader())
            return {name: _best(client, name, path) for name, path in PAGES.items()}


def _leader() -> User:
    user = User(username="leader", full_name="Leader")
    user.grants.append(Grant(role="leadership"))
    db.session.add(user)
    db.session.commit()
    return user


def _best(client: FlaskClient, name: str, path: str) -> float:
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    answer = client.get(path)
    assert answer.status_code == 200, (name, answer.status_code)
    count, times = len(statements), []
    for _each in range(3):
        began = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - began) * 1000)
    size = len(answer.get_data()) / 1024
    print(f"  {name:28} {min(times):8.0f} ms   {count:3} statements   {size:6.0f} KiB", flush=True)
    return min(times)


def main() -> None:
    """Measure each size and print the growth from the one before."""
    sizes = [int(text) for text in sys.argv[1:]] or [10_000, 100_000]
    before: dict[str, float] = {}
    for people in sizes:
        print(f"{people:,} people, {Path(__file__).stem} (goal: dashboard ≤ {GOAL_MS} ms)")
        now = measure(people)
        for name in before:
            print(f"  {name:28} grew {now[name] / before[name]:.1f} times")
        before = now


if __name__ == "__main__":
    main()
