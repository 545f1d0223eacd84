"""What a sheet of a workbook is once read: plain values, merged ranges, nothing of the file."""

from dataclasses import dataclass, field
from datetime import date

Cell = str | float | bool | date | None


@dataclass(frozen=True)
class Merge:
    """A merged range; rows and columns count from 0, the last ones belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """A visible sheet: ``rows[0]`` is its first row whatever is empty; empty cells are ``""``."""

    name: str
    rows: list[list[Cell]]
    merges: list[Merge] = field(default_factory=list)
