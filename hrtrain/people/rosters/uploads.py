"""Uploads of rosters: kept, read, decided about row by row, confirmed, discarded.

National IDs stay in ``content`` alone and only until the import is over; rows keep hashes.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, insert, select, update

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.jobs.actions import ask
from hrtrain.core.jobs.models import Job
from hrtrain.core.language import gettext as _
from hrtrain.people.models import Person, RosterRow, RosterUpload
from hrtrain.people.rosters.actions import begin_act
from hrtrain.people.rosters.kept_rows import (
    choices_of,
    complaints_about,
    entry_of,
    good_row,
    may_move,
    stored,
)
from hrtrain.people.rosters.leaving import (
    forget_leaving,
    leaving_spans,
    list_leaving,
    person_is_met,
)
from hrtrain.people.rosters.models import RememberedColumns
from hrtrain.people.rosters.plan import plan
from hrtrain.people.rosters.queries import (
    Terms,
    counts_of,
    known_for,
    movable_positions,
    row_at,
    rows_at,
)
from hrtrain.people.rosters.types import (
    SAME_ROW,
    Code,
    Columns,
    Complaint,
    Entry,
)
from hrtrain.units.scope import scope_of

KIND = "people.import_roster"
READ_KIND = "people.read_roster"
UNDO_KIND = "people.undo_roster"
# Who may take rosters in, for the units of their grants.
IMPORTERS = (Role.ORGANIZER, Role.FOCAL_POINT, Role.PROGRAMME_MANAGER)
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class File:
    """A spreadsheet somebody sent."""

    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True)
class Checked:
    """What reading a file gave: how its sheets were understood, and whom its rows may mean."""

    sheets: Sequence[dict[str, Any]]
    in_review: frozenset[str]
    said: Mapping[str, Columns]


def keep_upload(key: str, file: File, terms: Terms, covers: str, *, by: User) -> RosterUpload:
    """Keep the file; nothing is read yet."""
    upload = RosterUpload(
        key=key,
        file_name=file.name[:250],
        content=file.content,
        sha256=file.sha256,
        unit_id=terms.unit_id,
        group_id=terms.group_id,
        starts_on=terms.starts_on,
        covers=covers,
        uploaded_by_id=by.id,
        uploaded_at=clock.now(),
        reading={"sheets": [], "counts": dict.fromkeys(_STATES, 0), "said": {}},
    )
    db.session.add(upload)
    db.session.flush()
    record(by, "roster_uploaded", ("roster", key), _("Gửi danh sách %(name)s", name=file.name))
    return upload


_STATES = ("new", "changed", "unchanged", "refused")


def begin_reading(upload: RosterUpload, said: Mapping[str, Columns]) -> str:
    """What was read of the upload is forgotten; the turn of whoever reads it now."""
    lock(upload)
    if upload.state not in ("reading", "unread", "checked"):
        raise Stale(_("Danh sách này đã được xác nhận hoặc đã bỏ."))
    db.session.execute(delete(RosterRow).where(RosterRow.upload_id == upload.id))
    forget_leaving(upload)
    upload.state, upload.fault, upload.turn = "reading", "", secrets.token_hex(16)
    upload.reading = {**upload.reading, "said": _plain(said)}
    db.session.flush()
    return upload.turn


def _plain(said: Mapping[str, Columns]) -> dict[str, Any]:
    return {name: columns.as_values() for name, columns in said.items()}


def said_of_columns(upload: RosterUpload) -> dict[str, Columns]:
    """How somebody said the upload's sheets are to be read."""
    said = upload.reading.get("said", {})
    return {name: Columns.of_values(values) for name, values in said.items()}


def keep_rows(upload: RosterUpload, turn: str, first: int, rows: Sequence[dict[str, Any]]) -> None:
    """Keep a part of the rows, from this position on. Stale when somebody else reads it by now."""
    lock(upload)
    if upload.turn != turn or upload.state != "reading":
        raise Stale(_("Danh sách này đang được đọc lại."))
    values = [
        {"upload_id": upload.id, "position": position, **row}
        for position, row in enumerate(rows, first)
    ]
    if values:
        db.session.execute(insert(RosterRow), values)


def finish_reading(upload: RosterUpload, turn: str, checked: Checked, terms: Terms) -> None:
    """All rows are kept: count them, and list who is missing."""
    keep_rows(upload, turn, 1, [])
    upload.state, upload.turn = "checked", ""
    upload.reading = {
        "sheets": list(checked.sheets),
        "counts": counts_of(upload),
        "said": _plain(checked.said),
    }
    list_leaving(upload, terms, checked.in_review)
    db.session.flush()


