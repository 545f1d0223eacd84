"""Counts what is sealed, from facts alone, and writes it as the same bytes each time. Pure."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from hrtrain.core.period import holds
from hrtrain.coverage import spans
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.seals.facts import (
    Facts,
    Goal,
    Place,
    SealedRules,
    Sought,
    plain_rules,
)
from hrtrain.coverage.seals.standing import (
    Asked,
    Mine,
    Stand,
    asked_by,
    child_of,
    explained,
    in_order,
    rows_of,
    stand_of,
)

FIGURES = ("in_scope", "exempt", "in_grace", "trained", "untrained", "unnamed", "units_unconfirmed")


class Count:
    """The count of one seal: `content` is what is sealed, `inputs_hash` what it rests on."""

    def __init__(
        self, sought: Sought, rules: SealedRules, facts: Facts, version: int = spans.RULE_VERSION
    ) -> None:
        self.sought, self.rules, self.facts, self.version = sought, rules, facts, version
        # Of each person and of the facts behind, the bytes alone: a whole country's are millions.
        self.people: list[bytes] = []
        self.told: list[bytes] = []
        self.units: list[dict[str, Any]] = []
        self.figures: list[dict[str, Any]] = []
        self.reached: set[str] = set()
        for goal in rules.goals:
            self._count(goal)

    @property
    def content(self) -> bytes:
        """Canonical JSON: every object's names sorted, every list in the order of its keys."""
        sought, reached = self.sought, self.reached
        said = {
            "programme": sought.programme,
            "as_of": sought.as_of,
            "unit": sought.unit,
            "rule_version": self.version,
            "rules": plain_rules(self.rules),
            "figures": self.figures,
            "units": self.units,
            "places": {u: place for u, place in self.facts.places.items() if u in reached},
        }
        parts = {name: canonical(value) for name, value in said.items()}
        parts["people"] = b"[%b]" % b",".join(self.people)
        return b"{%b}" % b",".join(b"%b:%b" % (canonical(n), parts[n]) for n in sorted(parts))

    @property
    def inputs_hash(self) -> str:
        """SHA-256 of the facts that were counted, in an order of their own."""
        edges = [[unit, self.facts.parents.get(unit)] for unit in sorted(self.reached)]
        told = b"[%b,[%b]]" % (canonical(edges), b",".join(self.told))
        return hashlib.sha256(told).hexdigest()

    def _count(self, goal: Goal) -> None:
        sought, facts = self.sought, self.facts
        asked, rows = asked_by(goal, sought.as_of), Rows(sought, goal, facts)
        self.reached |= rows.counts.keys() | {
            unit for unit in facts.places if child_of(sought, goal, facts.path(unit)) is not None
        }
        if asked is not None:
            units = rows_of(sought, goal, facts, facts.places)
            for person in sorted(p for group, p in facts.stints if group == goal.group):
                self._count_person(goal, asked, person, units, rows)
            self._count_units(goal, units, rows)
        self.figures += rows.figures(sought, self.rules, is_asked=asked is not None)

    def _count_person(
        self, goal: Goal, asked: Asked, person: str, units: dict[str, str], rows: "Rows"
    ) -> None:
        mine = Mine.of((goal.group, person), self.facts)
        stand = stand_of(asked, goal, self.sought.as_of, mine, units)
        if stand is None:
            return
        rows.add(stand)
        facts = [goal.group, person, mine.stints, mine.done, mine.leaves]
        self.told.append(canonical(facts))
        tried = in_order(self.facts.tried.get(person, ()))
        told = {
            "person": person,
            "name": self.facts.names.get(person, ""),
            "group": goal.group,
            "unit": stand.unit,
            "child": stand.child,
            "state": stand.state.value,
            "since": stand.since,
            **explained(asked, self.sought.as_of, mine, tried, stand),
        }
        self.people.append(canonical(told))

    def _count_units(self, goal: Goal, units: dict[str, str], rows: "Rows") -> None:
        for unit in sorted(units):
            declared = self.facts.declared.get((goal.group, unit))
            named = rows.named.get(unit, 0)
            if declared is not None or named:
                rows.add_unit(units[unit], declared, named)
                told = {"group": goal.group, "unit": unit, "child": units[unit]}
                self.units.append({**told, "declared": declared, "named": named})
                self.told.append(canonical([goal.group, unit, declared]))


