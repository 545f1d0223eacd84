"""Geometry of figures that hold from one day until the next change: a line in stairs. Pure."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from hrtrain.coverage.chart import FULL, WIDE, Frame, Point, Tick, Trend, height_of

ROOM = 125
"""The units of width that a label with a whole day needs."""
Reading = tuple[date, Fraction | None]


def staircase(readings: Sequence[Reading], target: int | None, frame: Frame = WIDE) -> Trend:
    """Each value holds from its day until the next one's; days lie as far apart as they are."""
    if not readings:
        return Trend(frame, (), (), (), _y_ticks(frame), (), None)
    xs = _places(readings, frame)
    runs = _runs(readings, xs, frame)
    return Trend(
        frame=frame,
        points=tuple(
            Point(x, height_of(percent, frame), f"{day:%d/%m/%Y}")
            for x, (day, percent) in zip(xs, readings, strict=True)
            if percent is not None
        ),
        lines=tuple(" ".join(run) for run in runs),
        areas=tuple(_area(run, frame) for run in runs),
        y_ticks=_y_ticks(frame),
        x_ticks=_x_ticks(readings[0][0], readings[-1][0], frame),
        target_y=None if target is None else height_of(Fraction(target), frame),
    )


def spark(percents: Sequence[float | Fraction | None], frame: Frame) -> tuple[str, ...]:
    """A small line without labels through evenly placed values; it breaks where there is none."""
    step = frame.inner_width / max(1, len(percents) - 1)
    runs: list[list[str]] = [[]]
    for number, percent in enumerate(percents):
        if percent is None:
            runs.append([])
        else:
            x = round(frame.left + step * number, 1)
            runs[-1].append(f"{x},{height_of(percent, frame)}")
    return tuple(" ".join(run) for run in runs if len(run) > 1)


def _places(readings: Sequence[Reading], frame: Frame) -> list[float]:
    first, last = readings[0][0].toordinal(), readings[-1][0].toordinal()
    days = max(1, last - first)
    return [
        round(frame.left + frame.inner_width * (day.toordinal() - first) / days, 1)
        for day, _percent in readings
    ]


def _runs(readings: Sequence[Reading], xs: Sequence[float], frame: Frame) -> list[list[str]]:
    """Corners of the stairs; a stretch of days without a value ends one and begins another."""
    runs: list[list[str]] = [[]]
    for number, (_day, percent) in enumerate(readings):
        if percent is None:
            runs.append([])
            continue
        y = height_of(percent, frame)
        until = xs[min(number + 1, len(xs) - 1)]
        runs[-1] += [f"{xs[number]},{y}", f"{until},{y}"]
    return [run for run in runs if run]


def _area(run: Sequence[str], frame: Frame) -> str:
    first, last = run[0].split(",")[0], run[-1].split(",")[0]
    return f"{first},{frame.floor} {' '.join(run)} {last},{frame.floor}"


def _y_ticks(frame: Frame) -> tuple[Tick, ...]:
    return tuple(Tick(height_of(Fraction(n), frame), f"{n}%") for n in (0, 25, 50, 75, FULL))


def _x_ticks(first: date, last: date, frame: Frame) -> tuple[Tick, ...]:
    """As many days, evenly apart, as have room; the last day stands at the right edge."""
    days = last.toordinal() - first.toordinal()
    many = max(1, min(frame.inner_width // ROOM, days))
    ticks = []
    for number in range(1, many + 1):
        day = date.fromordinal(first.toordinal() + days * number // many)
        x = round(frame.left + frame.inner_width * number / many, 1)
        ticks.append(Tick(x, f"{day:%d/%m/%Y}"))
    return tuple(ticks)
