"""A roster checked and imported: 2,000 rows in at most 2 s (the best peer takes 41-45 s).

Run: .venv/bin/python -m benchmarks.roster
Makes its own data and database in a temporary folder and removes them.
"""

import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import flask_migrate
import xlsxwriter
from flask import Flask

from hrtrain.core.config import Settings
from hrtrain.core.db import db
from hrtrain.factory import create_app
from tests import makers

ROOT = Path(__file__).resolve().parents[1]
GOAL_SECONDS = 2.0
PEER_SECONDS = 41.0
NAMES = """\
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Thạch Sơn Triệu Nông
Văn Thị Hữu Đức Minh Ngọc Thanh Quốc Xuân Kim Thùy Công Bá Đình Diễm Trọng
An Ánh Ân Bình Dũng Đào Đạt Giang Hà Hạnh Hòa Hùng Khánh Lan Long Mai Nga Oanh Phúc Yến"""
FAMILIES, MIDDLES, GIVEN = (line.split() for line in NAMES.splitlines())
UNITS = [f"Sở thứ {number}" for number in range(1, 21)]


def roster(path: Path, count: int) -> None:
    chance = random.Random(count)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Danh sách")
        heads = "STT|Họ và tên|Ngày sinh|Giới tính|Chức vụ|Đơn vị công tác|Số điện thoại|Email|CCCD"
        sheet.write_row(0, 0, heads.split("|"))
        for row in range(1, count + 1):
            sheet.write_row(row, 0, person(row, chance))


def person(row: int, chance: random.Random) -> list[object]:
    born = date(1962, 1, 1) + timedelta(days=chance.randrange(14_000))
    is_woman = chance.random() < 0.5
    name = " ".join(chance.choice(part) for part in (FAMILIES, MIDDLES, MIDDLES, GIVEN))
    card = f"080{int(is_woman)}{born:%y}{row:06}"
    sex, phone = "Nữ" if is_woman else "Nam", f"09{row:08}"
    return [
        row,
        name,
        f"{born:%d/%m/%Y}",
        sex,
        "Chuyên viên",
        chance.choice(UNITS),
        phone,
        "",
        card,
    ]


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of the processor, its children included."""

    clock: float
    cpu: float

    def __add__(self, other: "Took") -> "Took":
        return Took(self.clock + other.clock, self.cpu + other.cpu)


def cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def seconds(act: Callable[[], object]) -> Took:
    started, used = time.perf_counter(), cpu_seconds()
    act()
    return Took(time.perf_counter() - started, cpu_seconds() - used)


def flask(app: Flask, *arguments: str) -> None:
    with redirect_stdout(io.StringIO()):
        result = app.test_cli_runner().invoke(args=["roster", *arguments])
    if result.exit_code:
        raise SystemExit(result.output)


def as_process(folder: Path, *arguments: str) -> None:
    environ = {**os.environ, "HRTRAIN_DATA_DIR": str(folder), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "flask", "roster", *arguments]
    subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)


def report(name: str, took: Took, *, goal: float | None = None) -> None:
    aim = f"   goal {goal:.1f} s: {'met' if took.clock <= goal else 'MISSED'}" if goal else ""
    print(f"{name:<52}{took.clock:>8.2f} s (processor {took.cpu:.2f} s){aim}")


def measure(count: int, folder: Path) -> Took:
    app = fresh_app(folder)
    file = folder / f"{count}.xlsx"
    roster(file, count)
    with app.app_context():
        # The first call also compiles what every later one has: a running site has it too.
        flask(app, "check", str(file), "--group", "hr_officer")
        checked = seconds(lambda: flask(app, "check", str(file), "--group", "hr_officer"))
        taken = seconds(lambda: flask(app, "import", str(file), "--group", "hr_officer"))
        again = seconds(lambda: flask(app, "import", str(file), "--group", "hr_officer"))
        db.session.remove()
        db.engine.dispose()
    total = checked + taken
    report(f"{count:,} rows checked", checked)
    report(f"{count:,} rows imported", taken)
    goal = GOAL_SECONDS if count == 2_000 else None
    report(f"{count:,} rows checked and imported", total, goal=goal)
    report(f"{count:,} rows sent again, nothing to do", again)
    return total


def fresh_app(folder: Path) -> Flask:
    folder.mkdir()
    settings = Settings(
        database_url=f"sqlite:///{folder / 'hrtrain.sqlite3'}",
        data_dir=folder,
        secret_key="only for the benchmark",
        base_url="http://127.0.0.1:8000",
        mail_url="",
        proxies=0,
    )
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        makers.group("hr_officer")
        for name in UNITS:
            makers.unit(name=name)
        db.session.commit()
    return app


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        small = measure(2_000, Path(temporary) / "small")
        times = f"{PEER_SECONDS / small.clock:.0f} times as long"
        print(f"{'the best peer, 2,000 rows':<52}{PEER_SECONDS:>8.2f} s   {times}")
        folder = Path(temporary) / "process"
        fresh_app(folder)
        file = folder / "2000.xlsx"
        roster(file, 2_000)
        started = seconds(lambda: as_process(folder, "import", str(file), "--group", "hr_officer"))
        report("2,000 rows imported by a command from its start", started)
        large = measure(10_000, Path(temporary) / "large")
        grown = large.cpu / small.cpu
        print(f"{'five times the rows take':<52}{grown:>8.1f} times the processor's time")


if __name__ == "__main__":
    main()
