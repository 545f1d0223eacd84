"""The real reorganisation of 2025 and 2026 over 50,000 people: time, memory, nobody lost.

    .venv/bin/python -m benchmarks.reorganisation [people] [--sqlite | --postgresql]

Loads the 63 provinces, 696 districts and 10,035 communes as they were, with lives nobody has
ended yet, and the 3,355 units to come; applies the plan of 1 July 2025 (10,665 successions) and
the renames of 30 April 2026 by `flask reorganise`'s own actions; asks that nobody is lost or there
twice and that the report of 30 June 2025 is the same text; undoes both. Each engine has a process
of its own, so that its peak memory is its own.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select

from benchmarks.ground import ENGINES, folder_of_run
from hrtrain.core.db import db
from hrtrain.coverage.queries import Question, standings
from hrtrain.exchange.importing import import_package
from hrtrain.exchange.real_units import all_provinces, unit_rows
from hrtrain.people.models import Membership
from hrtrain.reorganising.actions.applying import apply
from hrtrain.reorganising.actions.drafting import Heading, draft
from hrtrain.reorganising.actions.undoing import undo
from hrtrain.reorganising.models import Choice, Reorganisation
from hrtrain.reorganising.reading import read_plan
from hrtrain.reorganising.rules import Entry
from hrtrain.units.queries import search_units, unit_of_text
from hrtrain.units.scope import Scope
from tests import postgres
from tests.conftest import build_app
from tests.makers.packages import Files, write_package
from tests.makers.reorganised import plan_file

ON, RENAMED = date(2025, 7, 1), date(2026, 4, 30)
BEFORE = date(2025, 6, 30)
GROUPS = ("g1", "g2", "g3")
EVERYTHING = Scope(everything=True)
GOAL_SECONDS, GOAL_MEMORY = 60.0, 1000.0


def main() -> None:
    """Run each engine in a process of its own."""
    words = sys.argv[1:]
    people = next((int(word) for word in words if word.isdigit()), 50_000)
    engines = [name for name in ENGINES if f"--{name}" in words] or list(ENGINES)
    if "--here" in words:
        run(engines[0], people)
        return
    for engine in engines:
        command = [sys.executable, "-m", "benchmarks.reorganisation", str(people)]
        subprocess.run([*command, f"--{engine}", "--here"], check=True)


def run(engine: str, people: int) -> None:
    """Load, reorganise, check, undo on one engine; print the figures."""
    print(f"\n{engine}: {people:,} people in 63 provinces, 696 districts, 10,035 communes")
    with folder_of_run() as folder, ExitStack() as stack:
        url = f"sqlite:///{folder / 'hrtrain.sqlite3'}"
        if engine == "postgresql":
            url = stack.enter_context(postgres.fresh_database("hrtrain_reorganisation"))
        app = build_app(url, folder)
        with app.app_context():
            load(folder, people)
            reorganise()
            db.session.remove()
            db.engine.dispose()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tell("peak memory of the process, MB", memory, GOAL_MEMORY)


def load(folder: Path, people: int) -> None:
    """The country as it was, by a data package."""
    files = _units()
    files |= _plans() | _people(files, people)
    path = write_package(folder / "package", files)
    timed("data package loaded, s", lambda: import_package(path, secret_key="benchmark"))


def reorganise() -> None:
    """The plan and the renames, each as one act, and both taken back."""
    before, everybody = report(), members(BEFORE)
    successions, renames = plan(plan_of_2025(), ON), plan(plan_of_2026(), RENAMED)
    key = timed("1 July 2025 applied, s", lambda: done("r-2025", ON, successions), GOAL_SECONDS)
    timed("30 April 2026 applied, s", lambda: done("r-2026", RENAMED, renames))
    print(f"  {json.dumps(key.details['counts'])}")
    assert report() == before, "the report of 30 June 2025 changed"
    assert members(ON) == members(RENAMED) == everybody, "somebody was lost, or is there twice"
    country = [figures(day) for day in (BEFORE, ON)]
    assert country[0] == country[1], country
    check_eras()
    waiting = db.session.scalar(select(func.count()).select_from(Choice))
    print(
        f"  nobody lost, nobody twice; the report of 30 June is the same; {waiting:,} to decide on"
    )
    timed("both undone, s", taken_back, GOAL_SECONDS)
    assert report() == before
    assert members(BEFORE) == members(ON) == everybody


def check_eras() -> None:
    """Codes and names name other units before and after."""
    for code, then, now in (
        ("06712", "Phường Trần Phú", "Phường Móng Cái 1"),
        ("80", "Tỉnh Long An", "Tỉnh Tây Ninh"),
    ):
        units = [unit_of_text(code, day, EVERYTHING) for day in (BEFORE, ON)]
        assert [unit.name if unit else "" for unit in units] == [then, now]
    first = [search_units("Móng Cái", day, EVERYTHING, 10)[0].name for day in (BEFORE, ON)]
    assert first == ["Thành phố Móng Cái", "Phường Móng Cái 1"]
    after = unit_of_text("2025-75", RENAMED, EVERYTHING)
    assert after is not None
    assert after.name == "Thành phố Đồng Nai"


def plan(content: bytes, on: date) -> list[Entry]:
    """The entries of a file."""
    entries, faults = read_plan(content, on)
    assert not faults, faults[:3]
    return entries


def done(key: str, on: date, entries: list[Entry]) -> Any:
    """Do the plan and commit, derived tables included."""
    act = apply(draft(key, Heading(key, key, on), entries, by=None), by=None)
    assert act is not None
    db.session.commit()
    return act


def taken_back() -> None:
    """Undo both, the later first."""
    for act in reversed(db.session.scalars(select(Reorganisation)).all()):
        undo(act, by=None)
        db.session.commit()


def report() -> str:
    """What `flask coverage --json` says of 30 June 2025, by province."""
    rows = standings(Question("plan", BEFORE, by="unit"))
    return repr(rows)


def figures(day: date) -> list[tuple[int, ...]]:
    """The whole country on a day."""
    rows = standings(Question("plan", day))
    return [(r.in_scope, r.exempt, r.in_grace, r.trained, r.untrained) for r in rows]


def members(day: date) -> int:
    """How many people are in groups on the day, each in one unit a group."""
    held = select(func.count(), func.count(Membership.person_id.distinct())).where(
        Membership.retracted_at.is_(None),
        Membership.starts_on <= day,
        (Membership.ends_on.is_(None)) | (Membership.ends_on > day),
    )
    memberships, people = db.session.execute(held).one()
    assert memberships == people, (memberships, people)
    return int(people)


def plan_of_2025() -> bytes:
    """The shipped successions, as a file."""
    rows = unit_rows(all_provinces())["unit_successions"]
    return plan_file([(r["predecessor"], r["successor"], int(r["is_default"])) for r in rows], ON)


def plan_of_2026() -> bytes:
    """The shipped renames, as a file."""
    rows = unit_rows(all_provinces())["unit_names"]
    lines = [f"{r['unit']},{r['valid_from']},{r['name']}" for r in rows]
    return "\n".join(["key,effective_on,name", *lines]).encode()


def _units() -> Files:
    """Both eras; the old one has not ended yet, and nobody has been renamed."""
    files: Files = dict(unit_rows(all_provinces(), root="vn"))
    files["unit_successions"], files["unit_names"] = [], []
    for name in ("units", "unit_codes", "unit_parents"):
        files[name] = [
            {**row, "valid_to": ""} if row["unit"].startswith("2024-") else row
            for row in files[name]
        ]
    root = {"unit": "vn", "name": "Cả nước", "tier": "central", "kind": "area"}
    files["units"].insert(0, root)
    return files


def _plans() -> Files:
    return {
        "groups": [{"group": group, "name": group} for group in GROUPS],
        "courses": [{"course": "c1", "name": "Tập huấn", "validity_months": "36"}],
        "programmes": [{"programme": "plan", "title": "Kế hoạch", "authority_unit": "vn"}],
        "targets": [
            {"programme": "plan", "group": group, "percent": "70", "grace_days": "90"}
            for group in GROUPS
        ],
        "requirements": [
            {"programme": "plan", "group": group, "item": "i", "course": "c1"} for group in GROUPS
        ],
    }


def _people(files: Files, count: int) -> Files:
    """Spread over all old units; two in three trained, one unit in four declares."""
    random = Random(1)
    old = [row["unit"] for row in files["units"] if row["unit"].startswith("2024-")]
    made: Files = {"people": [], "memberships": [], "completions": [], "headcounts": []}
    for number, unit in zip(range(count), cycle(old), strict=False):
        person, day = f"p{number}", date(2021 + number % 5, 1 + number % 6, 1)
        made["people"].append({"person": person, "full_name": f"Nguyễn Văn {number}"})
        made["memberships"].append(
            {"person": person, "group": GROUPS[number % 3], "unit": unit,
             "position": "Công chức", "valid_from": day.isoformat()}
        )  # fmt: skip
        if random.random() < 2 / 3:
            done_on = date(2023 + number % 3, 1 + number % 5, 1 + number % 28)
            made["completions"].append(
                {"person": person, "course": "c1", "completed_on": done_on.isoformat()}
            )
    made["headcounts"] = [
        {"unit": unit, "group": GROUPS[number % 3], "declared": "4"}
        for number, unit in enumerate(old)
        if number % 4 == 0
    ]
    return made


def timed(name: str, act: Callable[[], Any], goal: float | None = None) -> Any:
    """Do it, commit, and tell how long it took."""
    began = time.perf_counter()
    result = act()
    db.session.commit()
    tell(name, time.perf_counter() - began, goal)
    return result


def tell(name: str, figure: float, goal: float | None = None) -> None:
    """A figure with its goal."""
    verdict = "" if goal is None else f"  goal ≤ {goal:g}  {'ok' if figure <= goal else 'OVER'}"
    print(f"  {name:40} {figure:10,.2f}{verdict}", flush=True)


if __name__ == "__main__":
    main()
