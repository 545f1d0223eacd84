"""Asking for bulk work. The rows written here are the whole truth of it; no queue stands beside."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from hrtrain.core.db import db, new_key
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.core.jobs.queries import unfinished_job

Payload = dict[str, Any]


class Asker(Protocol):
    """Whoever asks; this layer knows no users, only that they have an id."""

    @property
    def id(self) -> Any:
        """The id in the users' table."""


def ask(
    kind: str,
    *,
    items: Sequence[Payload],
    payload: Payload | None = None,
    by: Asker | None = None,
    once: str = "",
) -> Job:
    """Ask a worker for one piece of work per item; it begins once the transaction is committed.

    ``once`` names what must not be asked for twice at a time: while a job of that name is
    unfinished, that job is the answer and nothing new is made.
    """
    if once and (already := unfinished_job(once)):
        return already
    job = Job(
        key=new_key("job"),
        kind=kind,
        payload=payload or {},
        total=len(items),
        asked_by_id=by.id if by else None,
        once=once,
    )
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except IntegrityError:
        # Somebody asked for the same in this very moment.
        if already := unfinished_job(once):
            return already
        raise
    rows = [{"job_id": job.id, "position": n, "payload": p} for n, p in enumerate(items, 1)]
    if rows:
        db.session.execute(insert(JobItem), rows)
    return job
