"""A plan as its page shows it: steps with the names of that time, some at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hrtrain.core.paging import SIZE, Page, cursor, read_cursor
from hrtrain.reorganising.queries.reorganisations import units_by_key
from hrtrain.reorganising.rules import NEW, Does, Entry
from hrtrain.units.queries import names_on


@dataclass(frozen=True)
class NamedUnit:
    """A unit of a step; without a key where the plan founds it."""

    name: str
    key: str = ""
    is_default: bool = False


@dataclass
class Step:
    """What is done to which units; ``line`` is none where several lines make it."""

    does: str
    lines: list[int]
    olds: list[str] = field(default_factory=list)
    news: list[tuple[str, bool]] = field(default_factory=list)
    name: str = ""
    tier: str = ""
    kind: str = ""

    @property
    def line(self) -> int | None:
        """The number it was entered under."""
        return self.lines[0] if len(set(self.lines)) == 1 else None


@dataclass(frozen=True)
class ShownStep:
    """A step with names."""

    step: Step
    olds: list[NamedUnit]
    news: list[NamedUnit]


def steps_of(entries: Iterable[Entry]) -> list[Step]:
    """The entries put together: a split by its unit, a merger by who takes over."""
    entries = [entry for entry in entries if entry.does is not Does.FOUND]
    successions = [entry for entry in entries if entry.does is Does.BECOME]
    count: dict[str, int] = {}
    for entry in successions:
        count[entry.unit] = count.get(entry.unit, 0) + 1
    found: dict[tuple[str, str], Step] = {}
    for entry in entries:
        if entry.does is Does.BECOME and count[entry.unit] > 1:
            step = found.setdefault(("split", entry.unit), Step("split", [], [entry.unit]))
            step.news.append((entry.to, entry.is_default))
        elif entry.does is Does.BECOME:
            step = found.setdefault(("merge", entry.to), Step("merge", [], news=[(entry.to, True)]))
            step.olds.append(entry.unit)
        else:
            step = Step(entry.does.value, [], [entry.unit], name=entry.name)
            step.tier, step.kind = entry.tier, entry.kind
            if entry.does is Does.MOVE:
                step.news = [(entry.to, False)] if entry.to else []
            found[entry.does.value, entry.unit] = step
        step.lines.append(entry.line)
    return list(found.values())


def step_page(
    entries: Sequence[Entry], on: date, after: str | None, made: Mapping[str, str]
) -> Page[ShownStep]:
    """A page of the plan's steps, in their order, by the names of the days around.

    ``made`` says which units those that the plan founds have become.
    """
    steps = steps_of(entries)
    place = read_cursor(after, int)
    start = max(0, int(place[0] or 0)) if place else 0
    some = steps[start : start + SIZE]
    founded = {entry.unit: entry.name for entry in entries if entry.does is Does.FOUND}
    before = _named({key for step in some for key in step.olds}, on - timedelta(days=1), founded)
    now = _named({made.get(key, key) for s in some for key, _default in s.news}, on, founded)
    rows = [
        ShownStep(
            step,
            [before[key] for key in step.olds],
            [
                replace(now[made.get(key, key)], is_default=is_default)
                for key, is_default in step.news
            ],
        )
        for step in some
    ]
    more = cursor(start + SIZE) if start + SIZE < len(steps) else None
    return Page(rows, more, len(steps))


def _named(keys: Iterable[str], day: date, founded: dict[str, str]) -> dict[str, NamedUnit]:
    wanted = set(keys)
    units = units_by_key(key for key in wanted if not key.startswith(NEW))
    names = names_on([unit.id for unit in units.values()], day)
    found = {key: NamedUnit(names[unit.id], key) for key, unit in units.items()}
    return {key: found.get(key) or NamedUnit(founded.get(key, key)) for key in wanted}
