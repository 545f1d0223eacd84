"""Takes a name out of what was written along the way: the audit log, acts, sent rosters.

A log entry stays as proof that something was done, when and by whom; of whom it no longer says.
Where two namesakes stand in one entry both names go: rather too much than too little.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, delete, or_, select, update

from hrtrain.accounts.models import AuditEntry
from hrtrain.certificates.models import Certificate
from hrtrain.core.acts.models import Act, ActChange, ActFact
from hrtrain.core.db import db
from hrtrain.core.jobs.models import JobItem
from hrtrain.coverage.models import Exemption, Programme
from hrtrain.people.duplicates.models import DuplicatePair, PersonBlock
from hrtrain.people.merges.models import PersonMerge
from hrtrain.people.models import Membership, Person, RosterRow, RosterUpload
from hrtrain.people.rules import may_be_born_alike
from hrtrain.privacy.models import SubjectRequest
from hrtrain.training.models import Enrolment, TrainingSession

# What a row says that is about no person; all else of a sent row goes.
_IMPERSONAL = frozenset({"unit_text", "group_text", "changes", "joins", "warnings", "match"})
# Of a changed row only these columns say nothing of the person.
_IMPERSONAL_COLUMNS = frozenset({"is_set_aside", "anonymised_at"})
_ABOUT_ITSELF = frozenset({"person_added", "person_changed"})


@dataclass(frozen=True)
class Subject:
    """Who is to be forgotten, by all the ways it may be written, and what stands there instead.

    ``usernames`` says what each of the person's accounts is called afterwards.
    """

    ids: tuple[int, ...]
    keys: tuple[str, ...]
    names: tuple[str, ...]
    births: tuple[str, ...]
    usernames: dict[str, str]
    label: str

    def without_names(self, value: Any) -> Any:
        """The value with the label in place of every name, in all that is within it."""
        if isinstance(value, str):
            for name in self.names:
                value = value.replace(name, self.label)
            return value
        if isinstance(value, dict):
            return {key: self.without_names(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.without_names(inner) for inner in value]
        return value


def forget_in_logs(subject: Subject) -> None:
    """The audit log, what acts keep to be undone by, and why an item of a job failed."""
    for entry in _entries_about(subject):
        _forget_in_entry(entry, subject)
    for change in _changes_of(subject):
        change.before = _impersonal(change.before)
        change.after = _impersonal(change.after) or {}
    told = [JobItem.error.contains(name, autoescape=True) for name in subject.names]
    for item in db.session.scalars(select(JobItem).where(or_(*told))):
        item.error = subject.without_names(item.error)
    for act in db.session.scalars(select(Act).where(_touched(subject))):
        act.summary, act.details = (
            subject.without_names(act.summary),
            subject.without_names(act.details),
        )


def _entries_about(subject: Subject) -> list[AuditEntry]:
    """Entries about the person and about everything the person had a part in."""
    kinds: list[tuple[str, Any]] = [
        ("person", subject.keys),
        ("user", tuple(subject.usernames)),
        ("certificate", _keys(Certificate.key, Certificate.person_id.in_(subject.ids))),
        ("data_request", _keys(SubjectRequest.key, SubjectRequest.person_id.in_(subject.ids))),
        (
            "training_session",
            _keys(TrainingSession.key, TrainingSession.id.in_(_sessions(subject))),
        ),
        ("programme", _keys(Programme.key, Programme.id.in_(_programmes(subject)))),
    ]
    about = [
        and_(AuditEntry.subject_kind == kind, AuditEntry.subject_key.in_(keys))
        for kind, keys in kinds
    ]
    named = [
        or_(AuditEntry.summary.contains(name, autoescape=True), _holds(AuditEntry.details, name))
        for name in (*subject.names, *subject.keys)
    ]
    its_own = AuditEntry.subject_kind.in_(("person", "user"))
    asked = select(AuditEntry).where(or_(*about), or_(its_own, *named))
    return list(db.session.scalars(asked))


def _keys(column: Any, condition: ColumnElement[bool]) -> Any:
    return select(column).where(condition)


def _sessions(subject: Subject) -> Any:
    return select(Enrolment.training_session_id).where(Enrolment.person_id.in_(subject.ids))


def _programmes(subject: Subject) -> Any:
    return select(Exemption.programme_id).where(Exemption.person_id.in_(subject.ids))


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    """SQL: the JSON text holds the text, which both engines keep in ASCII."""
    return cast(column, Text).contains(json.dumps(text)[1:-1], autoescape=True)


def _forget_in_entry(entry: AuditEntry, subject: Subject) -> None:
    is_own = entry.subject_kind in ("person", "user")
    if entry.act in _ABOUT_ITSELF or entry.subject_kind == "user":
        # It may hold a name or an address from before that nobody knows any more.
        entry.summary = subject.label
    elif entry.details.get("person") in subject.keys:
        entry.summary = subject.label
    entry.summary = subject.without_names(entry.summary)
    if is_own:
        told = ("fields", "group", "unit", "completion", "answer_by")
        entry.details = {name: entry.details[name] for name in told if name in entry.details}
    elif entry.details.get("person") in subject.keys:
        entry.details = {"person": entry.details["person"]}
    else:
        entry.details = subject.without_names(entry.details)
    if entry.subject_kind == "user":
        entry.subject_key = subject.usernames[entry.subject_key]


def _changes_of(subject: Subject) -> Iterable[ActChange]:
    of_person = ActChange.table_name == Person.__tablename__, ActChange.row_id.in_(subject.ids)
    return db.session.scalars(select(ActChange).where(*of_person))


def _impersonal(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: value for name, value in values.items() if name in _IMPERSONAL_COLUMNS}


def _touched(subject: Subject) -> ColumnElement[bool]:
    """SQL: the act changed the person or placed it somewhere."""
    changed = select(ActChange.act_id).where(
        ActChange.table_name == Person.__tablename__, ActChange.row_id.in_(subject.ids)
    )
    placed = (
        select(ActFact.act_id)
        .join(Membership, Membership.id == ActFact.fact_id)
        .where(ActFact.table_name == Membership.__tablename__)
        .where(Membership.person_id.in_(subject.ids))
    )
    return or_(Act.id.in_(changed), Act.id.in_(placed))


def forget_in_rosters(subject: Subject) -> None:
    """Rows known to be the person's, or that say the name and no other birth date; names told as
    candidates; kept files.
    """
    found = [
        or_(_holds(RosterRow.entry, name), _holds(RosterRow.complaints, name))
        for name in subject.names
    ]
    uploads = set()
    its_own = RosterRow.person_id.in_(subject.ids)
    for row in db.session.scalars(select(RosterRow).where(or_(its_own, *found))):
        uploads.add(row.upload_id)
        if row.person_id in subject.ids or _is_same(row.entry, subject):
            row.entry = _less(row.entry, subject.label)
            row.complaints = []
        else:
            row.complaints = subject.without_names(row.complaints)
    over = RosterUpload.state.in_(("imported", "discarded"))
    for upload in db.session.scalars(
        select(RosterUpload).where(RosterUpload.id.in_(uploads), over)
    ):
        forget_sent(upload)


def forget_sent(upload: RosterUpload) -> None:
    """Nothing is kept of the file but its name, its hash and how its columns were understood."""
    upload.content = b""
    sheets = [{**sheet, "samples": []} for sheet in upload.reading.get("sheets", ())]
    upload.reading = {**upload.reading, "sheets": sheets}


def _is_same(entry: dict[str, Any], subject: Subject) -> bool:
    born = entry.get("birth_date") or ""
    alike = any(may_be_born_alike(born, birth) for birth in subject.births)
    return entry.get("full_name") in subject.names and alike


def _less(entry: dict[str, Any], label: str) -> dict[str, Any]:
    """The row without what it said: an empty value of each kind in place of what tells of one."""
    said = {
        name: value if name in _IMPERSONAL else type(value)() if value is not None else None
        for name, value in entry.items()
    }
    return {**said, "full_name": label}


def forget_duplicates(ids: Sequence[int]) -> None:
    """Pairs the people were in, what they are compared by, and the words of merges."""
    pairs = or_(DuplicatePair.first_id.in_(ids), DuplicatePair.second_id.in_(ids))
    db.session.execute(delete(DuplicatePair).where(pairs))
    db.session.execute(delete(PersonBlock).where(PersonBlock.person_id.in_(ids)))
    merges = or_(PersonMerge.merged_id.in_(ids), PersonMerge.kept_id.in_(ids))
    db.session.execute(update(PersonMerge).where(merges).values(reason=""))
