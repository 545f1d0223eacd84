"""Loads a random data package of 100,000 people over the real units; prints rows/s and memory.

    .venv/bin/python benchmarks/data_package.py [people]

On SQLite, and on PostgreSQL too when TEST_DATABASE_URL or the test binaries give one. Each load
runs in a process of its own, so that its peak memory is its own.
"""

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hrtrain.exchange.real_units import all_provinces, unit_rows  # noqa: E402
from tests import postgres  # noqa: E402
from tests.makers.packages import write_package  # noqa: E402

GOAL_ROWS, GOAL_MEMORY = 20_000, 400
FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Huỳnh",
    "Hoàng",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
]
MIDDLE = ["Văn", "Thị", "Hữu", "Đức", "Ngọc", "Minh", "Thanh", "Quốc", "Thu", "Kim"]
GIVEN = [
    "An",
    "Ánh",
    "Bình",
    "Châu",
    "Dũng",
    "Đào",
    "Đạt",
    "Giang",
    "Hà",
    "Hòa",
    "Hùng",
    "Khánh",
    "Lan",
    "Linh",
    "Mai",
    "Nam",
    "Phúc",
]
GROUPS = ("hr_officer", "ic_manager", "press_external_info", "spo_key_official")


def write_random(folder: Path, people: int) -> int:
    """A random package; gives its count of rows."""
    random = Random(1)
    files = unit_rows(all_provinces())
    files["groups"] = [{"group": key, "name": key} for key in GROUPS]
    files["courses"] = [
        {"course": "c1", "name": "Tập huấn", "kind": "training", "validity_months": "24"},
        {"course": "c2", "name": "Cập nhật", "kind": "briefing", "validity_months": ""},
    ]
    write_package(folder, files)
    units = [r["unit"] for r in files["units"] if r["tier"] == "commune" and not r["valid_to"]]
    count = sum(map(len, files.values()))
    count += _write(folder, "people", _people(random, people))
    count += _write(folder, "memberships", _memberships(random, people, units))
    return count + _write(folder, "completions", _completions(random, people))


def _write(folder: Path, name: str, rows: Iterator[tuple[str, ...]]) -> int:
    count = -1
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _people(random: Random, people: int) -> Iterator[tuple[str, ...]]:
    yield "person", "full_name", "gender", "birth_date", "position", "phone", "national_id"
    for number in range(people):
        name = " ".join(random.choice(words) for words in (FAMILY, MIDDLE, GIVEN))
        birth = date(1965, 1, 1) + timedelta(days=random.randrange(12_000))
        yield (f"p{number:06}", name, random.choice(("male", "female")), birth.isoformat(),
               "Chuyên viên", f"09{number:08}", f"{random.randrange(10**12):012}")  # fmt: skip


def _memberships(random: Random, people: int, units: list[str]) -> Iterator[tuple[str, ...]]:
    yield "person", "group", "unit", "position", "valid_from", "valid_to"
    for number in range(people):
        person, group = f"p{number:06}", random.choice(GROUPS)
        moves = random.random() < 0.3
        ends = "2026-03-01" if moves else ""
        yield person, group, random.choice(units), "Chuyên viên", "2025-07-01", ends
        if moves:
            yield person, group, random.choice(units), "Phó Trưởng phòng", ends, ""


def _completions(random: Random, people: int) -> Iterator[tuple[str, ...]]:
    yield "person", "course", "completed_on", "source"
    for number in range(people):
        for _again in range(random.choice((1, 1, 2, 2))):
            done = date(2024, 1, 1) + timedelta(days=random.randrange(1000))
            yield f"p{number:06}", random.choice(("c1", "c2")), done.isoformat(), "session"


def measure(url: str, folder: Path, package: Path, rows: int, name: str) -> None:
    """Migrate and load in a fresh process each, and print what the load took."""
    settings = {"DATABASE_URL": url, "HRTRAIN_DATA_DIR": str(folder), "SECRET_KEY": "benchmark"}
    environ = {**os.environ, **settings}
    flask = [str(ROOT / ".venv/bin/python"), "-m", "flask"]
    subprocess.run(
        [*flask, "db", "upgrade"], cwd=ROOT, env=environ, check=True, capture_output=True
    )
    before, used, started = _peak(), _processor(), time.perf_counter()
    subprocess.run([*flask, "data", "import", str(package)], cwd=ROOT, env=environ, check=True)
    took = time.perf_counter() - started
    busy = _processor() - used
    speed = f"{rows:,} rows in {took:.1f} s = {rows / took:,.0f} rows/s (goal {GOAL_ROWS:,})"
    # On a machine that does other things the processor's time says more than the clock.
    print(f"{name}: {speed}; {busy:.1f} s of processor = {rows / busy:,.0f} rows/s;")
    print(f"    peak {max(_peak(), before):.0f} MB (goal < {GOAL_MEMORY})")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure on both engines."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rows = write_random(folder / "package", people)
        (folder / "sqlite").mkdir()
        measure(f"sqlite:///{folder}/sqlite/x.sqlite3", folder / "sqlite", folder / "package",
                rows, "SQLite")  # fmt: skip
        url = stack.enter_context(postgres.fresh_database("hrtrain_benchmark"))
        measure(url, folder / "postgresql", folder / "package", rows, "PostgreSQL")


if __name__ == "__main__":
    main()
