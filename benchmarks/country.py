"""A made-up population of any size over the real units of Viet Nam, for benchmarks.

The units of both eras are real (`benchmarks.land`); on 1 July 2025 everybody's membership ends at
the dissolved unit and begins at its default successor. Ten groups; three programmes with fifteen
targets, one of two verbs, one that counts two tiers only. One person in ten is in two groups, one
in five was transferred; two and a half completions each, some expired, revoked or void; one in a
hundred is exempt; units declare headcounts. The same seed makes the same country.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import text

from benchmarks import land
from benchmarks.bulk import Filling, Values, filling
from benchmarks.land import Land
from benchmarks.person_names import people_names
from hrtrain.core.db import db
from hrtrain.core.text import search_key, sort_key
from hrtrain.coverage.derived.rebuilding import rebuild
from hrtrain.coverage.models import Exemption, Programme, RequirementOption, Target
from hrtrain.people.models import CadreGroup, Headcount, Membership, Person
from hrtrain.training.models import Completion, Course
from hrtrain.training.rules import valid_through

GROUPS, COURSES = 10, 8
FIRST = date(2020, 1, 1)
DAYS = [(FIRST + timedelta(days=n)).isoformat() for n in range(6000)]
REORGANISED = (date(2025, 7, 1) - FIRST).days
LAST_START, LAST_COMPLETION = (date(2026, 7, 28) - FIRST).days, (date(2026, 10, 31) - FIRST).days
COUNTED_ON = {True: (date(2025, 6, 30) - FIRST).days, False: (date(2026, 6, 30) - FIRST).days}
RECORDED = land.RECORDED
LOCAL_PLAN = "2025-79"
"""The province whose own programme is the third."""

GROUP_NAMES = (
    "Cán bộ làm công tác quyền con người",
    "Cán bộ quản lý thông tin, truyền thông",
    "Nhân sự thông tin đối ngoại của cơ quan báo chí",
    "Cán bộ chủ chốt của tổ chức chính trị - xã hội",
    "Báo cáo viên, tuyên truyền viên",
    "Công chức tư pháp - hộ tịch",
    "Công chức văn hóa - xã hội",
    "Cán bộ công an cơ sở",
    "Giáo viên giáo dục công dân",
    "Lãnh đạo ủy ban nhân dân",
)
COURSE_KINDS = ("training",) * 6 + ("briefing", "material")
VALID_MONTHS = (None, None, 36, None, 24, None, 12, None)
# programme, group, percent, grace days, tiers
TARGETS: list[tuple[int, int, int | None, int, str]] = [
    *((1, group, 100, 90 * (group % 2), "") for group in (1, 2, 3)),
    (1, 4, 70, 0, "central province"),
    *((1, group, 60 + 3 * group, 60 * (group % 2), "") for group in (5, 6, 7, 8)),
    (1, 9, None, 0, ""),
    (1, 10, 80, 0, ""),
    *((2, group, 80, 30, "") for group in (1, 5, 9)),
    *((3, group, 90, 0, "") for group in (2, 10)),
]
TWO_VERBS = (1, 1)

PROGRAMME = "id key title document_no authority_unit_id starts_on version"
TARGET = "programme_id group_id percent grace_days tiers origin version"
OPTION = "programme_id group_id item course_id starts_on accepts_to recorded_at"
COURSE = "id key name name_en kind hours validity_months version"
PERSON = (
    "id key full_name sort_key search_key gender birth_date birth_precision position phone email "
    "national_id_hash national_id_last4 access_code version"
)
MEMBERSHIP = "person_id group_id unit_id position starts_on ends_on recorded_at"
COMPLETION = (
    "person_id course_id source completed_on valid_through revoked_from is_void recorded_at "
    "retracted_at"
)
EXEMPTION = (
    "person_id programme_id group_id reason approver document_no starts_on ends_on recorded_at"
)
HEADCOUNT = "unit_id group_id declared starts_on ends_on recorded_at"
POSITIONS = ("Chuyên viên", "Công chức", "Phó Trưởng phòng", "Trưởng phòng", "Phó Chủ tịch")

Stay = tuple[int, int, int | None]


def build(people: int, seed: int = 1) -> None:
    """Fill the empty database of the current application, derived tables included; commits."""
    settled, files = land.settle()
    with filling() as into:
        land.write(into, settled, files)
        _plans(into, settled)
        _population(into, settled, people, seed)
    _in_step()
    _settle()


def _in_step() -> None:
    """Make the derived tables over what was written past the session."""
    rebuild()
    db.session.commit()


def _settle() -> None:
    """The planner's statistics, as PostgreSQL keeps them by itself; SQLite is used without."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _plans(into: Filling, settled: Land) -> None:
    groups = ((n, f"group{n}", name, "") for n, name in enumerate(GROUP_NAMES, 1))
    into.write(CadreGroup, "id key name name_en", groups)
    courses = (
        (n, f"course{n}", f"Khóa {n}", "", kind, 16, months, 1)
        for n, (kind, months) in enumerate(zip(COURSE_KINDS, VALID_MONTHS, strict=True), 1)
    )
    into.write(Course, COURSE, courses)
    nation, province = settled.ids[land.ROOT], settled.ids[LOCAL_PLAN]
    programmes = [
        (1, "plan1", "Đề án truyền thông về quyền con người", "1079/QĐ-TTg", nation, DAYS[0], 1),
        (2, "plan2", "Kế hoạch bồi dưỡng cán bộ", "12/KH-BTP", nation, "2023-01-01", 1),
        (3, "plan3", "Kế hoạch của thành phố", "45/KH-UBND", province, "2025-07-01", 1),
    ]
    into.write(Programme, PROGRAMME, programmes)
    targets = ((*row, "stated" if row[2] else "not_stated", 1) for row in TARGETS)
    into.write(Target, TARGET, targets)
    into.write(RequirementOption, OPTION, _requirements())


