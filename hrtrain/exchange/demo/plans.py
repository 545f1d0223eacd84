"""The demo's programmes: the presets as they are, placed in the demo's units, and headcounts."""

from datetime import date
from random import Random

from hrtrain.coverage.presets import Preset, PresetTarget, presets
from hrtrain.exchange.demo import organisations as org
from hrtrain.exchange.demo.clocks import BEFORE_ALL, instant
from hrtrain.exchange.demo.people import HR, PRESS, TODAY, Somebody
from hrtrain.exchange.demo.training import BRIEFING, COURSE, MATERIAL, OUTSIDE

Rows = list[dict[str, str]]
_AUTHORITY = {
    "qd1079": org.PRIME_MINISTER,
    "long_an_2023": "la-ubnd",
    "mong_cai_2023": "mc-ubnd",
    "cao_bang_2018": "cb-ubnd",
    "soc_trang_2024": "st-ubnd",
    "can_tho_2024": "ct-bcd",
}
# Where the plan is carried out today: some of the bodies that issued them are gone.
_SCOPE = {
    "qd1079": org.ROOT,
    "long_an_2023": org.TAY_NINH,
    "mong_cai_2023": org.QUANG_NINH,
    "cao_bang_2018": org.CAO_BANG,
    "soc_trang_2024": org.CAN_THO,
}
_GRACE = {("long_an_2023", HR): "90"}
_COURSES = {"training": (COURSE, OUTSIDE), "briefing": (BRIEFING,), "material": (MATERIAL,)}


def plan_rows() -> dict[str, Rows]:
    """Programmes, groups, targets and requirements."""
    rows: dict[str, Rows] = {"groups": [], "programmes": [], "targets": [], "requirements": []}
    groups: dict[str, dict[str, str]] = {}
    for preset in presets():
        rows["programmes"].append(_programme(preset))
        for target in preset.targets:
            named = {"group": target.group, "name": target.group_name}
            groups[target.group] = {**named, "name_en": target.group_name_en}
            rows["targets"].append(_target(preset, target))
            rows["requirements"] += _requirements(preset, target)
    rows["groups"] = list(groups.values())
    return rows


def _programme(preset: Preset) -> dict[str, str]:
    return {
        "programme": preset.key,
        "title": preset.title,
        "document_no": preset.document_no,
        "issued_on": _text(preset.issued_on),
        "authority_unit": _AUTHORITY[preset.key],
        "valid_from": _text(preset.starts_on),
        "valid_to": _text(preset.ends_on),
    }


def _target(preset: Preset, target: PresetTarget) -> dict[str, str]:
    return {
        "programme": preset.key,
        "group": target.group,
        "percent": "" if target.percent is None else str(target.percent),
        "deadline": _text(target.deadline),
        "origin": target.origin,
        "scope_unit": _SCOPE[preset.key],
        "tiers": " ".join(target.tiers),
        "grace_days": _GRACE.get((preset.key, target.group), "0"),
        "valid_from": "",
    }


def _requirements(preset: Preset, target: PresetTarget) -> Rows:
    rows = [
        _requirement(preset, target, item.name, course)
        for item in target.items
        for course in _COURSES[item.kind]
    ]
    if preset.key == "long_an_2023" and target.group == HR:
        # The plan names two things, to be kept informed and to be trained; since 2026 both count.
        row = _requirement(preset, target, "Cập nhật thông tin", BRIEFING)
        known = instant(date(2025, 12, 29))
        rows.append({**row, "valid_from": "2026-01-01", "recorded_at": known})
    return rows


def _requirement(preset: Preset, target: PresetTarget, item: str, course: str) -> dict[str, str]:
    row = {"programme": preset.key, "group": target.group, "item": item, "course": course}
    known = instant(preset.issued_on) if preset.issued_on else BEFORE_ALL
    bounds = {"valid_from": "", "valid_to": "", "accepts_from": "", "accepts_to": ""}
    return {**row, **bounds, "recorded_at": known}


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def headcount_rows(people: list[Somebody], random: Random) -> Rows:
    """What the offices of today declare: most of them what is named, some more, some nothing."""
    rows: Rows = []
    for (unit, group), named in sorted(_named(people).items()):
        is_press = group == PRESS and unit.startswith("tn-")
        is_large = unit in ("tn-mttq", "tn-hnd")
        if not is_press and not is_large and random.random() < 0.12:
            continue
        more = 0 if is_press else random.choices((0, 1, 2, 4), (84, 10, 4, 2))[0]
        more = 6 if is_large else more
        row = {"unit": unit, "group": group, "valid_from": "2026-01-01", "valid_to": ""}
        earlier = {**row, "valid_from": "2025-07-01", "valid_to": "2026-01-01"}
        if random.random() < 0.6:
            rows.append({**earlier, "declared": str(max(1, named - 1))})
        rows.append({**row, "declared": str(named + more)})
    return rows


def _named(people: list[Somebody]) -> dict[tuple[str, str], int]:
    named: dict[tuple[str, str], int] = {}
    for person in people:
        stint = person.at(TODAY)
        if stint is not None:
            named[stint.unit, stint.group] = named.get((stint.unit, stint.group), 0) + 1
    return named
