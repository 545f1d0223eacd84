"""What a sheet of a workbook is once read: plain values, merged ranges, nothing of the file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

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
    """A visible sheet: ``rows[0]`` is its first row whatever is empty; empty cells are ``""``.

    The rows of a large file lie on disk and are fetched one by one. ``hidden`` are the numbers,
    from 0, of rows that nobody sees in the file; they are among the rows all the same. ``fonts``
    says of columns, from 0, that their font is one of a legacy encoding (``tcvn3``, ``vni``).
    """

    name: str
    rows: Sequence[list[Cell]]
    merges: list[Merge] = field(default_factory=list)
    hidden: frozenset[int] = frozenset()
    fonts: dict[int, str] = field(default_factory=dict)

    @cached_property
    def merges_by_row(self) -> dict[int, list[Merge]]:
        """Merges by the rows they fill, as far as the fourth: headings are no taller."""
        found: dict[int, list[Merge]] = {}
        for merge in self.merges:
            for row in range(merge.top, min(merge.bottom, merge.top + 3) + 1):
                found.setdefault(row, []).append(merge)
        return found
