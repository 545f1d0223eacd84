"""Standings as drawings: which counts become a bar's pieces, and which a trend's points. Pure."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from hrtrain.coverage.chart import NARROW, WIDE, Bar, Reading, Trend, bar, trend
from hrtrain.coverage.rules import Standing


def bar_of(standing: Standing) -> Bar:
    """The strict line: trained, untrained and unnamed people share the bar."""
    parts = [
        ("trained", standing.trained),
        ("untrained", standing.untrained),
        ("unnamed", standing.unnamed),
    ]
    return bar(parts, standing.percent)


def trends_of(points: Sequence[tuple[date, Standing]]) -> tuple[Trend, Trend]:
    """The rate through time, drawn once for wide paper and once for a narrow screen."""
    readings = [Reading(f"{day:%m/%Y}", _percent(standing)) for day, standing in points]
    target = points[-1][1].percent if points else None
    return trend(readings, target, WIDE), trend(readings, target, NARROW)


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
