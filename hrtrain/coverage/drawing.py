"""Standings as drawings: which counts become a bar's pieces, and which a trend's points. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from hrtrain.coverage.chart import NARROW, WIDE, Bar, Frame, Reading, Trend, bar, height_of, trend
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.staircase import spark, staircase

Points = Sequence[tuple[date, Standing]]
SMALL = Frame(width=120, height=30, left=1, right=3, top=3, bottom=3)


class Outline(NamedTuple):
    """A target's percentage trained on some days, none where nobody is required, and its ends.

    ``last`` is the standing of the last day, ``first`` that of the first with a percentage.
    """

    last: Standing
    first: Standing | None
    percents: tuple[float | None, ...]


@dataclass(frozen=True)
class Spark:
    """A small trend of a target: its lines, the target's height, and where it came from."""

    frame: Frame
    lines: tuple[str, ...]
    target_y: float | None
    first: Standing
    last: Standing


@dataclass(frozen=True)
class Moved:
    """A day's standing beside the one shown before it."""

    day: date
    standing: Standing
    before: Standing | None

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Which counts are others than before, and by how much."""
        if self.before is None:
            return []
        names = ("trained", "required", "in_grace", "exempt", "unnamed")
        by = [(name, getattr(self.standing, name) - getattr(self.before, name)) for name in names]
        return [(name, count) for name, count in by if count]


def bar_of(standing: Standing) -> Bar:
    """The strict line: trained, untrained and unnamed people share the bar."""
    parts = [
        ("trained", standing.trained),
        ("untrained", standing.untrained),
        ("unnamed", standing.unnamed),
    ]
    return bar(parts, standing.percent)


def trends_of(points: Points) -> tuple[Trend, Trend]:
    """The rate through time, drawn once for wide paper and once for a narrow screen."""
    readings = [Reading(f"{day:%m/%Y}", _percent(standing)) for day, standing in points]
    target = points[-1][1].percent if points else None
    return trend(readings, target, WIDE), trend(readings, target, NARROW)


def stairs_of(points: Points) -> tuple[Trend, Trend]:
    """The rate from change to change, wide and narrow."""
    readings = [(day, _percent(standing)) for day, standing in points]
    target = points[-1][1].percent if points else None
    return staircase(readings, target, WIDE), staircase(readings, target, NARROW)


def spark_of(outline: Outline) -> Spark | None:
    """A target's small trend; none where fewer than two values follow each other."""
    lines = spark(outline.percents, SMALL)
    if not lines or outline.first is None:
        return None
    last = outline.last
    target_y = None if last.percent is None else height_of(Fraction(last.percent), SMALL)
    return Spark(SMALL, lines, target_y, outline.first, last)


def moves_of(points: Points) -> list[Moved]:
    """Each standing with the one before, the earliest first."""
    before = [None, *(standing for _day, standing in points)]
    return [Moved(day, one, old) for (day, one), old in zip(points, before, strict=False)]


def _percent(standing: Standing) -> Fraction | None:
    if standing.required == 0:
        return None
    return Fraction(100 * standing.trained, standing.required)


def month_ends(day: date, months: int) -> list[date]:
    """The last days of the months before, oldest first, and the day itself at the end."""
    first = day.replace(day=1)
    ends: list[date] = [day]
    while len(ends) < months and first > date(1900, 1, 1):
        last = date.fromordinal(first.toordinal() - 1)
        ends.append(last)
        first = last.replace(day=1)
    return ends[::-1]


def month_ends_between(first: date, last: date, most: int) -> list[date]:
    """The newest of the last days of months from the first day on, and the last day itself."""
    return [day for day in month_ends(last, most) if day >= first]