def _requirements() -> Iterator[Values]:
    """One item of two alternative courses, the older one accepted until 2025; or two verbs."""
    for programme, group, *_rest in TARGETS:
        first = 1 + (programme + group) % 6
        yield programme, group, "tap_huan", first, None, None, RECORDED
        until = "2025-01-01" if group % 4 == 0 else None
        yield programme, group, "tap_huan", 1 + first % 6, None, until, RECORDED
        if (programme, group) == TWO_VERBS:
            yield programme, group, "cap_nhat", 7, "2024-01-01", None, RECORDED
            yield programme, group, "cap_nhat", 8, "2024-01-01", None, RECORDED


def _population(into: Filling, settled: Land, people: int, seed: int) -> None:
    named: Counter[tuple[int, int]] = Counter()
    into.write(Person, PERSON, _people(_dice(seed, 1), people))
    into.write(Membership, MEMBERSHIP, _memberships(_dice(seed, 2), settled, people, named))
    into.write(Completion, COMPLETION, _completions(_dice(seed, 3), people))
    into.write(Exemption, EXEMPTION, _exemptions(_dice(seed, 4), people))
    into.write(Headcount, HEADCOUNT, _headcounts(_dice(seed, 5), settled, named))


def _dice(seed: int, part: int) -> random.Random:
    return random.Random(seed * 100 + part)


def _people(dice: random.Random, people: int) -> Iterator[Values]:
    keys: dict[str, tuple[str, str]] = {}
    for n, (name, gender) in zip(range(1, people + 1), people_names(dice), strict=False):
        if name not in keys:
            keys[name] = sort_key(name), search_key(name)
        sorting, searching = keys[name]
        born = date(1962, 1, 1) + timedelta(days=dice.randrange(14_000))
        yield (n, f"p{n:07}", name, sorting, searching, gender, born.isoformat(), "day",
               POSITIONS[n % 5], f"09{n:08}", "", sha256(b"%d" % n).hexdigest(),
               f"{n * 7919 % 10000:04}", f"code{n:07}", 1)  # fmt: skip


def group_of(person: int) -> int:
    """The person's first group."""
    return 1 + person % GROUPS


