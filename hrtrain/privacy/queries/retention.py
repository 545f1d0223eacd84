"""What has been kept for longer than its rule says: how much, and which. Read only.

A run does exactly what is shown here, item by item, and looks again before each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from hrtrain.accounts.models import AuditEntry, SignIn
from hrtrain.certificates.models import Certificate
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.formats import day, instant
from hrtrain.people.models import Membership, Person, RosterRow, RosterUpload
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
from hrtrain.privacy.models import DataAccess, SubjectRequest
from hrtrain.privacy.queries.rules import Rule, retention_rules
from hrtrain.privacy.rules import OPEN_STATES, anonymous_name, months_before

SHOWN = 20
Ids = Select[int]


@dataclass(frozen=True)
class Overdue:
    """What of a kind has outstayed its term: the numbers of the rows, and the first in words."""

    rule: Rule
    before: date | None
    count: int
    examples: tuple[str, ...] = ()


def overdue_things(today: date) -> list[Overdue]:
    """Of every kind, what is too old by its rule, whether the rule is switched on or not."""
    return [_overdue(rule, today) for rule in retention_rules().values()]


def _overdue(rule: Rule, today: date) -> Overdue:
    if rule.months is None:
        return Overdue(rule, None, 0)
    before = months_before(today, rule.months)
    ids = too_old(rule.kind, before)
    count = db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    examples = _EXAMPLES[rule.kind](ids) if count else ()
    return Overdue(rule, before, count, tuple(examples))


def too_old(kind: str, before: date) -> Ids:
    """The rows of the kind whose time counts from before the day."""
    return _TOO_OLD[kind](before)


def _instant(before: date) -> datetime:
    return datetime.combine(before, time(), clock.LOCAL).astimezone(UTC)


def _left(before: date) -> ColumnElement[bool]:
    """SQL: every membership of the person known now has ended, the last before the day."""
    goes_on = func.sum(case((Membership.ends_on.is_(None), 1), else_=0))
    gone = (
        select(Membership.person_id)
        .where(Membership.retracted_at.is_(None))
        .group_by(Membership.person_id)
        .having(goes_on == 0, func.max(Membership.ends_on) <= before)
    )
    is_asking = select(SubjectRequest.person_id).where(SubjectRequest.state.in_(OPEN_STATES))
    return and_(
        Person.id.in_(gone),
        Person.id.not_in(is_asking),
        Person.anonymised_at.is_(None),
        ~Person.is_set_aside,
    )


def _left_people(before: date) -> Ids:
    return select(Person.id).where(_left(before))


def _contacts(before: date) -> Ids:
    merged = aliased(Person)
    there = [or_(row.phone != "", row.email != "") for row in (Person, merged)]
    in_merged = select(merged.id).where(merged.merged_into_id == Person.id, there[1]).exists()
    return select(Person.id).where(_left(before), or_(there[0], in_merged))


def _register(before: date) -> Ids:
    """Certificates of anonymous people that still bear a name."""
    named = (
        select(Certificate.id, Certificate.person_id, Certificate.content)
        .join(Person, Person.id == Certificate.person_id)
        .where(Person.anonymised_at.is_not(None), Certificate.issued_on <= before)
    )
    ids = [
        row.id
        for row in db.session.execute(named)
        if row.content.get("full_name") != anonymous_name(row.person_id)
    ]
    return select(Certificate.id).where(Certificate.id.in_(ids))


def _rosters(before: date) -> Ids:
    rows = select(RosterRow.id).where(RosterRow.upload_id == RosterUpload.id).exists()
    return select(RosterUpload.id).where(
        RosterUpload.uploaded_at < _instant(before),
        RosterUpload.state != "importing",
        or_(func.length(RosterUpload.content) > 0, rows),
    )


def _sign_ins(before: date) -> Ids:
    return select(SignIn.id).where(SignIn.expires_at < _instant(before))


def _requests(before: date) -> Ids:
    return select(SubjectRequest.id).where(
        SubjectRequest.closed_at < _instant(before),
        or_(SubjectRequest.said != "", SubjectRequest.answer != ""),
    )


def _accesses(before: date) -> Ids:
    return select(DataAccess.id).where(DataAccess.at < _instant(before))


def _audit(before: date) -> Ids:
    return select(AuditEntry.id).where(AuditEntry.at < _instant(before))


_TOO_OLD: dict[str, Callable[[date], Ids]] = {
    LEFT_PEOPLE: _left_people,
    CONTACTS: _contacts,
    REGISTER: _register,
    ROSTERS: _rosters,
    SIGN_INS: _sign_ins,
    REQUESTS: _requests,
    ACCESSES: _accesses,
    AUDIT: _audit,
}


def _people_named(ids: Ids) -> Sequence[str]:
    asked = select(Person).where(Person.id.in_(ids)).order_by(Person.sort_key, Person.id)
    people = db.session.scalars(asked.limit(SHOWN))
    return [f"{one.full_name} ({one.key})" for one in people]


def _certificates_named(ids: Ids) -> Sequence[str]:
    asked = select(Certificate).where(Certificate.id.in_(ids)).order_by(Certificate.id)
    return [
        f"{one.number} · {day(one.issued_on)}" for one in db.session.scalars(asked.limit(SHOWN))
    ]


def _uploads_named(ids: Ids) -> Sequence[str]:
    asked = select(RosterUpload).where(RosterUpload.id.in_(ids)).order_by(RosterUpload.id)
    found = db.session.scalars(asked.limit(SHOWN))
    return [f"{one.file_name} · {instant(one.uploaded_at)}" for one in found]


def _requests_named(ids: Ids) -> Sequence[str]:
    asked = select(SubjectRequest).where(SubjectRequest.id.in_(ids)).order_by(SubjectRequest.id)
    return [
        f"{one.key} · {instant(one.closed_at)}" for one in db.session.scalars(asked.limit(SHOWN))
    ]


def _nothing_named(_ids: Ids) -> Sequence[str]:
    """A line of a log has no name of its own; the count and the day say it all."""
    return ()


_EXAMPLES: dict[str, Callable[[Ids], Sequence[str]]] = {
    LEFT_PEOPLE: _people_named,
    CONTACTS: _people_named,
    REGISTER: _certificates_named,
    ROSTERS: _uploads_named,
    SIGN_INS: _nothing_named,
    REQUESTS: _requests_named,
    ACCESSES: _nothing_named,
    AUDIT: _nothing_named,
}
