"""Plans to start from: what each of the known plans says, what it does not, and its targets.

Each is data, ``plans/<key>.json``, with the plan's own words beside every statement. "Not stated"
is a value: a target without percentage, a plan without targets. Presets know no database;
`coverage.adoption` makes a programme of one.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "plans"


@dataclass(frozen=True)
class Statement:
    """Something the plan says, in one sentence, and the words it says it with."""

    text: str
    quote: str


@dataclass(frozen=True)
class PresetItem:
    """One thing a target asks of a person; ``kind`` is its course's."""

    item: str
    name: str
    kind: str


@dataclass(frozen=True)
class PresetTarget:
    """What the plan wants of a cadre group; ``percent`` and ``deadline`` None: not stated."""

    group: str
    group_name: str
    group_name_en: str
    percent: int | None
    deadline: date | None
    origin: str
    tiers: tuple[str, ...]
    items: tuple[PresetItem, ...]
    quote: str
    note: str


@dataclass(frozen=True)
class Preset:
    """A known plan. ``authority_key`` and ``successor_key`` are keys of the shipped unit data."""

    key: str
    title: str
    document_no: str
    issued_on: date | None
    starts_on: date | None
    ends_on: date | None
    authority_name: str
    authority_key: str
    successor_name: str
    successor_key: str
    source: str
    says: tuple[Statement, ...]
    not_said: tuple[str, ...]
    report_frequency: str
    targets: tuple[PresetTarget, ...]


@cache
def presets() -> tuple[Preset, ...]:
    """Every preset: the decision first, then the plans that carry it out or stand beside it."""
    plans = [json.loads(path.read_text("utf-8")) for path in _FOLDER.glob("*.json")]
    return tuple(_preset(plan) for plan in sorted(plans, key=lambda plan: plan["order"]))


def find_preset(key: str) -> Preset | None:
    """The preset of this key."""
    return next((preset for preset in presets() if preset.key == key), None)


def _preset(plan: dict[str, Any]) -> Preset:
    days = {name: _day(plan[name]) for name in ("issued_on", "starts_on", "ends_on")}
    lists = {
        "says": tuple(Statement(**said) for said in plan["says"]),
        "not_said": tuple(plan["not_said"]),
        "targets": tuple(_target(target) for target in plan["targets"]),
    }
    kept = {name: value for name, value in plan.items() if name != "order"}
    return Preset(**{**kept, **days, **lists})


def _target(target: dict[str, Any]) -> PresetTarget:
    return PresetTarget(
        **{
            **target,
            "deadline": _day(target["deadline"]),
            "tiers": tuple(target["tiers"]),
            "items": tuple(PresetItem(**item) for item in target["items"]),
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
