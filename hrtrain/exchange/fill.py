"""What a row has beyond the columns of its file: search and sort keys, hashes, codes, states."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, update

from hrtrain.core.text import search_key, sort_key
from hrtrain.exchange.certificate_rows import check_live, give_codes
from hrtrain.exchange.layout import PEOPLE, SHEETS
from hrtrain.exchange.load import Load
from hrtrain.people.identity import national_id_hash, new_access_code

Records = Sequence[dict[str, Any]]
Stored = Mapping[str, Any]
Fill = Callable[[Load, Records], None]
Trace = Callable[[Load, Stored, dict[str, Any]], None]
_NATIONAL_ID = re.compile(r"(\d{9}|\d{12})\Z", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_LAST4 = re.compile(r"\d{4}\Z", re.ASCII)


def _nothing(_load: Load, _records: Records) -> None:
    """Most files say all there is."""


def _no_trace(_load: Load, _known: Stored, _record: dict[str, Any]) -> None:
    """Most known rows need no note."""


def _note_names(load: Load, records: Records) -> None:
    for record in records:
        record["search_key"] = search_key(record["name"])
        named = (record["_row"], record["name"], record.get("short_name"))
        load.first_names[record["key"]] = named


def _note_lives(load: Load, records: Records) -> None:
    for record in records:
        load.lives[record["id"]] = (record["starts_on"], record["ends_on"])


def _note_life(load: Load, known: Stored, record: dict[str, Any]) -> None:
    load.former_lives[known["id"]] = (known["starts_on"], known["ends_on"])
    now = {**known, **record}
    load.lives[known["id"]] = (now["starts_on"], now["ends_on"])


def _leave_anonymous(_load: Load, known: Stored, record: dict[str, Any]) -> None:
    """A package from before brings nobody's name back."""
    if known["anonymised_at"] is not None:
        record.update({name: known[name] for name in record})


def _fill_people(load: Load, records: Records) -> None:
    for record in records:
        record["sort_key"] = sort_key(record["full_name"])
        record["search_key"] = search_key(record["full_name"])
        _hash_national_id(load, record)


def _hash_national_id(load: Load, record: dict[str, Any]) -> None:
    """Keep the hash and the last four digits; a package gives the number or the two of them."""
    number = record.pop("national_id", None)
    if number:
        if not _NATIONAL_ID.match(number):
            _refuse_number(load, record, "national_id", "is neither twelve digits nor nine")
        record["national_id_hash"] = national_id_hash(number, load.secret_key)
        record["national_id_last4"] = number[-4:]
    elif number == "" and "national_id_hash" not in record:
        record["national_id_hash"] = record["national_id_last4"] = ""
    elif record.get("national_id_hash") and not _HASH.match(record["national_id_hash"]):
        _refuse_number(load, record, "national_id_hash", "is no hash of 64 hexadecimal digits")
    elif record.get("national_id_last4") and not _LAST4.match(record["national_id_last4"]):
        _refuse_number(load, record, "national_id_last4", "is not four digits")


def _refuse_number(load: Load, record: dict[str, Any], column: str, reason: str) -> None:
    # The value itself is not repeated: national IDs are written nowhere, complaints included.
    load.complaints.add(PEOPLE.file, record["_row"], column, reason)


def _give_access_codes(_load: Load, records: Records) -> None:
    for record in records:
        record["access_code"] = new_access_code()


def _open_sessions(_load: Load, records: Records) -> None:
    for record in records:
        record.update(state="open", state_reason="")


def _fill_enrolments(load: Load, records: Records) -> None:
    """Enrolments of a package have no seat number; a session somebody completed was closed."""
    for record in records:
        record["state_reason"] = ""
    marked = [r for r in records if r["state"] in ("completed", "incomplete")]
    held = [{"_id": id_} for id_ in sorted({r["training_session_id"] for r in marked})]
    if load.may_write and held:
        session = load.table("training_session")
        is_open = and_(session.c.id == bindparam("_id"), session.c.state == "open")
        load.connection.execute(update(session).where(is_open).values(state="closed"), held)


DERIVED: dict[str, Fill] = {sheet.name: _nothing for sheet in SHEETS}
DERIVED.update(units=_note_names, people=_fill_people)
BEFORE: dict[str, Fill] = {sheet.name: _nothing for sheet in SHEETS}
BEFORE["certificates"] = check_live
ON_NEW: dict[str, Fill] = {sheet.name: _nothing for sheet in SHEETS}
ON_NEW.update(
    units=_note_lives,
    people=_give_access_codes,
    sessions=_open_sessions,
    enrolments=_fill_enrolments,
    certificates=give_codes,
)
ON_OLD: dict[str, Trace] = {sheet.name: _no_trace for sheet in SHEETS}
ON_OLD["units"] = _note_life
ON_OLD["people"] = _leave_anonymous
