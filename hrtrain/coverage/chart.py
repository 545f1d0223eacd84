"""Geometry of the charts: values in, points, ticks and labels out. Drawn by a template as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

FULL = 100


@dataclass(frozen=True)
class Reading:
    """One value of a series: what to call it, and a percentage, none where nothing is asked."""

    label: str
    percent: Fraction | None


@dataclass(frozen=True)
class Frame:
    """The paper: outer size and the margins left for labels, in SVG units."""

    width: int = 720
    height: int = 280
    left: int = 46
    right: int = 18
    top: int = 18
    bottom: int = 32

    @property
    def inner_width(self) -> int:
        """The width of the plot."""
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> int:
        """The height of the plot."""
        return self.height - self.top - self.bottom

    @property
    def floor(self) -> int:
        """The y of zero percent."""
        return self.height - self.bottom

    @property
    def end(self) -> int:
        """The x of the plot's right edge."""
        return self.width - self.right


WIDE = Frame()
NARROW = Frame(width=340, height=220, left=38, right=12)


@dataclass(frozen=True)
class Tick:
    """A line or label of an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Point:
    """A value's place."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Trend:
    """A line chart from 0 to 100 percent; ``lines`` and ``areas`` break where values are absent."""

    frame: Frame
    points: tuple[Point, ...]
    lines: tuple[str, ...]
    areas: tuple[str, ...]
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    target_y: float | None


@dataclass(frozen=True)
class Piece:
    """A stretch of a bar, in percent of its length."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """A bar of 100 units: pieces in order, and where the target's mark stands."""

    pieces: tuple[Piece, ...]
    mark: float | None


def trend(readings: Sequence[Reading], target: int | None, frame: Frame = WIDE) -> Trend:
    """Place a series evenly in the frame, oldest first; a single value stands in the middle."""
    xs = _spread(len(readings), frame)
    placed = [
        None
        if reading.percent is None
        else Point(x, height_of(reading.percent, frame), reading.label)
        for x, reading in zip(xs, readings, strict=True)
    ]
    runs = _runs(placed)
    return Trend(
        frame=frame,
        points=tuple(point for point in placed if point is not None),
        lines=tuple(_line(run) for run in runs if len(run) > 1),
        areas=tuple(_area(run, frame) for run in runs if len(run) > 1),
        y_ticks=tuple(Tick(height_of(Fraction(n), frame), f"{n}%") for n in (0, 25, 50, 75, FULL)),
        x_ticks=_thinned(xs, readings, frame),
        target_y=None if target is None else height_of(Fraction(target), frame),
    )


def bar(parts: Sequence[tuple[str, int]], percent: int | None) -> Bar:
    """Share a bar among counted parts; the mark stands at the target's percentage of the whole.

    Parts of nobody are left out; with nobody at all the bar is empty and has no mark.
    """
    total = sum(count for _kind, count in parts)
    pieces: list[Piece] = []
    before = 0
    for kind, count in parts:
        if count:
            # Cut at rounded ends, so that neither gap nor overlap comes of rounding.
            start, end = _share(before, total), _share(before + count, total)
            pieces.append(Piece(kind, start, round(end - start, 3)))
        before += count
    return Bar(tuple(pieces), float(percent) if percent is not None and total else None)


def _share(count: int, total: int) -> float:
    return round(FULL * count / total, 3)


def _spread(count: int, frame: Frame) -> list[float]:
    if count == 1:
        return [round(frame.left + frame.inner_width / 2, 1)]
    step = frame.inner_width / max(1, count - 1)
    return [round(frame.left + step * n, 1) for n in range(count)]


def height_of(percent: float | Fraction, frame: Frame) -> float:
    """The y of a percentage."""
    # In floats: a dashboard places some two hundred points, to a tenth of a unit.
    inside = min(max(float(percent), 0.0), float(FULL))
    return round(frame.floor - frame.inner_height * inside / FULL, 1)


def _runs(placed: Sequence[Point | None]) -> list[list[Point]]:
    """The stretches of neighbouring values: a gap is not bridged, for nothing is known there."""
    runs: list[list[Point]] = [[]]
    for point in placed:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _line(run: Sequence[Point]) -> str:
    return " ".join(f"{point.x},{point.y}" for point in run)


def _area(run: Sequence[Point], frame: Frame) -> str:
    return f"{run[0].x},{frame.floor} {_line(run)} {run[-1].x},{frame.floor}"


def _thinned(xs: Sequence[float], readings: Sequence[Reading], frame: Frame) -> tuple[Tick, ...]:
    """Labels with room to breathe (about 84 units each), counted from the newest back."""
    room = max(1, frame.inner_width // 84)
    every = -(-len(readings) // room) if readings else 1
    kept = range(len(readings) - 1, -1, -every)
    return tuple(Tick(xs[n], readings[n].label) for n in sorted(kept))
