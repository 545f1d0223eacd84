"""Uploads of rosters: kept with what their rows would do, taken in by a job, or discarded.

National IDs stay in ``content`` alone and only until the import is over; rows keep hashes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import insert, update

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.jobs.actions import ask
from hrtrain.core.jobs.models import Job
from hrtrain.core.language import gettext as _
from hrtrain.people.models import RosterRow, RosterUpload
from hrtrain.people.rosters.check import Check
from hrtrain.people.rosters.plan import Planned, plan
from hrtrain.people.rosters.queries import Terms, counts_of, known_for, row_at
from hrtrain.people.rosters.types import NEW_PERSON, Code, Complaint, Entry
from hrtrain.units.scope import scope_of

KIND = "people.import_roster"
# Who may take rosters in, for the units of their grants.
IMPORTERS = (Role.ORGANIZER, Role.FOCAL_POINT, Role.PROGRAMME_MANAGER)
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class File:
    """A spreadsheet somebody sent."""

    name: str
    content: bytes
    sha256: str


def keep_upload(key: str, file: File, terms: Terms, checked: Check, *, by: User) -> RosterUpload:
    """Keep the file and what each of its rows would do; nothing else is written yet."""
    upload = RosterUpload(
        key=key,
        file_name=file.name[:250],
        content=file.content,
        sha256=file.sha256,
        unit_id=terms.unit_id,
        group_id=terms.group_id,
        starts_on=terms.starts_on,
        uploaded_by_id=by.id,
        uploaded_at=clock.now(),
        reading={"sheets": list(_sheets(checked)), "counts": checked.summary},
    )
    db.session.add(upload)
    db.session.flush()
    rows = [
        {"upload_id": upload.id, "position": position, **values}
        for position, values in enumerate(_rows(checked), 1)
    ]
    if rows:
        db.session.execute(insert(RosterRow), rows)
    record(by, "roster_uploaded", ("roster", key), _("Gửi danh sách %(name)s", name=file.name))
    return upload


def _sheets(checked: Check) -> Iterator[dict[str, Any]]:
    for reading in checked.readings:
        yield {
            "sheet": reading.sheet,
            "header_row": reading.header_row,
            "columns": [list(column) for column in reading.columns],
        }


def _rows(checked: Check) -> list[dict[str, Any]]:
    """Every person row once, in the order of the file."""
    order = {reading.sheet: at for at, reading in enumerate(checked.readings)}
    written = {
        (reading.sheet, row): said
        for reading in checked.readings
        for row, said in reading.written.items()
    }
    entries = {(entry.sheet, entry.row): entry for entry in checked.entries}
    rows = [_good_row(row) for row in checked.plan.rows]
    for place, complaints in _by_row(checked.complaints).items():
        said = written[place] if place in written else asdict(entries[place])
        rows.append(_refused_row(place, said, complaints))
    return sorted(rows, key=lambda row: (order[row["sheet"]], row["row"]))


def _by_row(complaints: list[Complaint]) -> dict[tuple[str, int], list[Complaint]]:
    found: dict[tuple[str, int], list[Complaint]] = {}
    for one in complaints:
        found.setdefault((one.sheet, one.row), []).append(one)
    return found


def _good_row(row: Planned) -> dict[str, Any]:
    values = asdict(row.entry)
    place = {"sheet": values.pop("sheet"), "row": values.pop("row")}
    changes = [name for name in row.changes if name not in ("birth_precision", "national_id_last4")]
    entry = {**values, "changes": changes, "joins": len(row.group_ids)}
    return {**place, "state": row.match, "entry": entry, "complaints": []}


def _refused_row(
    place: tuple[str, int], said: Mapping[str, Any], complaints: list[Complaint]
) -> dict[str, Any]:
    entry = {name: value for name, value in said.items() if name not in ("sheet", "row")}
    entry["national_id"] = hidden_number(said.get("national_id", ""))
    return {
        "sheet": place[0],
        "row": place[1],
        "state": "refused",
        "entry": entry,
        "complaints": [_stored(one) for one in complaints],
    }


def _stored(complaint: Complaint) -> dict[str, Any]:
    values = complaint.as_values()
    if complaint.column == "national_id":
        values["value"] = hidden_number(complaint.value)
    return values


def hidden_number(text: str) -> str:
    """A national ID as it may be shown and kept: dots, and its last four characters."""
    return "•" * max(0, len(text) - 4) + text[-4:]


def entry_of(row: RosterRow) -> Entry:
    """The entry of a kept row, as it can be planned again."""
    kept = {name: row.entry[name] for name in Entry.__dataclass_fields__ if name in row.entry}
    kept["warnings"] = tuple(kept["warnings"])
    return Entry(sheet=row.sheet, row=row.row, **kept)


def terms_of(upload: RosterUpload, user: User) -> Terms:
    """On what terms the upload's rows are taken, by the user's present reach."""
    return Terms(
        starts_on=upload.starts_on,
        today=clock.today(),
        unit_id=upload.unit_id,
        group_id=upload.group_id,
        scope=scope_of(user, *IMPORTERS),
    )


def decide_row(upload: RosterUpload, position: int, choice: str, *, by: User) -> None:
    """Say of a row that needed review who it is: a candidate's key, or `NEW_PERSON`.

    The row is planned again. Refused when it has nothing to decide, or once the import began.
    """
    lock(upload)
    if upload.state != "checked":
        raise Stale(_("Danh sách này đã được xác nhận hoặc đã bỏ."))
    row = row_at(upload, position)
    if row is None or choice not in _choices(row):
        raise Refusal(_("Dòng này không có gì để chọn."))
    entry, terms = replace(entry_of(row), decided=choice), terms_of(upload, by)
    planned = plan([entry], known_for([entry], terms), terms.starts_on)
    if planned.refused:
        row.complaints = [_stored(one) for one in planned.refused]
    for done in planned.rows:
        values = _good_row(done)
        row.state, row.entry, row.complaints = values["state"], values["entry"], []
    db.session.flush()
    upload.reading = {**upload.reading, "counts": counts_of(upload)}
    record(by, "roster_row_decided", ("roster", upload.key), upload.file_name, row=row.row)


def _choices(row: RosterRow) -> set[str]:
    """What may be said of the row; nothing unless the database's people are in question."""
    told = [Complaint.of_values(row.sheet, row.row, values) for values in row.complaints]
    asked = [one for one in told if one.code is Code.NEEDS_REVIEW and "folded_name" in row.entry]
    people = {candidate.person for one in asked for candidate in one.candidates}
    return people - {""} | {NEW_PERSON} if asked else set()


