"""A made-up country of any size, written straight into the tables, for benchmarks.

34 provinces share the communes; every person is in one group (a tenth in two); two in three hold
completions of the courses that two programmes ask for. The same seed makes the same country.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text

from hrtrain.core.db import Base, db
from hrtrain.core.text import search_key, sort_key
from hrtrain.coverage.models import Exemption, Programme, RequirementOption, Target
from hrtrain.people.models import CadreGroup, Headcount, Membership, Person
from hrtrain.training.models import Completion, Course
from hrtrain.units.models import Unit, UnitName, UnitParent

PROVINCES, GROUPS, COURSES = 34, 6, 5
RECORDED = datetime(2024, 1, 1, tzinfo=UTC)
FIRST = date(2020, 1, 1)
FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi"]
MIDDLE = ["Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quốc", "Xuân", "Thu", "Kim"]
GIVEN = ["An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Hương", "Lan", "Mai", "Nam", "Phúc", "Sơn"]

Row = dict[str, Any]


def build(people: int, communes: int = 3321, seed: int = 1) -> None:
    """Fill the empty database of the current application; commits."""
    dice = random.Random(seed)
    communes = min(communes, max(34, people // 10))
    _plan()
    _units(communes)
    _insert(Person, _people(dice, people))
    _insert(Membership, _memberships(dice, people, communes))
    _insert(Completion, _completions(dice, people))
    _insert(Exemption, _exemptions(people))
    _insert(Headcount, _headcounts(people, communes))
    _settle()


def _insert(model: type[Base], rows: Iterator[Row]) -> None:
    while batch := list(islice(rows, 5000)):
        db.session.execute(insert(model.__table__), batch)
    db.session.commit()


def _settle() -> None:
    """The planner's statistics, as PostgreSQL keeps them by itself; SQLite is used without."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _plan() -> None:
    _insert(CadreGroup, iter([_group(n) for n in range(1, GROUPS + 1)]))
    _insert(Course, iter([_course(n) for n in range(1, COURSES + 1)]))
    _insert(Unit, iter([_unit(1, "Cả nước", "central")]))
    programmes = [
        {"id": n, "key": f"plan{n}", "title": f"Kế hoạch {n}", "document_no": "", "version": 1,
         "authority_unit_id": 1, "starts_on": FIRST}
        for n in (1, 2)
    ]  # fmt: skip
    _insert(Programme, iter(programmes))
    _insert(Target, _targets())
    _insert(RequirementOption, _requirements())


def _group(number: int) -> Row:
    return {"id": number, "key": f"group{number}", "name": f"Nhóm {number}", "name_en": ""}


def _course(number: int) -> Row:
    return {"id": number, "key": f"course{number}", "name": f"Khóa {number}", "name_en": "",
            "kind": "training", "hours": 16, "version": 1}  # fmt: skip


def _unit(number: int, name: str, tier: str) -> Row:
    return {"id": number, "key": f"unit{number:05}", "tier": tier, "kind": "state", "name": name,
            "short_name": "", "search_key": search_key(name), "version": 1}  # fmt: skip


def _targets() -> Iterator[Row]:
    for programme in (1, 2):
        for group in range(1, GROUPS + 1):
            if programme == 1 or group <= GROUPS // 2:
                yield {"programme_id": programme, "group_id": group, "percent": 70 + 10 * programme,
                       "origin": "stated", "tiers": "", "grace_days": 90 * (group % 2),
                       "version": 1}  # fmt: skip


def _requirements() -> Iterator[Row]:
    for programme in (1, 2):
        for group in range(1, GROUPS + 1):
            for item, course in (("a", programme), ("a", 3), ("b", 4))[: 2 + programme % 2]:
                yield {"programme_id": programme, "group_id": group, "item": item,
                       "course_id": course, "recorded_at": RECORDED}  # fmt: skip