def _memberships(
    dice: random.Random, settled: Land, people: int, named: Counter[tuple[int, int]]
) -> Iterator[Values]:
    for n in range(1, people + 1):
        place = settled.place(dice)
        stays = _stays(dice, settled, place, dice.randrange(LAST_START))
        in_groups = {group_of(n): stays}
        if dice.random() < 0.1:
            if dice.random() < 0.005:
                stays = _stays(dice, settled, settled.place(dice), dice.randrange(LAST_START))
            in_groups[1 + (n + dice.randrange(1, GROUPS)) % GROUPS] = stays
        for group, stays in in_groups.items():
            for unit, first, end in stays:
                _count(named, unit, group, first, end)
                yield (n, group, unit, POSITIONS[n % 5], DAYS[first],
                       None if end is None else DAYS[end], _recorded(first))  # fmt: skip


def _recorded(day: int) -> str:
    return f"{DAYS[min(day, LAST_COMPLETION)]} 02:00:00.000000"


def _count(
    named: Counter[tuple[int, int]], unit: int, group: int, first: int, end: int | None
) -> None:
    """How many members a unit will have named when it declares its headcounts, in its era."""
    day = COUNTED_ON[end == REORGANISED or (end is not None and end < REORGANISED)]
    if first <= day and (end is None or day < end):
        named[unit, group] += 1


def _stays(dice: random.Random, settled: Land, place: int, first: int) -> list[Stay]:
    """Where somebody is from the first day on: perhaps transferred, perhaps leaving one day."""
    stays: list[Stay] = []
    end: int | None = None
    if dice.random() < 0.2:
        moved = first + dice.randrange(30, 900)
        stays += _both_eras(settled, place, first, moved)
        place, first = settled.neighbour(dice, place), moved
    if dice.random() < 0.06:
        end = first + dice.randrange(100, 1500)
    return stays + _both_eras(settled, place, first, end)


def _both_eras(settled: Land, place: int, first: int, end: int | None) -> list[Stay]:
    """The stay at a unit of the old era, going on at its successor after the reorganisation."""
    successor = settled.becomes.get(place)
    if successor is None or (end is not None and end <= REORGANISED):
        return [(place, first, end)]
    if first >= REORGANISED:
        return [(successor, first, end)]
    return [(place, first, REORGANISED), (successor, REORGANISED, end)]


def _completions(dice: random.Random, people: int) -> Iterator[Values]:
    through = [[valid_through(FIRST + timedelta(days=day), months) for months in VALID_MONTHS]
               for day in range(LAST_COMPLETION)]  # fmt: skip
    for n in range(1, people + 1):
        for _each in range(dice.choice((0, 1, 2, 2, 3, 3, 4, 5))):
            course, day = dice.randrange(1, COURSES + 1), dice.randrange(60, LAST_COMPLETION)
            last = through[day][course - 1]
            row = (n, course, "session", DAYS[day], last and last.isoformat())
            fate, known = dice.random(), _recorded(day + 5)
            if fate > 0.015:
                yield *row, None, 0, known, None
            else:
                later = day + 200
                yield *row, None, 0, known, _recorded(later)
                revoked = DAYS[later] if fate > 0.005 else None
                yield *row, revoked, int(revoked is None), _recorded(later), None


def _exemptions(dice: random.Random, people: int) -> Iterator[Values]:
    for n in range(1, people + 1):
        if dice.random() < 0.01:
            first = dice.randrange(1500, LAST_COMPLETION)
            end = DAYS[first + 365] if n % 2 else None
            yield (n, 1, group_of(n), "Nghỉ theo chế độ", "Giám đốc Sở", f"{n}/QĐ-SNV",
                   DAYS[first], end, _recorded(first))  # fmt: skip


def _headcounts(
    dice: random.Random, settled: Land, named: Counter[tuple[int, int]]
) -> Iterator[Values]:
    """Most units that have members declare, some more than they named; so do a few empty ones."""
    declared = {
        place: count + dice.choice((0, 0, 0, 1, 2))
        for place, count in sorted(named.items())
        if dice.random() < 0.85
    }
    units = sorted(settled.ids.values())
    for _each in range(len(named) // 50):
        declared.setdefault((dice.choice(units), dice.randrange(1, GROUPS + 1)), 2)
    for (unit, group), count in declared.items():
        dissolved = unit in settled.becomes
        first = "2023-01-01" if dissolved or unit == settled.ids[land.ROOT] else "2025-07-01"
        last = "2025-07-01" if dissolved else None
        yield unit, group, count, first, last, f"{first} 02:00:00.000000"
