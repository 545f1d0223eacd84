"""Geometry of a person's strip: pieces in, bars, marks and years out. Drawn by a template. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hrtrain.core.period import OPEN_END
from hrtrain.coverage.strip import Piece

MARGIN = 3
ROOM_OF_YEAR, ROOM_OF_LETTER = 46, 7.4
AHEAD, AFTER = 183, 92
"""Days shown after today, and after the last change to come."""


@dataclass(frozen=True)
class Stretch:
    """Days in one state: where they lie on the strip, and the state's number."""

    x: float
    width: float
    state: int
    starts: int
    ends: int

    def has_room_for(self, words: str) -> bool:
        """Whether the words can be written on it."""
        return self.width >= ROOM_OF_LETTER * len(words) + 8


@dataclass(frozen=True)
class Year:
    """The first of January, and the year's number."""

    x: float
    label: str


@dataclass(frozen=True)
class Strip:
    """A strip of so much width: stretches, marks at every change, years, and today."""

    width: int
    stretches: tuple[Stretch, ...]
    marks: tuple[float, ...]
    years: tuple[Year, ...]
    today: float


def strip(pieces: Sequence[Piece], today: date, width: int) -> Strip:
    """The pieces from the first day to some time after today or the last change to come."""
    first = min(pieces[0].starts, today.toordinal())
    last = max(today.toordinal() + AHEAD, pieces[-1].starts + AFTER)
    scale = _Scale(first, min(last, OPEN_END - 1), width)
    return Strip(
        width=width,
        stretches=tuple(_stretches(pieces, scale)),
        marks=tuple(scale.x(piece.starts) for piece in pieces[1:]),
        years=tuple(_years(scale)),
        today=scale.x(today.toordinal()),
    )


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int
    width: int

    def x(self, day: int) -> float:
        """Where the day begins, kept within the strip."""
        inside = min(max(day, self.first), self.last)
        days = max(1, self.last - self.first)
        return round(MARGIN + (self.width - 2 * MARGIN) * (inside - self.first) / days, 1)


def _stretches(pieces: Sequence[Piece], scale: _Scale) -> list[Stretch]:
    """Neighbours of one state made one, whatever else changes in between."""
    joined: list[tuple[int, int, int]] = []
    for piece in pieces:
        if joined and joined[-1][2] == piece.state:
            joined[-1] = joined[-1][0], piece.ends, piece.state
        else:
            joined.append((piece.starts, piece.ends, piece.state))
    return [
        Stretch(scale.x(starts), round(scale.x(ends) - scale.x(starts), 1), state, starts, ends)
        for starts, ends, state in joined
    ]


def _years(scale: _Scale) -> list[Year]:
    """As many years as have room, the same number of years apart."""
    first, last = date.fromordinal(scale.first).year + 1, date.fromordinal(scale.last).year
    room = max(1, scale.width // ROOM_OF_YEAR)
    every = -(-max(1, last - first + 1) // room)
    return [
        Year(scale.x(date(year, 1, 1).toordinal()), str(year))
        for year in range(first, last + 1, every)
        if scale.x(date(year, 1, 1).toordinal()) <= scale.width - ROOM_OF_YEAR // 2
    ]
