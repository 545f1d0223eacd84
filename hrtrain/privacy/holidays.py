"""Days off: a list with its source, the office's own days after it. Working days are counted by it.

A day written ``MM-DD`` comes every year. A holiday on a weekend gives the next working day off
(Labour Code 45/2019/QH14, article 111.3). Only days certain in advance are listed: what the
government announces year by year (a fifth day of Tết, the day beside 2 September) is added by the
office. A day that is missing makes a due day come earlier, never later.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from hrtrain.privacy.rules import WorkingDays

LIST = Path(__file__).with_name("holidays.csv")
OWN = "holidays.csv"
YEARS_AROUND = 2


@dataclass(frozen=True)
class Holiday:
    """A line of the list; ``year`` is None for a day of every year."""

    year: int | None
    month: int
    day: int
    name: str
    source: str

    def on(self, year: int) -> date | None:
        """The day in that year; None when it has none."""
        return date(year, self.month, self.day) if self.year in (None, year) else None


def read_holidays(lines: Iterable[str]) -> list[Holiday]:
    """The list's lines; a ValueError names a day that is none."""
    return [_read(row) for row in csv.DictReader(lines)]


def _read(row: dict[str, str]) -> Holiday:
    *years, month, day = (int(part) for part in row["day"].split("-"))
    year = years[0] if years else None
    date(year or 2000, month, day)
    return Holiday(year, month, day, row["name"], row.get("source") or "")


def days_off(holidays: Iterable[Holiday], years: Iterable[int]) -> frozenset[date]:
    """The days off in these years, those given instead of weekends included."""
    days = sorted(day for year in years for one in holidays if (day := one.on(year)))
    off = set(days)
    for day in days:
        if not WorkingDays().holds(day):
            while not WorkingDays(frozenset(off)).holds(day):
                day += timedelta(days=1)
            off.add(day)
    return frozenset(off)


def last_listed_year(holidays: Iterable[Holiday]) -> int | None:
    """Through which year the days of the lunar calendar are listed."""
    return max((one.year for one in holidays if one.year), default=None)


@lru_cache(maxsize=8)
def _of_files(paths: tuple[tuple[Path, float], ...]) -> tuple[Holiday, ...]:
    found: list[Holiday] = []
    for path, _changed in paths:
        found += read_holidays(path.read_text(encoding="utf-8-sig").splitlines())
    return tuple(found)


def known_holidays(data_dir: Path) -> tuple[Holiday, ...]:
    """The shipped list, then ``holidays.csv`` of the data folder where there is one."""
    files = [path for path in (LIST, data_dir / OWN) if path.exists()]
    return _of_files(tuple((path, path.stat().st_mtime) for path in files))


def working_days(data_dir: Path, today: date) -> WorkingDays:
    """The working days around today."""
    years = range(today.year - YEARS_AROUND, today.year + YEARS_AROUND + 1)
    return WorkingDays(days_off(known_holidays(data_dir), years))