def _units(communes: int) -> None:
    provinces = [_unit(1 + n, f"Tỉnh {n}", "province") for n in range(1, PROVINCES + 1)]
    first = 2 + PROVINCES
    below = [_unit(first + n, f"Xã {n}", "commune") for n in range(communes)]
    edges = [(row["id"], 1) for row in provinces]
    edges += [(row["id"], 2 + n % PROVINCES) for n, row in enumerate(below)]
    _insert(Unit, iter(provinces + below))
    names = [
        {"unit_id": row["id"], "name": row["name"], "short_name": "",
         "search_key": row["search_key"], "recorded_at": RECORDED}
        for row in [_unit(1, "Cả nước", "central"), *provinces, *below]
    ]  # fmt: skip
    _insert(UnitName, iter(names))
    parents = ({"unit_id": a, "parent_id": b, "recorded_at": RECORDED} for a, b in edges)
    _insert(UnitParent, parents)


def _people(dice: random.Random, people: int) -> Iterator[Row]:
    for n in range(1, people + 1):
        name = f"{dice.choice(FAMILY)} {dice.choice(MIDDLE)} {dice.choice(GIVEN)}"
        yield {"id": n, "key": f"p{n}", "full_name": name, "sort_key": sort_key(name),
               "search_key": search_key(name), "gender": "", "birth_date": "1985",
               "birth_precision": "year", "position": "Chuyên viên", "phone": "", "email": "",
               "national_id_hash": f"{n:064x}", "national_id_last4": f"{n % 10000:04}",
               "access_code": f"code{n}", "version": 1}  # fmt: skip


def _memberships(dice: random.Random, people: int, communes: int) -> Iterator[Row]:
    for n in range(1, people + 1):
        unit = _home(n, communes)
        start = FIRST + timedelta(days=dice.randrange(2300))
        row = {"person_id": n, "position": "Chuyên viên", "recorded_at": RECORDED}
        groups = [1 + n % GROUPS] + ([1 + (n + 1) % GROUPS] if n % 10 == 0 else [])
        for group in groups:
            moved = start + timedelta(days=dice.randrange(30, 900)) if n % 5 == 0 else None
            yield {**row, "group_id": group, "unit_id": unit, "starts_on": start, "ends_on": moved}
            if moved:
                yield {**row, "group_id": group, "unit_id": _home(n + 7, communes),
                       "starts_on": moved, "ends_on": None}  # fmt: skip


def _home(person: int, communes: int) -> int:
    """Nine in ten at a commune, the others at a province."""
    if person % 10 == 3:
        return 2 + person % PROVINCES
    return 2 + PROVINCES + (person * 7919) % communes


def _completions(dice: random.Random, people: int) -> Iterator[Row]:
    for n in range(1, people + 1):
        for _each in range(dice.choice((0, 0, 1, 2, 3, 4, 5))):
            day = FIRST + timedelta(days=dice.randrange(100, 2500))
            ends = day + timedelta(days=730) if dice.random() < 0.3 else None
            gone = day + timedelta(days=100) if dice.random() < 0.01 else None
            yield {"person_id": n, "course_id": dice.randrange(1, COURSES + 1), "source": "session",
                   "completed_on": day, "valid_through": ends, "revoked_from": gone,
                   "is_void": dice.random() < 0.005, "recorded_at": RECORDED}  # fmt: skip


def _exemptions(people: int) -> Iterator[Row]:
    for n in range(1, people + 1, 100):
        yield {
            "person_id": n,
            "programme_id": 1,
            "group_id": 1 + n % GROUPS,
            "reason": "",
            "document_no": "",
            "starts_on": date(2025, 1, 1),
            "recorded_at": RECORDED,
        }


def _headcounts(people: int, communes: int) -> Iterator[Row]:
    each = max(1, round(people / (communes + PROVINCES) / GROUPS))
    for unit in range(2, 2 + PROVINCES + communes):
        for group in range(1, GROUPS + 1):
            if (unit + group) % 7:
                yield {"unit_id": unit, "group_id": group, "declared": each + unit % 3,
                       "starts_on": FIRST, "recorded_at": RECORDED}  # fmt: skip
