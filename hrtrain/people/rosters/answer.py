"""A check as the plain values of `flask roster check --json`. Pure but for words."""

from typing import Any

from hrtrain.people.rosters.check import Check
from hrtrain.people.rosters.types import Complaint, Entry
from hrtrain.people.rosters.words import sentence

_FIELDS = (
    *("row", "full_name", "gender", "birth_date", "birth_precision", "position", "unit_text"),
    *("phone", "email", "national_id"),
)


def answer(file_name: str, checked: Check) -> dict[str, Any]:
    """What the command answers: entries with what they match, complaints, the summary."""
    matches = {(row.entry.sheet, row.entry.row): row.match for row in checked.plan.rows}
    complaints: dict[str, list[dict[str, Any]]] = {}
    for one in checked.complaints:
        complaints.setdefault(one.sheet, []).append(_complaint(one))
    sheets = [
        {
            "sheet": reading.sheet,
            "header_row": reading.header_row,
            "entries": [
                _entry(entry, matches[entry.sheet, entry.row])
                for entry in reading.entries
                if (entry.sheet, entry.row) in matches
            ],
            "complaints": complaints.get(reading.sheet, []),
        }
        for reading in checked.readings
    ]
    return {"file": file_name, "sheets": sheets, "summary": checked.summary}


def _entry(entry: Entry, match: str) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in _FIELDS}
    return {**values, "warnings": list(entry.warnings), "match": match}


def _complaint(complaint: Complaint) -> dict[str, Any]:
    values = {
        "row": complaint.row,
        "column": complaint.column,
        "code": complaint.code,
        "value": complaint.value,
        "message": sentence(complaint),
    }
    left_out = {*values, "person", "may_move", "clashing_unit_id"}
    more = {name: value for name, value in complaint.as_values().items() if name not in left_out}
    return {**values, **more}
