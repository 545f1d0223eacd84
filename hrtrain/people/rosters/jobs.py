"""The job that takes an upload in, some hundred rows at a time, each part once."""

from collections.abc import Iterable
from typing import Any

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.core.jobs.queries import results_of
from hrtrain.core.jobs.worker import handles
from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.people.models import RosterRow, RosterUpload
from hrtrain.people.rosters.actions import apply_rows
from hrtrain.people.rosters.check import read
from hrtrain.people.rosters.plan import Known, Plan, plan
from hrtrain.people.rosters.queries import Terms, known_for, refused, rows_between
from hrtrain.people.rosters.refused import refused_rows
from hrtrain.people.rosters.types import Complaint
from hrtrain.people.rosters.uploads import (
    KIND,
    entry_of,
    finish_import,
    refuse_rows,
    terms_of,
)


def file_of_refused(upload: RosterUpload) -> bytes:
    """The spreadsheet of the rows that were refused; empty bytes when none were."""
    complaints = complaints_about(refused(upload))
    if not complaints:
        return b""
    sheets = read_spreadsheet(upload.content, upload.file_name)
    terms = Terms(starts_on=upload.starts_on, today=clock.today())
    return refused_rows(read(sheets, upload.file_name, terms), complaints)


def complaints_about(rows: Iterable[RosterRow]) -> list[Complaint]:
    """Every complaint about the rows, in their order."""
    return [
        Complaint.of_values(row.sheet, row.row, values) for row in rows for values in row.complaints
    ]


def _prepare(payload: dict[str, Any]) -> bytes:
    """The file of refused rows, made outside the transaction of the last part."""
    if not payload.get("finish"):
        return b""
    return file_of_refused(db.session.get_one(RosterUpload, payload["upload_id"]))


@handles(KIND, prepare=_prepare)
def import_part(item: JobItem, job: Job, refused_file: bytes) -> dict[str, Any]:
    """Plan the part's rows against what is known now, and apply what stands."""
    upload = db.session.get_one(RosterUpload, item.payload["upload_id"])
    if item.payload.get("finish"):
        finish_import(upload, refused_file)
        return {}
    rows = rows_between(upload.id, item.payload["first"], item.payload["last"])
    entries = [entry_of(row) for row in rows]
    user = db.session.get_one(User, job.asked_by_id)
    terms = terms_of(upload, user)
    known = _without(known_for(entries, terms), results_of(job))
    planned = plan(entries, known, terms.starts_on)
    refuse_rows({(row.sheet, row.row): row for row in rows}, planned.refused)
    made = apply_rows(planned.rows, terms.starts_on, ("roster", upload.key), by=user)
    return {"made": made, **_counts(planned)}


def _without(known: Known, results: Iterable[dict[str, Any]]) -> Known:
    """What was known before the import: two people of one file are two people."""
    made = {person_id for result in results for person_id in result.get("made", ())}
    people = [person for person in known.people if person.id not in made]
    return Known(people, known.memberships, known.units, known.groups)


def _counts(planned: Plan) -> dict[str, int]:
    counts = dict.fromkeys(("new", "changed", "unchanged"), 0)
    for row in planned.rows:
        counts[row.match] += 1
    return {**counts, "refused": len(planned.refused)}
