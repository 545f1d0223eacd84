"""Rows as an upload keeps them: what they say without national IDs, and what they would do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hrtrain.people.models import RosterRow
from hrtrain.people.rosters.plan import Place, Planned
from hrtrain.people.rosters.types import NEW_PERSON, SAME_ROW, Code, Complaint, Entry

_BESIDE = frozenset({"birth_precision", "national_id_last4"})
_DIGITS = 4


def good_row(row: Planned) -> dict[str, Any]:
    """The columns of a row that stands; of what changes, the old and the new are kept."""
    values = row.entry.as_values()
    place = {"sheet": values.pop("sheet"), "row": values.pop("row")}
    entry = {
        **values,
        "changes": list(_changes(row)) if row.match == "changed" else [],
        "joins": len(row.group_ids),
    }
    return {
        **place,
        "state": row.match,
        "person_id": row.person_id,
        "unit_id": row.unit_id,
        "entry": entry,
        "complaints": [],
    }


def _changes(row: Planned) -> Iterator[list[str]]:
    """Each changed field, before and after; of national IDs the last digits."""
    for name, after in row.changes.items():
        if name == "national_id_hash":
            before = row.before.get("national_id_last4", "")
            yield ["national_id", f"…{before}" if before else "", f"…{row.entry.national_id_last4}"]
        elif name not in _BESIDE:
            yield [name, row.before.get(name, ""), after]


def refused_row(
    place: Place,
    said: Mapping[str, Any],
    complaints: Sequence[Complaint],
    person_id: int | None = None,
) -> dict[str, Any]:
    """The columns of a row that does not stand."""
    entry = {name: value for name, value in said.items() if name not in ("sheet", "row")}
    entry["national_id"] = hidden_number(said.get("national_id", ""))
    return {
        "sheet": place[0],
        "row": place[1],
        "state": "refused",
        "person_id": person_id,
        "unit_id": None,
        "entry": entry,
        "complaints": [stored(one) for one in complaints],
    }


def stored(complaint: Complaint) -> dict[str, Any]:
    """The complaint as it is kept."""
    values = complaint.as_values()
    if complaint.column == "national_id":
        values["value"] = hidden_number(complaint.value)
    return values


def hidden_number(text: str) -> str:
    """A national ID as it may be shown and kept: dots, and its last four characters."""
    return "•" * max(0, len(text) - _DIGITS) + text[-_DIGITS:]


def entry_of(row: RosterRow) -> Entry:
    """The entry of a kept row, as it can be planned again."""
    kept = {name: row.entry[name] for name in Entry.__dataclass_fields__ if name in row.entry}
    kept["warnings"] = tuple(kept["warnings"])
    return Entry(sheet=row.sheet, row=row.row, **kept)


def is_entry(row: RosterRow) -> bool:
    """Whether the row could be read, and only what is known stands in its way."""
    return "folded_name" in row.entry


def complaints_about(row: RosterRow) -> list[Complaint]:
    """The row's complaints."""
    return [Complaint.of_values(row.sheet, row.row, values) for values in row.complaints]


def choices_of(row: RosterRow) -> set[str]:
    """What may be said of a row that needs review; nothing of any other."""
    asked = [one for one in complaints_about(row) if one.code is Code.NEEDS_REVIEW]
    if not asked or not is_entry(row):
        return set()
    candidates = [candidate for one in asked for candidate in one.candidates]
    people = {candidate.person for candidate in candidates} - {""}
    rows = {SAME_ROW for candidate in candidates if candidate.row is not None}
    return people | rows | {NEW_PERSON}


def may_move(row: RosterRow) -> bool:
    """Whether somebody may say that the row's person moves to its unit."""
    return is_entry(row) and any(one.may_move for one in complaints_about(row))
