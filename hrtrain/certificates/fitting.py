"""How large a text may be set so that it stays in its box. Pure arithmetic over letter widths.

The widths are those of Liberation Serif, rounded up: a text is rather set a little too small than
cut off. A test prints the longest texts and reads every one of them back.
"""

import unicodedata
from dataclasses import dataclass
from math import ceil

POINT = 25.4 / 72
SLACK = 1.06  # Lines break at words, so they are never quite full.
NARROW = frozenset("ijltfrI.,;:'!|()[]- ")


@dataclass(frozen=True)
class Part:
    """A line or paragraph: its text, size in points at full scale, and the space above in mm."""

    text: str
    points: float
    above: float = 0.0
    leading: float = 1.22


def width(text: str, points: float) -> float:
    """The text's width in mm when set in this size on one line."""
    return sum(map(_em, unicodedata.normalize("NFC", text))) * points * POINT


def _em(letter: str) -> float:
    bare = unicodedata.normalize("NFD", letter)[0]
    if bare in NARROW:
        return 0.36
    if bare in "MWmw@%—–":
        return 0.98 if bare in "MW@%—" else 0.83
    return 0.76 if bare.isupper() else 0.55


def lines(text: str, points: float, room: float) -> int:
    """How many lines the text takes in ``room`` mm; at least one unless it is empty."""
    return ceil(width(text, points) * SLACK / room) if text else 0


def height(parts: list[Part], scale: float, room: float) -> float:
    """The height in mm of the parts below each other, set at the scale."""
    return sum(
        lines(part.text, part.points * scale, room) * part.points * scale * POINT * part.leading
        + (part.above * scale if part.text else 0)
        for part in parts
    )


def scale_that_fits(parts: list[Part], room: float, tall: float) -> float:
    """The largest scale, 1 or less, at which the parts keep to ``room`` × ``tall`` mm."""
    steps = (1 - step * 0.03 for step in range(24))
    return next((scale for scale in steps if height(parts, scale, room) <= tall), 0.3)


def size_on_one_line(text: str, room: float, largest: float, smallest: float) -> float:
    """The largest size in points at which the text keeps to one line, not below ``smallest``."""
    needed = width(text, 1.0) * SLACK
    return max(smallest, min(largest, room / needed)) if text else largest
