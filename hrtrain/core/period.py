"""Half-open periods of days: the one meaning of every pair of bounds in the product."""

from dataclasses import dataclass
from datetime import date, timedelta

# Derived tables and the pure rule of coverage count days: an open bound is beyond every day.
OPEN_START = date.min.toordinal()
OPEN_END = date.max.toordinal() + 1


def holds(starts_on: date | None, ends_on: date | None, day: date) -> bool:
    """Whether ``[starts_on, ends_on)`` holds the day; an empty bound is open."""
    return (starts_on is None or starts_on <= day) and (ends_on is None or day < ends_on)


@dataclass(frozen=True, order=True)
class Period:
    """A half-open span of days, ``[starts_on, ends_on)``; an empty bound is open."""

    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def is_well_formed(self) -> bool:
        """Whether it holds at least one day."""
        return self.starts_on is None or self.ends_on is None or self.starts_on < self.ends_on

    def holds(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return holds(self.starts_on, self.ends_on, day)

    def overlaps(self, other: "Period") -> bool:
        """Whether some day lies in both."""
        return (
            self.starts_on is None or other.ends_on is None or self.starts_on < other.ends_on
        ) and (other.starts_on is None or self.ends_on is None or other.starts_on < self.ends_on)

    def contains(self, other: "Period") -> bool:
        """Whether every day of the other lies in this one."""
        starts_inside = self.starts_on is None or (
            other.starts_on is not None and self.starts_on <= other.starts_on
        )
        ends_inside = self.ends_on is None or (
            other.ends_on is not None and other.ends_on <= self.ends_on
        )
        return starts_inside and ends_inside


def day_after(day: date | None) -> date | None:
    """The bound of a period whose last day, as people write it, is this one; none stays none."""
    return day + timedelta(days=1) if day else None


def day_before(day: date | None) -> date | None:
    """The last day of a period with this bound, as people write it; none stays none."""
    return day - timedelta(days=1) if day else None


def as_numbers(starts_on: date | None, ends_on: date | None) -> tuple[int, int]:
    """The period's bounds as day numbers, `date.toordinal`, with no open bound left."""
    return (
        OPEN_START if starts_on is None else starts_on.toordinal(),
        OPEN_END if ends_on is None else ends_on.toordinal(),
    )
