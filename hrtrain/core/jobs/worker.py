"""Doing bulk work: claim a job, do its items one by one, survive being killed at any moment.

A claim is a conditional UPDATE with a lease, so several workers share the jobs on both engines.
An item's work and its mark are committed together, behind a check of the lease: work is lost at
most back to the last item, never done twice. There is no queue beside the rows: a queue that
forgets a job when it hands it out lost 998 of 1,000 to a kill.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from hrtrain.core import clock
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.core.jobs.queries import item_counts
from hrtrain.core.language import gettext as _

LEASE = timedelta(seconds=30)
DEATHS_ALLOWED = 3
PAUSE_SECONDS = 0.5

log = logging.getLogger(__name__)

Apply = Callable[..., dict[str, Any] | None]
Prepare = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Handling:
    """How items of a kind are worked: ``prepare`` outside, ``apply`` inside the transaction."""

    apply: Apply
    prepare: Prepare | None


@dataclass(frozen=True)
class Claim:
    """A job this worker may work on while its lease holds."""

    job_id: int
    kind: str
    holder: str


class LeaseLost(Exception):
    """Another worker took the job over; nothing more may be committed for it."""


_handlings: dict[str, Handling] = {}
_chores: list[Callable[[], None]] = []


def handles(kind: str, prepare: Prepare | None = None) -> Callable[[Apply], Apply]:
    """Register ``handler(item, job) -> dict``, run in one transaction with the item's mark.

    With ``prepare(item_payload) -> plain values``, run before and outside any transaction (for
    PDFs, hashing, files), the handler is ``handler(item, job, prepared)``.
    """

    def keep(apply: Apply) -> Apply:
        _handlings[kind] = Handling(apply, prepare)
        return apply

    return keep


def looks_after(chore: Callable[[], None]) -> None:
    """Register what the worker sees to between jobs; it commits, and is done quickly mostly."""
    if chore not in _chores:
        _chores.append(chore)


def see_to_chores() -> None:
    """Do what is to be done between jobs; a chore that fails is told and tried again later."""
    for chore in _chores:
        try:
            chore()
        except Exception:
            log.exception("The worker's chore failed")
        db.session.rollback()


def run_forever(stop: Event) -> None:
    """Work on jobs as they come, until asked to stop; then the item at hand is finished first."""
    while not stop.is_set():
        try:
            see_to_chores()
            worked = run_next(stop)
        except DBAPIError:
            log.exception("The database did not answer; trying again")
            db.session.remove()
            worked = False
        if not worked:
            stop.wait(PAUSE_SECONDS)


def run_waiting() -> int:
    """Work until no job waits; how many were worked on. Ends the caller's transaction."""
    count, never = 0, Event()
    while run_next(never):
        count += 1
    return count


def run_next(stop: Event) -> bool:
    """Claim one job and work on it; False when none waits."""
    db.session.rollback()
    claim = _claim()
    if claim is None:
        return False
    try:
        _work(claim, stop)
    except LeaseLost:
        db.session.rollback()
        log.warning("Job %s was taken over by another worker", claim.job_id)
    return True


def _takeable(now: datetime) -> ColumnElement[bool]:
    left_behind = and_(Job.state == "running", Job.lease_ends_at < now)
    return or_(Job.state == "waiting", left_behind)


def _claim() -> Claim | None:
    now = clock.now()
    first = select(Job.id, Job.kind, Job.state).where(_takeable(now)).order_by(Job.id).limit(1)
    with reading():
        found = db.session.execute(first).first()
        db.session.rollback()
    if found is None:
        return None
    holder = secrets.token_hex(16)
    taken = db.session.execute(
        update(Job)
        .where(Job.id == found.id, _takeable(now))
        .values(state="running", lease_holder=holder, lease_ends_at=now + LEASE)
        .returning(Job.id)
    ).first()
    if taken and found.state == "running":
        _count_death(found.id)
    db.session.commit()
    return Claim(found.id, found.kind, holder) if taken else None


def _count_death(job_id: int) -> None:
    """An item over which worker after worker dies must not stop all others for ever."""
    item = db.session.scalar(_waiting_items(job_id))
    if item is None:
        return
    item.deaths += 1
    if item.deaths >= DEATHS_ALLOWED:
        item.state = "failed"
        item.error = _("Tiến trình xử lý đã dừng đột ngột nhiều lần ở mục này.")


