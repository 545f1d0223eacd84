"""Data packages for tests: small ones by hand, and random small histories for coverage to count.

A package here is a dict: file name without ``.csv`` to rows, each a dict of column to text.
"""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

Rows = list[dict[str, str]]
Files = dict[str, Rows]

FIRST, LAST = date(2023, 1, 1), date(2027, 1, 1)
KNOWN_FROM = datetime(2023, 1, 1)  # noqa: DTZ001  (written with a Z)
COURSES = ("c1", "c2", "c3")
GROUPS = ("g1", "g2")


def write_package(folder: Path, files: Mapping[str, Sequence[Mapping[str, str]]]) -> Path:
    """Write the package's CSV files; the header is every column some row has."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        header = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def read_files(folder: Path) -> Files:
    """The package in a folder, as ``write_package`` takes it."""
    files: Files = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            files[path.stem] = list(csv.DictReader(file))
    return files


def small_package() -> Files:
    """Two units under a third, one person trained, everything spelt out once."""
    return {
        "units": [
            {"unit": "u0", "name": "Tỉnh A", "tier": "province", "kind": "area"},
            {"unit": "u1", "name": "Sở B", "tier": "province", "kind": "state"},
            {"unit": "u2", "name": "Xã C", "tier": "commune", "kind": "area"},
        ],
        "unit_parents": [{"unit": "u1", "parent": "u0"}, {"unit": "u2", "parent": "u0"}],
        "groups": [{"group": "g1", "name": "Nhóm 1"}],
        "people": [
            {"person": "p1", "full_name": "Nguyễn Thị Hòa", "gender": "female"},
            {"person": "p2", "full_name": "Trần Văn Đức", "gender": "male"},
        ],
        "memberships": [
            {"person": "p1", "group": "g1", "unit": "u1", "valid_from": "2024-01-01"},
            {"person": "p2", "group": "g1", "unit": "u2", "valid_from": "2024-01-01"},
        ],
        "courses": [{"course": "c1", "name": "Tập huấn", "validity_months": "12"}],
        "programmes": [{"programme": "pr1", "title": "Kế hoạch", "authority_unit": "u0"}],
        "targets": [{"programme": "pr1", "group": "g1", "percent": "100", "origin": "stated"}],
        "requirements": [{"programme": "pr1", "group": "g1", "item": "i1", "course": "c1"}],
        "completions": [{"person": "p1", "course": "c1", "completed_on": "2024-02-29"}],
    }


class RandomPackage:
    """A random small history: units that merge and move, people who join, train, leave, return."""

    def __init__(self, seed: int, people: int = 12) -> None:
        self.random, self.people = Random(seed), people
        self.files: Files = {}
        self.lives: dict[str, tuple[date | None, date | None]] = {}

    def build(self) -> Files:
        """The whole package."""
        self._units()
        self.files["groups"] = [{"group": key, "name": f"Nhóm {key}"} for key in GROUPS]
        self.files["people"] = [
            {"person": f"p{n}", "full_name": f"Nguyễn Văn {n}"} for n in range(self.people)
        ]
        self.files["courses"] = [
            {"course": key, "name": f"Khóa {key}", "validity_months": months}
            for key, months in zip(COURSES, ("", "12", "6"), strict=True)
        ]
        self._memberships()
        self._programmes()
        self._completions()
        self._exemptions()
        self._headcounts()
        return self.files

    def day(self, first: date = FIRST, last: date = LAST) -> date:
        """A random day of ``[first, last)``, often the first of a month."""
        day = first + timedelta(days=self.random.randrange((last - first).days))
        return max(first, day.replace(day=1)) if self.random.random() < 0.5 else day

    def known(self, row: dict[str, str]) -> dict[str, str]:
        """The row with when it was recorded, and now and then retracted."""
        recorded = KNOWN_FROM + timedelta(days=self.random.randrange(1200), hours=1)
        row["recorded_at"] = f"{recorded.isoformat()}Z"
        row["retracted_at"] = ""
        if self.random.random() < 0.1:
            row["retracted_at"] = f"{(recorded + timedelta(days=100)).isoformat()}Z"
        return row

    def _units(self) -> None:
        self.lives = {"u0": (None, None)}
        parents: Rows = []
        for number in range(1, 8):
            key, above = f"u{number}", "u0" if number < 4 else f"u{self.random.randrange(1, 4)}"
            ends = self.day() if number >= 4 and self.random.random() < 0.3 else None
            self.lives[key] = (None, ends)
            moved = self.day() if number >= 4 and self.random.random() < 0.5 else None
            parents.append(_edge(key, above, None, moved))
            if moved is not None:
                parents.append(_edge(key, self.random.choice(("u0", "u1", "u2")), moved, None))
        self.files["units"] = [
            {
                "unit": key,
                "name": f"Đơn vị {key}",
                "tier": self.random.choice(("province", "commune")),
                "kind": "state",
                "valid_to": _text(ends),
            }
            for key, (_starts, ends) in self.lives.items()
        ]
        self.files["unit_parents"] = parents

    def _memberships(self) -> None:
        rows: Rows = []
        for person in range(self.people):
            for group in GROUPS:
                day = self.day(last=date(2025, 1, 1))
                while self.random.random() < 0.75 and day < LAST:
                    ends = self.day(day + timedelta(days=1), LAST + timedelta(days=60))
                    rows += self._membership(f"p{person}", group, day, ends)
                    day = ends + timedelta(days=self.random.choice((0, 0, 1, 40)))
        self.files["memberships"] = rows

    def _membership(self, person: str, group: str, starts: date, ends: date) -> Rows:
        unit = self.random.choice(list(self.lives))
        last = self.lives[unit][1]
        if last is not None and starts >= last:
            return []
        is_open = last is None and ends >= LAST
        row = {"person": person, "group": group, "unit": unit, "valid_from": _text(starts)}
        row["valid_to"] = "" if is_open else _text(min(ends, last) if last else ends)
        return [self.known(row)]

    def _programmes(self) -> None:
        starts = self.random.choice(("", "2024-01-01"))
        self.files["programmes"] = [
            {"programme": "pr", "title": "Kế hoạch", "authority_unit": "u0", "valid_from": starts}
        ]
        self.files["targets"] = [self._target(group) for group in GROUPS]
        rows: Rows = []
        for group in GROUPS:
            for item in ("i1", "i2")[: self.random.randrange(1, 3)]:
                period = {
                    "valid_from": self.random.choice(("", "", "2024-06-01")),
                    "valid_to": self.random.choice(("", "", "2026-06-01")),
                }
                for course in self.random.sample(COURSES, self.random.randrange(1, 3)):
                    bound = self.random.choice(("", "", "2025-01-01"))
                    key = {"programme": "pr", "group": group, "item": item, "course": course}
                    rows.append({**key, **period, "accepts_from": "", "accepts_to": bound})
        self.files["requirements"] = rows

    def _target(self, group: str) -> dict[str, str]:
        percent = self.random.choice(("", "70", "100"))
        return {
            "programme": "pr",
            "group": group,
            "percent": percent,
            "origin": "stated" if percent else "not_stated",
            "scope_unit": self.random.choice(("", "", "u1")),
            "tiers": self.random.choice(("", "", "province", "province commune")),
            "grace_days": self.random.choice(("0", "0", "90")),
            "valid_from": self.random.choice(("", "", "2024-03-01")),
        }

    def _completions(self) -> None:
        rows: Rows = []
        for person in range(self.people):
            for _again in range(self.random.randrange(4)):
                done = self.day()
                row = {"person": f"p{person}", "course": self.random.choice(COURSES)}
                row["completed_on"] = _text(done)
                row["valid_through"] = self.random.choice(("", "", _text(self.day(done))))
                row["revoked_from"] = _text(self.day(done)) if self.random.random() < 0.2 else ""
                row["void"] = "1" if self.random.random() < 0.1 else "0"
                rows.append(self.known({**row, "source": "session"}))
        self.files["completions"] = rows

    def _exemptions(self) -> None:
        rows: Rows = []
        for person in range(self.people):
            if self.random.random() < 0.2:
                starts = self.day()
                row = {"person": f"p{person}", "programme": "pr", "group": GROUPS[0]}
                row["valid_from"] = _text(starts)
                row["valid_to"] = _text(self.day(starts + timedelta(days=1), LAST + timedelta(9)))
                rows.append(self.known({**row, "reason": "nghỉ thai sản", "document_no": "1/QĐ"}))
        self.files["exemptions"] = rows

    def _headcounts(self) -> None:
        rows: Rows = []
        for unit in self.lives:
            for group in GROUPS:
                if self.random.random() < 0.7:
                    row = {"unit": unit, "group": group, "declared": str(self.random.randrange(6))}
                    rows.append({**row, "valid_from": self.random.choice(("", "2024-05-01"))})
        self.files["headcounts"] = [
            {**row, "valid_to": _text(self.lives[row["unit"]][1])}
            for row in rows
            if not self.lives[row["unit"]][1]
            or row["valid_from"] < _text(self.lives[row["unit"]][1])
        ]


def random_package(seed: int, people: int = 12) -> Files:
    """A random small history; the same seed gives the same package."""
    return RandomPackage(seed, people).build()


def _edge(unit: str, parent: str, starts: date | None, ends: date | None) -> dict[str, str]:
    return {"unit": unit, "parent": parent, "valid_from": _text(starts), "valid_to": _text(ends)}


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