def begin_import(upload: RosterUpload, *, by: User) -> Job:
    """Ask for the import of the rows that stand; asked twice it is one job."""
    lock(upload)
    if upload.state == "discarded":
        raise Stale(_("Danh sách này đã bị bỏ."))
    if upload.job_id is not None:
        return db.session.get_one(Job, upload.job_id)
    total = sum(counts_of(upload).values())
    spans = [
        {"upload_id": upload.id, "first": first, "last": first + ROWS_AT_ONCE - 1}
        for first in range(1, total + 1, ROWS_AT_ONCE)
    ]
    items = [*spans, {"upload_id": upload.id, "finish": True}]
    payload = {"upload": upload.key, "file_name": upload.file_name}
    job = ask(KIND, items=items, payload=payload, by=by, once=f"{KIND} {upload.key}")
    upload.state, upload.job_id = "importing", job.id
    db.session.flush()
    record(by, "roster_confirmed", ("roster", upload.key), upload.file_name)
    return job


def discard_upload(upload: RosterUpload, *, by: User) -> None:
    """Forget the file; what was imported of it stays. Refused while the import runs."""
    lock(upload)
    if upload.state == "importing":
        raise Stale(_("Danh sách này đang được nhập, chưa bỏ được."))
    if upload.state == "discarded":
        return
    upload.state, upload.content = "discarded", b""
    db.session.execute(
        update(RosterRow).where(RosterRow.upload_id == upload.id).values(entry={}, complaints=[])
    )
    record(by, "roster_discarded", ("roster", upload.key), upload.file_name)


def refuse_rows(rows: Mapping[tuple[str, int], RosterRow], complaints: list[Complaint]) -> None:
    """Rows that no longer stand, because what is known has changed since they were checked."""
    for place, found in _by_row(complaints).items():
        row = rows[place]
        row.state, row.complaints = "refused", [_stored(one) for one in found]
    db.session.flush()


def finish_import(upload: RosterUpload, refused_file: bytes) -> None:
    """The import is over: of the file nothing is kept but the rows that were refused."""
    upload.state, upload.content = "imported", refused_file
    upload.reading = {**upload.reading, "counts": counts_of(upload)}
    db.session.flush()