class Rows:
    """The figures of one target: of all, and of each row by unit."""

    def __init__(self, sought: Sought, goal: Goal, facts: Facts) -> None:
        self.goal, self.facts = goal, facts
        self.base = sought.unit or goal.scope
        self.counts = {unit: dict.fromkeys(FIGURES, 0) for unit in self._units(sought.as_of)}
        self.all = dict.fromkeys(FIGURES, 0)
        self.named: dict[str, int] = {}

    def _units(self, day: date) -> list[str]:
        """The rows by unit, in the order of their keys, the unit itself last."""
        places, parents = self.facts.places, self.facts.parents
        if self.base is not None:
            below = sorted(unit for unit in places if parents.get(unit) == self.base)
            return [*below, self.base]
        top = (unit for unit in places if unit not in parents)
        return sorted(unit for unit in top if holds(*places[unit][2:], day))

    def add(self, stand: Stand) -> None:
        """Count a person in."""
        self.named[stand.unit] = self.named.get(stand.unit, 0) + 1
        self._add(stand.child, {"in_scope": 1, stand.state.value: 1})

    def add_unit(self, child: str, declared: int | None, named: int) -> None:
        """Count what a unit declared beyond its named people, or that it did not declare."""
        more = {"unnamed": max(0, (declared or 0) - named)}
        self._add(child, {**more, "units_unconfirmed": int(declared is None)})

    def _add(self, child: str, figures: dict[str, int]) -> None:
        for counts in (self.all, self.counts.get(child, {})):
            for name, number in figures.items():
                if name in counts:
                    counts[name] += number

    def figures(
        self, sought: Sought, rules: SealedRules, *, is_asked: bool
    ) -> Iterator[dict[str, Any]]:
        """A row of all, then one a unit; the rates and the status are `rules`'."""
        for by, unit, counts in (
            ("group", self.base, self.all),
            *(("unit", unit, counts) for unit, counts in self.counts.items()),
        ):
            place = self.facts.places.get(unit or "", Place("", ""))
            standing = Standing(
                programme=sought.programme,
                programme_title=rules.title,
                group=self.goal.group,
                group_name=self.goal.group_name,
                unit=unit,
                unit_name=place.name,
                percent=self.goal.percent,
                deadline=self.goal.deadline,
                origin=self.goal.origin,
                is_asked=is_asked,
            )
            told = {name: count for name, count in counts.items() if name != "untrained"}
            standing = replace(standing, **told)  # type: ignore[arg-type]
            yield {"by": by, **figures_of(standing)}


def figures_of(standing: Standing) -> dict[str, Any]:
    """A standing as a seal keeps it."""
    counted = {name: getattr(standing, name) for name in (*FIGURES, "required")}
    return {
        "group": standing.group,
        "group_name": standing.group_name,
        "unit": standing.unit,
        "unit_name": standing.unit_name,
        "target": standing.percent,
        "deadline": standing.deadline,
        "origin": standing.origin,
        "is_asked": standing.is_asked,
        **counted,
        "rate": standing.rate,
        "strict_rate": standing.strict_rate,
        "shortfall": standing.shortfall,
        "status": standing.status.value,
    }


_ENCODER = json.JSONEncoder(
    default=date.isoformat, ensure_ascii=False, sort_keys=True, separators=(",", ":")
)


def canonical(value: Any) -> bytes:
    """The one way of writing a value as JSON: days as ISO text, every object's names sorted."""
    return _ENCODER.encode(value).encode()
