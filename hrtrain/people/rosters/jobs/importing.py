"""The job that takes an upload in, some hundred rows at a time, each part once."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.acts.models import Act, ActChange
from hrtrain.core.db import db
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.core.jobs.worker import handles
from hrtrain.core.language import gettext as _
from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.people.models import Person, RosterRow, RosterUpload
from hrtrain.people.rosters.actions import apply_rows, begin_act, end_memberships
from hrtrain.people.rosters.checking import Explained, understood
from hrtrain.people.rosters.kept_rows import complaints_about, entry_of
from hrtrain.people.rosters.known import Known
from hrtrain.people.rosters.leaving import ends_between, leaving_spans
from hrtrain.people.rosters.plan import Plan, plan
from hrtrain.people.rosters.queries import (
    known_for,
    refused_rows_of,
    rows_between,
    units_of_rows,
)
from hrtrain.people.rosters.reading import people_of
from hrtrain.people.rosters.refused import RefusedRow, refused_rows
from hrtrain.people.rosters.uploads import (
    KIND,
    finish_import,
    refuse_rows,
    remembered_columns,
    said_of_columns,
    terms_of,
)

# Of more rows no preview of figures is made: it would do the whole import to show it.
MOST_AT_ONCE = 3_000


def file_of_refused(upload: RosterUpload) -> bytes:
    """The spreadsheet of the rows that were refused; empty bytes when none were."""
    told = {(row.sheet, row.row): complaints_about(row) for row in refused_rows_of(upload)}
    if not told:
        return b""
    user = db.session.get(User, upload.uploaded_by_id) if upload.uploaded_by_id else None
    explained = Explained(said_of_columns(upload), remembered_columns(user) if user else {})
    content, name = upload.content, upload.file_name
    sheets = [understood(one, explained)[0] for one in read_spreadsheet(content, name)]

    def rows() -> Iterator[RefusedRow]:
        for sheet in sheets:
            for found in people_of(sheet, clock.today()):
                if complaints := told.get((sheet.sheet.name, found.row)):
                    said = found.entry.written() if found.entry else found.written
                    yield RefusedRow(said, complaints)

    return refused_rows(rows())


def _prepare(payload: dict[str, Any]) -> bytes:
    """The file of refused rows, made outside the transaction of the last part."""
    if not payload.get("finish"):
        return b""
    return file_of_refused(db.session.get_one(RosterUpload, payload["upload_id"]))


@handles(KIND, prepare=_prepare)
def import_part(item: JobItem, job: Job, refused_file: bytes) -> dict[str, Any]:
    """Plan the part's rows against what is known now, and apply what stands."""
    upload = db.session.get_one(RosterUpload, item.payload["upload_id"])
    user = db.session.get_one(User, job.asked_by_id)
    act = db.session.get_one(Act, upload.act_id)
    if item.payload.get("finish"):
        finish_import(upload, refused_file)
        return {}
    if "leaving" in item.payload:
        return _end_leaving(upload, item.payload["leaving"], act, user)
    rows = rows_between(upload.id, item.payload["first"], item.payload["last"])
    return _take(upload, rows, act, user)


def take_at_once(upload: RosterUpload, user: User) -> None:
    """Do in one transaction what the job does in many: to see what it would change."""
    act = begin_act(("roster", upload.key), upload.file_name, by=user)
    _take(upload, rows_between(upload.id, 1, MOST_AT_ONCE), act, user)
    for first, last in leaving_spans(upload):
        _end_leaving(upload, [first, last], act, user)


def _take(upload: RosterUpload, rows: list[RosterRow], act: Act, user: User) -> dict[str, Any]:
    entries = [entry_of(row) for row in rows]
    terms = terms_of(upload, user)
    known = known_for(entries, terms, units_of_rows(rows, terms))
    planned = plan(entries, _without_made(known, act), terms.starts_on)
    refuse_rows({(row.sheet, row.row): row for row in rows}, planned.refused)
    apply_rows(planned.rows, terms.starts_on, ("roster", upload.key), by=user, act=act)
    return _counts(planned)


def _end_leaving(upload: RosterUpload, span: list[int], act: Act, user: User) -> dict[str, Any]:
    ended = end_memberships(ends_between(upload, *span), act)
    summary = _("Kết thúc %(count)s người không còn trong danh sách", count=ended)
    record(user, "roster_leaving_ended", ("roster", upload.key), summary, people=ended)
    return {"ended": ended}


def _without_made(known: Known, act: Act) -> Known:
    """What was known before the import: two people of one file are two people."""
    asked = select(ActChange.row_id).where(
        ActChange.act_id == act.id,
        ActChange.table_name == Person.__tablename__,
        ActChange.before.is_(None),
        ActChange.row_id.in_([person.id for person in known.people]),
    )
    made = set(db.session.scalars(asked))
    people = [person for person in known.people if person.id not in made]
    return Known(people, known.memberships, known.units, known.groups)


def _counts(planned: Plan) -> dict[str, int]:
    counts = dict.fromkeys(("new", "changed", "unchanged"), 0)
    for row in planned.rows:
        counts[row.match] += 1
    return {**counts, "refused": len(planned.refused)}
