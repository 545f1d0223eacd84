"""The job that reads a large file: part by part, each kept in a short transaction of its own.

Killed at any moment it begins anew: whoever reads has the upload's turn, and loses it to the next.
"""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, insert, select, update

from hrtrain.accounts.models import User
from hrtrain.core.db import db, reading, writing
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.core.jobs.worker import handles
from hrtrain.core.sheet import Sheet
from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.people.identity import national_id_hash
from hrtrain.people.models import RosterUpload
from hrtrain.people.rosters.checking import Checking, Explained
from hrtrain.people.rosters.queries import Terms
from hrtrain.people.rosters.uploads import (
    READ_KIND,
    Checked,
    begin_reading,
    fail_reading,
    finish_reading,
    keep_rows,
    remembered_columns,
    said_of_columns,
    terms_of,
)

ROWS_AT_ONCE = 1_000


def sealed(digits: str) -> str:
    """The keyed hash of a national ID."""
    return national_id_hash(digits, current_app.config["SETTINGS"].secret_key)


def _prepare(payload: dict[str, Any]) -> None:
    """Read the file, telling its job how far that is."""
    upload = db.session.get_one(RosterUpload, payload["upload_id"])
    user = db.session.get_one(User, payload["user_id"])
    explained = Explained(said_of_columns(upload), remembered_columns(user))
    turn = begin_reading(upload, explained.said)
    _forget_progress(upload)
    db.session.commit()
    try:
        with reading():
            content, name, terms = upload.content, upload.file_name, terms_of(upload, user)
            db.session.rollback()
        _read(upload.id, turn, read_spreadsheet(content, name), terms, explained)
    except Stale:
        # Somebody else has the turn; nothing of this reading is kept.
        db.session.rollback()
    except Refusal as refusal:
        db.session.rollback()
        fail_reading(db.session.get_one(RosterUpload, payload["upload_id"]), str(refusal))
        db.session.commit()


def _read(
    upload_id: int, turn: str, sheets: Sequence[Sheet], terms: Terms, explained: Explained
) -> None:
    checking = Checking(sheets, terms, sealed, explained)
    parts = sum(len(sheet.rows) for sheet in sheets) // ROWS_AT_ONCE + 1
    first = 1
    with reading():
        for number, rows in enumerate(checking.parts(ROWS_AT_ONCE), 1):
            db.session.rollback()
            with writing():
                _keep(upload_id, turn, first, rows, (number, parts))
            first += len(rows)
    db.session.rollback()
    upload = db.session.get_one(RosterUpload, upload_id)
    checked = Checked(checking.sheets(), frozenset(checking.in_review), explained.said)
    finish_reading(upload, turn, checked, terms)
    db.session.commit()


def _keep(
    upload_id: int,
    turn: str,
    first: int,
    rows: Sequence[dict[str, Any]],
    done: tuple[int, int],
) -> None:
    from_reading = db.session.get_one(RosterUpload, upload_id)
    keep_rows(from_reading, turn, first, rows)
    _tell_progress(from_reading, *done)
    db.session.commit()
    db.session.expunge_all()


def _forget_progress(upload: RosterUpload) -> None:
    db.session.execute(delete(JobItem).where(JobItem.job_id == upload.job_id, JobItem.position > 1))


def _tell_progress(upload: RosterUpload, number: int, parts: int) -> None:
    """A part that is read is an item that is done; the job's page counts them."""
    done: dict[str, Any] = {
        "job_id": upload.job_id,
        "position": number + 1,
        "state": "done",
        "payload": {},
    }
    db.session.execute(insert(JobItem), [done])
    total = max(parts, number) + 1
    db.session.execute(update(Job).where(Job.id == upload.job_id).values(total=total))


@handles(READ_KIND, prepare=_prepare)
def read_part(item: JobItem, job: Job, _nothing: None) -> dict[str, Any]:
    """The reading is over; the job was as long as it has items."""
    counted = select(func.count()).where(JobItem.job_id == item.job_id)
    job.total = db.session.scalar(counted) or 1
    return {}
