"""What is wrong with a package: file, row as a spreadsheet counts it, column, reason."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from hrtrain.core.errors import Refusal

SHOWN = 200
KEPT = 10_000


@dataclass(frozen=True)
class Complaint:
    """One thing that stands in the way. Row 1 is the header, row 0 the file as a whole."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else ""
        column = f"column {self.column}" if self.column else ""
        return ", ".join(part for part in (self.file, place, column) if part) + f": {self.reason}"


@dataclass
class Complaints:
    """All complaints of a package; past ``KEPT`` they are counted, no longer kept."""

    rows: list[Complaint] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, row: int, column: str, reason: str) -> None:
        """Note one more."""
        self.count += 1
        if len(self.rows) < KEPT:
            self.rows.append(Complaint(file, row, column, reason))

    def in_order(self) -> list[Complaint]:
        """File by file in the order they were read, row by row."""
        files = {complaint.file: None for complaint in self.rows}
        place = {file: number for number, file in enumerate(files)}
        return sorted(self.rows, key=lambda complaint: (place[complaint.file], complaint.row))


class PackageRefused(Refusal):
    """The whole package is refused; nothing of it was kept."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints
        shown: Sequence[Complaint] = complaints.in_order()[:SHOWN]
        lines = [f"the package is refused, nothing was changed ({complaints.count} complaints)"]
        lines += [str(complaint) for complaint in shown]
        if complaints.count > len(shown):
            lines.append(f"… and {complaints.count - len(shown)} more")
        super().__init__("\n".join(lines))

    def as_values(self) -> dict[str, object]:
        """The complaints as plain values, for ``--json``."""
        return {
            "refused": self.complaints.count,
            "complaints": [asdict(complaint) for complaint in self.complaints.in_order()],
        }