def fail_reading(upload: RosterUpload, fault: str) -> None:
    """The file cannot be read; its sender is told why."""
    lock(upload)
    upload.state, upload.fault, upload.turn = "unread", fault, ""
    db.session.execute(delete(RosterRow).where(RosterRow.upload_id == upload.id))
    db.session.flush()


def ask_reading(upload: RosterUpload, *, by: User) -> Job:
    """Ask for a large file to be read by the worker."""
    payload = {"upload": upload.key, "file_name": upload.file_name}
    item = {"upload_id": upload.id, "user_id": by.id}
    job = ask(READ_KIND, items=[item], payload=payload, by=by, once=f"{READ_KIND} {upload.turn}")
    upload.job_id = job.id
    db.session.flush()
    return job


def remember_columns(explained: Mapping[str, Columns], *, by: User) -> None:
    """Keep how headers, by their fingerprints, are to be read when the same sender has them."""
    asked = select(RememberedColumns).where(
        RememberedColumns.user_id == by.id, RememberedColumns.fingerprint.in_(explained)
    )
    known = {one.fingerprint: one for one in db.session.scalars(asked)}
    for fingerprint, columns in explained.items():
        one = known.get(fingerprint)
        if one is None:
            one = RememberedColumns(user_id=by.id, fingerprint=fingerprint)
            db.session.add(one)
        one.columns, one.said_at = columns.as_values(), clock.now()
    db.session.flush()


def remembered_columns(user: User) -> dict[str, Columns]:
    """What the sender has explained before, by the fingerprints of headers."""
    asked = select(RememberedColumns).where(RememberedColumns.user_id == user.id)
    return {one.fingerprint: Columns.of_values(one.columns) for one in db.session.scalars(asked)}


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
    """Say of a row that needed review who it is: a candidate's key, `NEW_PERSON` or `SAME_ROW`.

    The row is planned again. Refused when it has nothing to decide, or once the import began.
    """
    row = _open_row(upload, position)
    if row is None or choice not in choices_of(row):
        raise Refusal(_("Dòng này không có gì để chọn."))
    if choice == SAME_ROW:
        _is_same_row(row)
    else:
        _plan_again(upload, [(row, replace(entry_of(row), decided=choice))], by)
    _count_anew(upload)
    record(by, "roster_row_decided", ("roster", upload.key), upload.file_name, row=row.row)


def move_row(upload: RosterUpload, position: int, *, by: User) -> None:
    """Say that the row's person, until now at another unit, goes on at the row's from the day."""
    row = _open_row(upload, position)
    if row is None or not may_move(row):
        raise Refusal(_("Dòng này không có gì để chọn."))
    _plan_again(upload, [(row, replace(entry_of(row), moves=True))], by)
    _count_anew(upload)
    record(by, "roster_row_decided", ("roster", upload.key), upload.file_name, row=row.row)


def move_all(upload: RosterUpload, *, by: User) -> int:
    """Say of everybody who may move that they do; how many do."""
    lock(upload)
    if upload.state != "checked":
        raise Stale(_("Danh sách này đã được xác nhận hoặc đã bỏ."))
    positions, moved = movable_positions(upload), 0
    for start in range(0, len(positions), ROWS_AT_ONCE):
        rows = rows_at(upload, positions[start : start + ROWS_AT_ONCE])
        moving = [(row, replace(entry_of(row), moves=True)) for row in rows if may_move(row)]
        _plan_again(upload, moving, by)
        moved += sum(row.state != "refused" for row, _entry in moving)
    _count_anew(upload)
    record(by, "roster_rows_decided", ("roster", upload.key), upload.file_name, rows=moved)
    return moved


def _open_row(upload: RosterUpload, position: int) -> RosterRow | None:
    lock(upload)
    if upload.state != "checked":
        raise Stale(_("Danh sách này đã được xác nhận hoặc đã bỏ."))
    return row_at(upload, position)


def _is_same_row(row: RosterRow) -> None:
    """The row says again what an earlier one says: it is left out, and no question any more."""
    [asked] = [one for one in complaints_about(row) if one.code is Code.NEEDS_REVIEW]
    other = next(one.row for one in asked.candidates if one.row is not None)
    said = replace(asked, code=Code.DUPLICATE_IN_FILE, same_as_row=other, candidates=())
    row.complaints = [stored(said)]


