"""The same person twice in one file, and people a file does not tell apart. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from sys import intern
from typing import NamedTuple

from hrtrain.core.text import search_key
from hrtrain.people.rosters.types import Candidate, Code, Complaint, Entry, SheetReading

# A list of thousands of one name at one unit is no list of people; it must not take for ever.
MOST_NAMESAKES = 300


class _Kept(NamedTuple):
    """What later rows are compared with: as little of a row as that takes."""

    sheet: str
    row: int
    full_name: str
    national_id: str
    birth_date: str
    birth_precision: str
    gender: str
    position: str
    phone: str
    email: str
    unit: str


def _kept(entry: Entry) -> _Kept:
    return _Kept(
        intern(entry.sheet),
        entry.row,
        entry.full_name,
        entry.national_id,
        entry.birth_date,
        intern(entry.birth_precision),
        intern(entry.gender),
        intern(entry.position),
        entry.phone,
        entry.email,
        intern(search_key(entry.unit_text)),
    )


class Twins:
    """The people met so far, by what a repeated one is known by."""

    def __init__(self) -> None:
        self._by_id: dict[str, _Kept] = {}
        # Namesakes are one person only at one unit or when born on one day.
        self._namesakes: dict[tuple[str, str], list[_Kept]] = {}

    def complaint(self, entry: Entry) -> Complaint | None:
        """Why the row may repeat an earlier one; a row nothing is said against is kept in mind."""
        one = _kept(entry)
        places = [(entry.folded_name, one.unit)]
        if one.birth_precision == "day":
            places.append((entry.folded_name, f"={one.birth_date}"))
        some = [other for at in places for other in self._namesakes.get(at, ())[-MOST_NAMESAKES:]]
        namesakes = list({(other.sheet, other.row): other for other in some}.values())
        found = _complaint(one, self._by_id.get(one.national_id), namesakes)
        if found is None:
            for place in places:
                self._namesakes.setdefault(place, []).append(one)
            if one.national_id:
                self._by_id[one.national_id] = one
        return found


def refuse_twins(readings: Iterable[SheetReading]) -> list[SheetReading]:
    """The readings, with rows that repeat an earlier row turned into complaints."""
    twins = Twins()
    checked = []
    for reading in readings:
        kept, complaints, written = [], list(reading.complaints), dict(reading.written)
        for entry in reading.entries:
            complaint = twins.complaint(entry)
            if complaint is not None:
                complaints.append(complaint)
                written[entry.row] = entry.written()
                continue
            kept.append(entry)
        complaints.sort(key=lambda complaint: complaint.row)
        checked.append(
            replace(reading, entries=tuple(kept), complaints=tuple(complaints), written=written)
        )
    return checked


def _complaint(entry: _Kept, same: _Kept | None, namesakes: Sequence[_Kept]) -> Complaint | None:
    if same is not None:
        return _repeats(entry, same)
    rivals = [other for other in namesakes if not _told_apart(entry, other)]
    for other in rivals:
        if _is_repeated(entry, other):
            return _repeats(entry, other)
    if not rivals:
        return None
    # A namesake of the same unit, and nothing to tell the two apart: a person decides.
    candidates = tuple(
        Candidate(other.full_name, birth_date=other.birth_date, row=other.row) for other in rivals
    )
    return Complaint(
        entry.sheet,
        entry.row,
        "full_name",
        Code.NEEDS_REVIEW,
        entry.full_name,
        candidates=candidates,
    )


def _repeats(entry: _Kept, other: _Kept) -> Complaint:
    return Complaint(
        entry.sheet,
        entry.row,
        "full_name",
        Code.DUPLICATE_IN_FILE,
        entry.full_name,
        same_as_row=other.row,
        same_as_sheet="" if other.sheet == entry.sheet else other.sheet,
    )


def _told_apart(entry: _Kept, other: _Kept) -> bool:
    """Whether two rows of one name are two people: identity numbers, births or units say so."""
    if entry.national_id and other.national_id:
        return True
    if not births_agree(entry.birth_date, other.birth_date):
        return True
    same_day = entry.birth_precision == other.birth_precision == "day"
    return not same_day and entry.unit != other.unit


def births_agree(one: str, other: str) -> bool:
    """Whether two cut ISO dates may be the same day; an unknown one may be any day."""
    return one.startswith(other) or other.startswith(one)


def _is_repeated(entry: _Kept, other: _Kept) -> bool:
    if entry.birth_precision == other.birth_precision == "day":
        return True
    told = ("birth_date", "gender", "position", "phone", "email")
    return all(getattr(entry, name) == getattr(other, name) for name in told)
