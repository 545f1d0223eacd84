"""The run of the rules of retention: a job whose items do what was shown, looking again at each.

Nothing runs by itself: a rule counts only once switched on, and somebody asks for the run, on the
page or by a command that the office's own timetable calls.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import AuditEntry, SignIn, User
from hrtrain.certificates.models import Certificate
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.jobs.actions import ask
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.core.jobs.worker import handles
from hrtrain.core.language import gettext as _
from hrtrain.people.models import Person, RosterRow, RosterUpload
from hrtrain.privacy.actions.anonymising import anonymise
from hrtrain.privacy.actions.forgetting import forget_sent
from hrtrain.privacy.actions.register import forget_name_on
from hrtrain.privacy.keeping import (
    ACCESSES,
    AUDIT,
    CONTACTS,
    LEFT_PEOPLE,
    REGISTER,
    REQUESTS,
    ROSTERS,
    SIGN_INS,
)
from hrtrain.privacy.models import DataAccess, DataAccessPerson, SubjectRequest
from hrtrain.privacy.queries.retention import overdue_things, too_old
from hrtrain.privacy.queries.subjects import records_of

KIND = "privacy.retention"
# One item is one short transaction.
AT_ONCE = {LEFT_PEOPLE: 1, ROSTERS: 1, CONTACTS: 500, REGISTER: 200, REQUESTS: 500}
LINES_AT_ONCE = 5_000


def ask_for_run(today: date, *, by: User | None) -> Job:
    """Let a worker do what is overdue by the rules switched on; refused when nothing is."""
    due = [one for one in overdue_things(today) if one.rule.is_on and one.count and one.before]
    if not due:
        raise Refusal(_("Không có gì quá thời hạn theo các quy tắc đang áp dụng."))
    items = [item for one in due for item in _items(one.rule.kind, one.before or today)]
    counts = {one.rule.kind: one.count for one in due}
    job = ask(KIND, payload={"counts": counts}, items=items, by=by, once=KIND)
    summary = _("Chạy quy tắc lưu giữ: %(n)s mục", n=sum(counts.values()))
    record(by, "retention_run", ("retention", job.key), summary, counts=counts)
    return job


def _items(kind: str, before: date) -> Iterator[dict[str, Any]]:
    ids = list(db.session.scalars(too_old(kind, before)))
    size = AT_ONCE.get(kind, LINES_AT_ONCE)
    for start in range(0, len(ids), size):
        yield {"kind": kind, "before": before.isoformat(), "ids": ids[start : start + size]}


@handles(KIND)
def run_part(item: JobItem, job: Job) -> dict[str, Any]:
    """Do it to those of the item that are still too old."""
    kind, before = item.payload["kind"], date.fromisoformat(item.payload["before"])
    old = too_old(kind, before).subquery()
    ids = list(db.session.scalars(select(old.c.id).where(old.c.id.in_(item.payload["ids"]))))
    user = db.session.get(User, job.asked_by_id) if job.asked_by_id else None
    _ACTS[kind](ids, user)
    return {"kind": kind, "count": len(ids)}


def _anonymise(ids: Sequence[int], by: User | None) -> None:
    for person in db.session.scalars(select(Person).where(Person.id.in_(ids))):
        anonymise(records_of(person), str(_("Hết thời hạn lưu")), by=by)


def _forget_contacts(ids: Sequence[int], by: User | None) -> None:
    for person in db.session.scalars(select(Person).where(Person.id.in_(ids))):
        for one in records_of(person):
            one.phone, one.email = "", ""
            one.version += 1
        record(by, "contact_forgotten", ("person", person.key), _("Xóa thông tin liên hệ"))


def _forget_register(ids: Sequence[int], _by: User | None) -> None:
    for certificate in db.session.scalars(select(Certificate).where(Certificate.id.in_(ids))):
        forget_name_on(certificate)


def _forget_rosters(ids: Sequence[int], _by: User | None) -> None:
    db.session.execute(delete(RosterRow).where(RosterRow.upload_id.in_(ids)))
    for upload in db.session.scalars(select(RosterUpload).where(RosterUpload.id.in_(ids))):
        forget_sent(upload)


def _forget_words_of_requests(ids: Sequence[int], _by: User | None) -> None:
    named = update(SubjectRequest).where(SubjectRequest.id.in_(ids))
    db.session.execute(named.values(said="", answer="", extension_reason=""))


def _delete_sign_ins(ids: Sequence[int], _by: User | None) -> None:
    db.session.execute(delete(SignIn).where(SignIn.id.in_(ids)))


def _delete_accesses(ids: Sequence[int], _by: User | None) -> None:
    db.session.execute(delete(DataAccessPerson).where(DataAccessPerson.access_id.in_(ids)))
    db.session.execute(delete(DataAccess).where(DataAccess.id.in_(ids)))


def _delete_entries(ids: Sequence[int], _by: User | None) -> None:
    db.session.execute(delete(AuditEntry).where(AuditEntry.id.in_(ids)))


_ACTS: dict[str, Callable[[Sequence[int], User | None], None]] = {
    LEFT_PEOPLE: _anonymise,
    CONTACTS: _forget_contacts,
    REGISTER: _forget_register,
    ROSTERS: _forget_rosters,
    REQUESTS: _forget_words_of_requests,
    SIGN_INS: _delete_sign_ins,
    ACCESSES: _delete_accesses,
    AUDIT: _delete_entries,
}
