"""Quảng Ninh before and after 1 July 2025 with people in it, and its plan as a file."""

import csv
from collections.abc import Sequence
from datetime import date
from io import StringIO
from pathlib import Path

from hrtrain.core.db import db
from hrtrain.exchange.importing import import_package
from hrtrain.exchange.real_units import unit_rows
from tests.makers.packages import Files, Rows, write_package

ON = date(2025, 7, 1)
BEFORE = date(2025, 6, 30)
OLD, NEW = "2024-22", "2025-22"
MONG_CAI = "2024-22-194"
TRAN_PHU = "2024-22-194-06712"
OF_OLD, OF_NEW = ("2024-22",), ("2025-22",)


def plan_file(rows: Sequence[tuple[str, str, int]], on: date = ON) -> bytes:
    """A file with the columns of successions.csv."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["predecessor_key", "successor_key", "effective_on", "is_default"])
    writer.writerows((old, new, on.isoformat(), default) for old, new, default in rows)
    return text.getvalue().encode()


def successions() -> list[tuple[str, str, int]]:
    """Those of the province that the product ships, in their order."""
    rows = unit_rows([OLD, NEW])["unit_successions"]
    return [(r["predecessor"], r["successor"], int(r["is_default"])) for r in rows]


def load_province(folder: Path, *, with_open_lives: bool) -> None:
    """Load the province with two people a commune, one of them trained, and some above.

    With open lives nobody has said yet that the old units end and what becomes of them.
    """
    files = _units(with_open_lives=with_open_lives)
    old = [row for row in files["units"] if row["unit"].startswith(OLD)]
    files |= _plan() | _people(old, with_open_lives=with_open_lives)
    import_package(write_package(folder / "province", files), secret_key="only for tests")
    db.session.commit()


def _units(*, with_open_lives: bool) -> Files:
    files: Files = dict(unit_rows([OLD, NEW], root="vn"))
    files["units"].insert(0, {"unit": "vn", "name": "Cả nước", "tier": "central", "kind": "area"})
    # Every row is a copy: what is shipped is read once and kept.
    files["unit_successions"] = []
    if with_open_lives:
        for name in ("units", "unit_codes", "unit_parents"):
            files[name] = [
                {**row, "valid_to": ""} if row["unit"].startswith(OLD) else row
                for row in files[name]
            ]
    return files


def _plan() -> Files:
    return {
        "groups": [{"group": "g1", "name": "Nhóm 1"}, {"group": "g2", "name": "Nhóm 2"}],
        "courses": [{"course": "c1", "name": "Tập huấn"}],
        "programmes": [{"programme": "plan", "title": "Kế hoạch", "authority_unit": "vn"}],
        "targets": [
            {"programme": "plan", "group": group, "percent": "70", "grace_days": "90"}
            for group in ("g1", "g2")
        ],
        "requirements": [
            {"programme": "plan", "group": group, "item": "i", "course": "c1"}
            for group in ("g1", "g2")
        ],
    }


def _people(units: Rows, *, with_open_lives: bool) -> Files:
    files: Files = {"people": [], "memberships": [], "completions": [], "headcounts": []}
    until = "" if with_open_lives else ON.isoformat()
    for number, unit in enumerate(units):
        for place, group in enumerate(("g1", "g1", "g2")[: 2 + number % 2]):
            person = f"{unit['unit']}-{place}"
            files["people"].append({"person": person, "full_name": f"Người {number} {place}"})
            files["memberships"].append(
                {
                    "person": person,
                    "group": group,
                    "unit": unit["unit"],
                    "position": "Công chức",
                    "valid_from": "2025-05-01" if number % 3 else "2020-01-01",
                    "valid_to": until,
                }
            )
        files["completions"].append(
            {"person": f"{unit['unit']}-0", "course": "c1", "completed_on": "2024-03-01"}
        )
        if number % 5 == 0:
            files["headcounts"].append(
                {"unit": unit["unit"], "group": "g1", "declared": "4", "valid_to": until}
            )
    return files
