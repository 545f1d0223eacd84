"""A roster file read and compared with what is known: what it would do. Writes nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.core.sheet import Sheet
from hrtrain.people.rosters import reading
from hrtrain.people.rosters.plan import Plan, plan
from hrtrain.people.rosters.queries import Terms, known_for
from hrtrain.people.rosters.types import Complaint, Entry, SheetReading

Hash = Callable[[str], str]


@dataclass(frozen=True)
class Check:
    """How the sheets were understood, the rows without national IDs, and what they would do."""

    readings: list[SheetReading]
    entries: list[Entry]
    plan: Plan

    @property
    def complaints(self) -> list[Complaint]:
        """Every complaint, in the order of the file."""
        found = [one for reading in self.readings for one in reading.complaints]
        order = {reading.sheet: at for at, reading in enumerate(self.readings)}
        return sorted([*found, *self.plan.refused], key=lambda one: (order[one.sheet], one.row))

    @property
    def summary(self) -> dict[str, int]:
        """How many rows are new, changed, unchanged and refused."""
        counts = {"new": 0, "changed": 0, "unchanged": 0}
        for row in self.plan.rows:
            counts[row.match] += 1
        return {**counts, "refused": len({(one.sheet, one.row) for one in self.complaints})}


def check(sheets: list[Sheet], file_name: str, terms: Terms, national_id_hash: Hash) -> Check:
    """Read the sheets and plan their rows; refuses a file without any header of a roster."""
    readings = read(sheets, file_name, terms)
    entries = [_sealed(entry, national_id_hash) for one in readings for entry in one.entries]
    return Check(readings, entries, plan(entries, known_for(entries, terms), terms.starts_on))


def read(sheets: list[Sheet], file_name: str, terms: Terms) -> list[SheetReading]:
    """The sheets that hold something; refuses a file without any header of a roster."""
    filled = [sheet for sheet in sheets if any(any(map(bool, row)) for row in sheet.rows)]
    readings = reading.read(filled, terms.today)
    if not any(reading.header_row for reading in readings):
        raise Refusal(
            _("không thấy dòng tiêu đề (có cột “Họ và tên” và ít nhất một cột khác) ở trang nào."),
            where=file_name,
        )
    return readings


def _sealed(entry: Entry, national_id_hash: Hash) -> Entry:
    return entry.sealed(national_id_hash(entry.national_id))