def _waiting_items(job_id: int) -> Any:
    waiting = (JobItem.job_id == job_id, JobItem.state == "waiting")
    return select(JobItem).where(*waiting).order_by(JobItem.position).limit(1)


def _work(claim: Claim, stop: Event) -> None:
    if claim.kind not in _handlings:
        _end(claim, "failed", _("Không có phần nào nhận việc loại này."))
        return
    while not stop.is_set():
        with reading():
            item = db.session.scalar(_waiting_items(claim.job_id))
            place = (item.id, item.payload) if item else None
            db.session.rollback()
        if place is None:
            _finish(claim)
            return
        _work_item(claim, *place)
    _release(claim)


def _work_item(claim: Claim, item_id: int, payload: dict[str, Any]) -> None:
    handling = _handlings[claim.kind]
    try:
        prepared = _prepared(claim, handling, payload)
        _apply(claim, handling, item_id, prepared)
        db.session.commit()
    except (LeaseLost, OperationalError):
        # Neither is the item's fault; it stays waiting.
        db.session.rollback()
        raise
    except Refusal as refusal:
        _record_failure(claim, item_id, str(refusal))
    except Exception as error:
        log.exception("Item %s of job %s failed", item_id, claim.job_id)
        _record_failure(claim, item_id, _("Lỗi ngoài dự kiến: %(kind)s", kind=type(error).__name__))


def _prepared(claim: Claim, handling: Handling, payload: dict[str, Any]) -> tuple[Any, ...]:
    if handling.prepare is None:
        return ()
    with _lease_kept(claim):
        prepared = handling.prepare(payload)
    # What the preparation read must not leave a transaction open.
    db.session.rollback()
    return (prepared,)


def _apply(claim: Claim, handling: Handling, item_id: int, prepared: tuple[Any, ...]) -> None:
    _renew(claim)
    item = db.session.get_one(JobItem, item_id, populate_existing=True)
    if item.state != "waiting":
        return
    job = db.session.get_one(Job, claim.job_id, populate_existing=True)
    item.result = handling.apply(item, job, *prepared) or {}
    item.state = "done"


def _record_failure(claim: Claim, item_id: int, sentence: str) -> None:
    db.session.rollback()
    _renew(claim)
    item = db.session.get_one(JobItem, item_id, populate_existing=True)
    item.state, item.error = "failed", sentence
    db.session.commit()


def _renew(claim: Claim) -> None:
    """Prolong the lease and lock the job's row; from here to the commit nobody takes it over."""
    _update(claim, lease_ends_at=clock.now() + LEASE)


def _update(claim: Claim, **values: Any) -> None:
    mine = (Job.id == claim.job_id, Job.lease_holder == claim.holder, Job.state == "running")
    changed = update(Job).where(*mine).values(**values).returning(Job.id)
    if db.session.execute(changed.execution_options(synchronize_session=False)).first() is None:
        raise LeaseLost


@contextmanager
def _lease_kept(claim: Claim) -> Iterator[None]:
    """Renew the lease from a thread while a long preparation runs."""
    over = Event()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    thread = Thread(target=_keep_lease, args=(app, claim, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _keep_lease(app: Flask, claim: Claim, over: Event) -> None:
    while not over.wait(LEASE.total_seconds() / 3):
        with app.app_context():
            try:
                _renew(claim)
                db.session.commit()
            except (LeaseLost, DBAPIError):
                # The item's own transaction will notice.
                db.session.rollback()


def _finish(claim: Claim) -> None:
    counts = item_counts(claim.job_id)
    _end(claim, "failed" if counts.get("failed") and not counts.get("done") else "done")


def _end(claim: Claim, state: str, error: str = "") -> None:
    _update(claim, state=state, error=error, ended_at=clock.now())
    db.session.commit()


def _release(claim: Claim) -> None:
    """Hand the job back, so that another worker need not wait for the lease to run out."""
    _update(claim, state="waiting", lease_holder="", lease_ends_at=None)
    db.session.commit()
