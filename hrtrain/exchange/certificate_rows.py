"""Certificates of a package: one valid one per person, course and session; codes to check them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from hrtrain.certificates.rules import new_check_code, new_qr_code
from hrtrain.exchange.layout import CERTIFICATES
from hrtrain.exchange.load import Load, parts

Records = Sequence[dict[str, Any]]
Place = tuple[int, int, int]


def check_live(load: Load, records: Records) -> None:
    """Complain where a person would hold two valid certificates of one course and session."""
    for record in records:
        place = _place(record)
        if place is None:
            continue
        key, row = load.issued.setdefault(place, (record["key"], record["_row"]))
        if key != record["key"]:
            reason = f"row {row} is a valid certificate of the same person, course and session"
            load.complaints.add(CERTIFICATES.file, record["_row"], "certificate", reason)
    said = {record["key"] for record in records}
    for place, key in _issued_before(load, records):
        found, row = load.issued.get(place, (key, 0))
        if found != key and key not in said:
            reason = f"{key!r} is a valid certificate of the same person, course and session"
            load.complaints.add(CERTIFICATES.file, row, "certificate", reason)


def _place(record: dict[str, Any]) -> Place | None:
    session = record.get("training_session_id")
    if record.get("state", "issued") != "issued" or not isinstance(session, int):
        return None
    return (record["person_id"], record["course_id"], session)


def _issued_before(load: Load, records: Records) -> Iterator[tuple[Place, str]]:
    if load.is_empty("certificate"):
        return
    table = load.table("certificate")
    columns = (table.c.person_id, table.c.course_id, table.c.training_session_id, table.c.key)
    for part in parts(sorted({record["person_id"] for record in records})):
        known = select(*columns).where(table.c.person_id.in_(part), table.c.state == "issued")
        for person, course, session, key in load.connection.execute(known):
            yield (person, course, session), key


def give_codes(_load: Load, records: Records) -> None:
    """A code to type and one for the QR, for certificates made elsewhere."""
    for record in records:
        record["check_code"] = new_check_code()
        record["qr_code"] = new_qr_code()
