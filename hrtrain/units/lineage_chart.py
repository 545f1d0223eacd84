"""Geometry of a unit's lineage: lives in, bars and joints over the years out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MARGIN, ROW, BAR = 6, 40, 9
TOP, FOOT = 4, 22
ROOM_OF_YEAR = 46
BESIDE = 730
"""Days shown before the first change and after the last, or after today."""


@dataclass(frozen=True)
class Life:
    """A unit of the lineage, what it is called, and when it exists."""

    key: str
    name: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class Bar:
    """A life as it is drawn: ``goes_on`` where it is longer than the drawing."""

    life: Life
    x: float
    width: float
    y: int
    is_own: bool

    @property
    def end(self) -> float:
        """Where it ends."""
        return round(self.x + self.width, 1)


@dataclass(frozen=True)
class Lineage:
    """A drawing of so much width and height: bars, the ways between them, years, today."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    ways: tuple[str, ...]
    years: tuple[tuple[float, str], ...]
    today: float


def lineage(
    own: Life, before: Sequence[tuple[Life, date]], after: Sequence[tuple[Life, date]],
    *, today: date, width: int,
) -> Lineage:  # fmt: skip
    """The unit between whom it came from and what became of it, each with the day."""
    days = [day for _life, day in (*before, *after)]
    bounds = [day for day in (*days, own.starts_on, own.ends_on) if day]
    scale = _Scale(
        min([*bounds, today]).toordinal() - BESIDE,
        max([*bounds, today]).toordinal() + BESIDE,
        width,
    )
    lives = [life for life, _day in before] + [own] + [life for life, _day in after]
    bars = tuple(
        _bar(life, TOP + row * ROW, scale, is_own=row == len(before))
        for row, life in enumerate(lives)
    )
    middle = bars[len(before)]
    ways = [_way(bar, middle, scale.x(day)) for bar, (_l, day) in zip(bars, before, strict=False)]
    ways += [
        _way(middle, bar, scale.x(day))
        for bar, (_l, day) in zip(bars[len(before) + 1 :], after, strict=True)
    ]
    height = TOP + len(lives) * ROW + FOOT
    return Lineage(width, height, bars, tuple(ways), _years(scale), scale.x(today))


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int
    width: int

    def x(self, day: date) -> float:
        """Where the day begins, kept within the drawing."""
        inside = min(max(day.toordinal(), self.first), self.last)
        room = self.width - 2 * MARGIN
        return round(MARGIN + room * (inside - self.first) / (self.last - self.first), 1)


def _bar(life: Life, top: int, scale: _Scale, *, is_own: bool) -> Bar:
    starts = scale.x(life.starts_on) if life.starts_on else float(MARGIN)
    ends = scale.x(life.ends_on) if life.ends_on else float(scale.width - MARGIN)
    return Bar(life, starts, round(max(2.0, ends - starts), 1), top + ROW - BAR - 8, is_own)


def _way(upper: Bar, lower: Bar, x: float) -> str:
    """From the one bar down to the other, on the day."""
    return f"M{x} {upper.y + BAR}V{lower.y}"


def _years(scale: _Scale) -> tuple[tuple[float, str], ...]:
    first, last = date.fromordinal(scale.first).year + 1, date.fromordinal(scale.last).year
    room = max(1, scale.width // ROOM_OF_YEAR)
    every = -(-max(1, last - first + 1) // room)
    places = [(scale.x(date(year, 1, 1)), str(year)) for year in range(first, last + 1, every)]
    return tuple((x, label) for x, label in places if x <= scale.width - ROOM_OF_YEAR // 2)
