"""The same person twice in one file, and people a file does not tell apart. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from hrtrain.core.text import search_key
from hrtrain.people.rosters.types import Candidate, Code, Complaint, Entry, SheetReading

# Keys of an entry are compared with the first entry that had them.
_Seen = dict[tuple[str, ...], Entry]


def refuse_twins(readings: Iterable[SheetReading]) -> list[SheetReading]:
    """The readings, with rows that repeat an earlier row turned into complaints."""
    by_id: _Seen = {}
    by_name: dict[str, list[Entry]] = {}
    checked = []
    for reading in readings:
        kept, complaints, written = [], list(reading.complaints), dict(reading.written)
        for entry in reading.entries:
            complaint = _complaint(entry, by_id, by_name.get(entry.folded_name, []))
            if complaint is not None:
                complaints.append(complaint)
                written[entry.row] = entry.written()
                continue
            kept.append(entry)
            by_name.setdefault(entry.folded_name, []).append(entry)
            if entry.national_id:
                by_id[(entry.national_id,)] = entry
        complaints.sort(key=lambda complaint: complaint.row)
        checked.append(
            replace(reading, entries=tuple(kept), complaints=tuple(complaints), written=written)
        )
    return checked


def _complaint(entry: Entry, by_id: _Seen, namesakes: list[Entry]) -> Complaint | None:
    same = by_id.get((entry.national_id,)) if entry.national_id else None
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


def _repeats(entry: Entry, other: Entry) -> Complaint:
    return Complaint(
        entry.sheet,
        entry.row,
        "full_name",
        Code.DUPLICATE_IN_FILE,
        entry.full_name,
        same_as_row=other.row,
        same_as_sheet="" if other.sheet == entry.sheet else other.sheet,
    )


def _told_apart(entry: Entry, other: Entry) -> bool:
    """Whether two rows of one name are two people: identity numbers, births or units say so."""
    if entry.national_id and other.national_id:
        return True
    if not births_agree(entry.birth_date, other.birth_date):
        return True
    same_day = entry.birth_precision == other.birth_precision == "day"
    return not same_day and search_key(entry.unit_text) != search_key(other.unit_text)


def births_agree(one: str, other: str) -> bool:
    """Whether two cut ISO dates may be the same day; an unknown one may be any day."""
    return one.startswith(other) or other.startswith(one)


def _is_repeated(entry: Entry, other: Entry) -> bool:
    if entry.birth_precision == other.birth_precision == "day":
        return True
    told = ("birth_date", "gender", "position", "phone", "email")
    return all(getattr(entry, name) == getattr(other, name) for name in told)