def _plan_again(
    upload: RosterUpload, decided: Sequence[tuple[RosterRow, Entry]], user: User
) -> None:
    rows = {(row.sheet, row.row): (row, entry) for row, entry in decided}
    entries, terms = [entry for _row, entry in decided], terms_of(upload, user)
    planned = plan(entries, known_for(entries, terms), terms.starts_on)
    refused = list(planned.refused)
    for done in planned.rows:
        row, entry = rows[done.entry.sheet, done.entry.row]
        met = _met_by(upload, row, done.person_id)
        if met is not None:
            refused.append(_same_person(entry, met))
            continue
        values = good_row(done)
        row.state, row.entry, row.complaints = values["state"], values["entry"], []
        row.person_id, row.unit_id = done.person_id, done.unit_id
        if done.person_id is not None:
            person_is_met(upload, done.person_id)
    for one in refused:
        row, entry = rows[one.sheet, one.row]
        row.complaints = [stored(one)]
        row.person_id = db.session.scalar(select(Person.id).where(Person.key == one.person))
        # What was decided stays said, so that what is left to decide comes on top of it.
        row.entry = {**row.entry, "decided": entry.decided, "moves": entry.moves}


def _met_by(upload: RosterUpload, row: RosterRow, person_id: int | None) -> RosterRow | None:
    """Another row of the file that is the person already."""
    if person_id is None:
        return None
    asked = select(RosterRow).where(
        RosterRow.upload_id == upload.id,
        RosterRow.person_id == person_id,
        RosterRow.id != row.id,
        RosterRow.state != "refused",
    )
    return db.session.scalars(asked.limit(1)).first()


def _same_person(entry: Entry, other: RosterRow) -> Complaint:
    return Complaint(
        entry.sheet,
        entry.row,
        "full_name",
        Code.DUPLICATE_IN_FILE,
        entry.full_name,
        same_as_row=other.row,
        same_as_sheet="" if other.sheet == entry.sheet else other.sheet,
    )


def _count_anew(upload: RosterUpload) -> None:
    db.session.flush()
    upload.reading = {**upload.reading, "counts": counts_of(upload)}


def begin_import(upload: RosterUpload, *, by: User) -> Job:
    """Ask for the import of the rows that stand; asked twice it is one job."""
    lock(upload)
    if upload.state in ("importing", "imported", "undone"):
        return db.session.get_one(Job, upload.job_id)
    if upload.state != "checked":
        raise Stale(_("Danh sách này đã bị bỏ hoặc đang được đọc lại."))
    total = sum(counts_of(upload).values())
    spans: list[dict[str, Any]] = [
        {"upload_id": upload.id, "first": first, "last": first + ROWS_AT_ONCE - 1}
        for first in range(1, total + 1, ROWS_AT_ONCE)
    ]
    leaving: list[dict[str, Any]] = [
        {"upload_id": upload.id, "leaving": [first, last]} for first, last in leaving_spans(upload)
    ]
    items = [*spans, *leaving, {"upload_id": upload.id, "finish": True}]
    payload = {"upload": upload.key, "file_name": upload.file_name}
    act = begin_act(("roster", upload.key), upload.file_name, by=by)
    job = ask(KIND, items=items, payload=payload, by=by, once=f"{KIND} {upload.key}")
    upload.state, upload.job_id, upload.act_id = "importing", job.id, act.id
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
    upload.state, upload.content, upload.turn = "discarded", b"", ""
    upload.reading = {**upload.reading, "sheets": []}
    forget_leaving(upload)
    db.session.execute(
        update(RosterRow).where(RosterRow.upload_id == upload.id).values(entry={}, complaints=[])
    )
    record(by, "roster_discarded", ("roster", upload.key), upload.file_name)


def refuse_rows(rows: Mapping[tuple[str, int], RosterRow], complaints: Iterable[Complaint]) -> None:
    """Rows that no longer stand, because what is known has changed since they were checked."""
    found: dict[tuple[str, int], list[Complaint]] = {}
    for one in complaints:
        found.setdefault((one.sheet, one.row), []).append(one)
    for place, told in found.items():
        row = rows[place]
        row.state, row.complaints = "refused", [stored(one) for one in told]
    db.session.flush()


def finish_import(upload: RosterUpload, refused_file: bytes) -> None:
    """The import is over: of the file nothing is kept but the rows that were refused."""
    upload.state, upload.content = "imported", refused_file
    sheets = [{**sheet, "samples": []} for sheet in upload.reading["sheets"]]
    upload.reading = {**upload.reading, "sheets": sheets, "counts": counts_of(upload)}
    db.session.flush()
