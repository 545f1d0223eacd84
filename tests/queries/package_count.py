"""A second independent count, over the rows of a data package as they stand in the CSV files.

Written from `docs/coverage.md` and the command's contract alone, by another hand than
`brute_force`; it shares nothing with the product. One question at a time, slow on purpose.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

Row = dict[str, str]
Question = dict[str, str]
NOTHING = Counter[str]()


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def has(row: Row, day: date, first: str = "valid_from", last: str = "valid_to") -> bool:
    starts, ends = day_of(row.get(first)), day_of(row.get(last))
    return (starts is None or starts <= day) and (ends is None or day < ends)


def is_known(row: Row, instant: datetime) -> bool:
    recorded, retracted = row.get("recorded_at"), row.get("retracted_at")
    return (not recorded or datetime.fromisoformat(recorded) <= instant) and (
        not retracted or instant < datetime.fromisoformat(retracted)
    )


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def shown(part: int, whole: int, percent: int | None) -> str | None:
    if whole == 0:
        return None
    tenths = (2 * part * 1000 + whole) // (2 * whole)
    tenths = min(tenths, 999) if part < whole else tenths
    tenths = max(tenths, 1) if part else tenths
    if percent is not None and part * 100 < percent * whole:
        tenths = min(tenths, percent * 10 - 1)
    return f"{tenths // 10}.{tenths % 10}"


class Count:
    """One question about one package."""

    def __init__(self, files: dict[str, list[Row]], question: Question, now: datetime) -> None:
        self.question, self.day = question, date.fromisoformat(question["as_of"])
        known_at = question.get("known_at")
        instant = datetime.fromisoformat(known_at) if known_at else now
        self.files = {
            name: [row for row in rows if is_known(row, instant)] for name, rows in files.items()
        }
        self.programme = next(
            row for row in files["programmes"] if row["programme"] == question["programme"]
        )
        self.above = {
            row["unit"]: row["parent"] for row in self.rows("unit_parents") if has(row, self.day)
        }

    def rows(self, name: str, **equal: str) -> list[Row]:
        found = self.files.get(name, [])
        return [row for row in found if all(row.get(k) == v for k, v in equal.items())]

    def answer(self) -> list[dict[str, Any]]:
        targets = self.rows("targets", programme=self.programme["programme"])
        wanted = self.question.get("group")
        targets = [t for t in targets if wanted in (None, t["group"])]
        return [row for t in sorted(targets, key=lambda t: t["group"]) for row in self.of_target(t)]

    def of_target(self, target: Row) -> Iterator[dict[str, Any]]:
        scope = target.get("scope_unit") or self.programme["authority_unit"]
        top = self.question.get("unit") or scope
        tiers = (target.get("tiers") or "").split()
        inside = {
            unit["unit"]
            for unit in self.rows("units")
            if self.is_under(unit["unit"], scope) and (not tiers or unit["tier"] in tiers)
        }
        if self.question.get("by") != "unit":
            yield self.row(target, top, {u for u in inside if self.is_under(u, top)})
            return
        for child in sorted(unit for unit, parent in self.above.items() if parent == top):
            yield self.row(target, child, {u for u in inside if self.is_under(u, child)})
        yield self.row(target, top, inside & {top})

    def is_under(self, unit: str | None, top: str) -> bool:
        seen = set[str]()
        while unit and unit not in seen:
            if unit == top:
                return True
            seen.add(unit)
            unit = self.above.get(unit)
        return False

    def row(self, target: Row, unit: str, places: set[str]) -> dict[str, Any]:
        items = self.items(target)
        starts = day_of(target.get("valid_from") or self.programme.get("valid_from"))
        is_asked = bool(items) and (starts is None or starts <= self.day)
        found, confirmed = self.count(target, places, items) if is_asked else (NOTHING, True)
        percent = int(target["percent"]) if target.get("percent") else None
        required = found["trained"] + found["untrained"]
        return {
            "group": target["group"],
            "unit": unit,
            **{n: found[n] for n in ("in_scope", "exempt", "in_grace", "trained", "untrained")},
            "required": required,
            "rate": shown(found["trained"], required, percent),
            "unnamed": found["unnamed"],
            "strict_rate": shown(found["trained"], required + found["unnamed"], percent),
            "target": percent,
            **verdict(found["trained"], required, found["unnamed"], percent, confirmed),
        }

    def items(self, target: Row) -> dict[str, list[Row]]:
        same = {name: target[name] for name in ("programme", "group")}
        found: dict[str, list[Row]] = {}
        for option in self.rows("requirements", **same):
            if has(option, self.day):
                found.setdefault(option["item"], []).append(option)
        return found

    def count(
        self, target: Row, places: set[str], items: dict[str, list[Row]]
    ) -> tuple[Counter[str], bool]:
        group = target["group"]
        members = [
            row
            for row in self.rows("memberships", group=group)
            if has(row, self.day) and row["unit"] in places
        ]
        found = Counter(self.state(target, row, items) for row in members)
        here = Counter(row["unit"] for row in members)
        declared = {
            row["unit"]: int(row["declared"])
            for row in self.rows("headcounts", group=group)
            if has(row, self.day) and row["unit"] in places
        }
        found["in_scope"] = len(members)
        found["unnamed"] = sum(max(0, number - here[unit]) for unit, number in declared.items())
        return found, set(here) <= set(declared)

    def state(self, target: Row, member: Row, items: dict[str, list[Row]]) -> str:
        who = {"person": member["person"]}
        same = {name: target[name] for name in ("programme", "group")}
        if any(has(row, self.day) for row in self.rows("exemptions", **same, **who)):
            return "exempt"
        if all(any(self.is_met(option, who) for option in options) for options in items.values()):
            return "trained"
        since = date.fromisoformat(member["valid_from"])
        posts = self.rows("memberships", group=target["group"], **who)
        while before := [p for p in posts if day_of(p.get("valid_to")) == since]:
            since = date.fromisoformat(before[0]["valid_from"])
        starts = day_of(target.get("valid_from") or self.programme.get("valid_from"))
        due = max(since, starts or since) + timedelta(days=int(target.get("grace_days") or 0))
        return "in_grace" if self.day < due else "untrained"

    def is_met(self, option: Row, who: Row) -> bool:
        return any(
            self.counts(row) and has(option, self.done(row), "accepts_from", "accepts_to")
            for row in self.rows("completions", course=option["course"], **who)
        )

    def done(self, completion: Row) -> date:
        return date.fromisoformat(completion["completed_on"])

    def counts(self, completion: Row) -> bool:
        course = self.rows("courses", course=completion["course"])[0]
        last = day_of(completion.get("valid_through"))
        if last is None and course.get("validity_months"):
            last = months_later(self.done(completion), int(course["validity_months"]))
        revoked = day_of(completion.get("revoked_from"))
        return (
            completion.get("void", "") not in ("1", "true")
            and self.done(completion) <= self.day
            and (last is None or self.day <= last)
            and (revoked is None or self.day < revoked)
        )


def verdict(
    trained: int, required: int, unnamed: int, percent: int | None, confirmed: bool
) -> dict[str, Any]:
    whole = required + unnamed
    if whole == 0:
        return {"met": None, "shortfall": None, "status": "nothing_asked"}
    if percent is None:
        return {"met": None, "shortfall": None, "status": "not_stated"}
    reaches: Callable[[int], bool] = lambda of: trained * 100 >= percent * of  # noqa: E731
    status = "met" if confirmed and reaches(whole) else "short"
    if status == "short" and required and reaches(required):
        status = "met_named_only"
    missing = max(0, -(-percent * whole // 100) - trained)
    return {"met": status == "met", "shortfall": missing, "status": status}
