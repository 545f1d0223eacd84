"""An import taken back: all of it but what has got a life of its own since, which is named.

A person whom the file made stays, memberships and all, once anything else is recorded of it; so
does a membership that somebody has changed since.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core.acts.models import Act, ActChange, ActFact
from hrtrain.core.acts.undoing import let_go, undo
from hrtrain.core.db import Base, db
from hrtrain.core.language import gettext as _
from hrtrain.people.models import Membership, Person, RosterUpload
from hrtrain.people.rosters.actions import ACT

CHANGED, EDITED = "changed", "edited"
# Tables that work with people, but say nothing of them.
_NO_EVIDENCE = (
    *("act", "roster_", "duplicate_pair", "person_block", "person_looked_at"),
    # Who was shown the name: after every import somebody looks at the list.
    "data_access",
)
_PERSON, _MEMBERSHIP = Person.__tablename__, Membership.__tablename__


@dataclass(frozen=True)
class Stay:
    """Somebody the undoing leaves as they are, wholly or in part, and why.

    Reasons are the tables that know the person since, `CHANGED` for a membership changed since and
    `EDITED` for what is said of the person.
    """

    id: int
    key: str
    full_name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class TakenBack:
    """What an undoing takes back: how many people, changes, memberships; how many go on again."""

    people: int
    changes: int
    memberships: int
    resumed: int


def find_act(key: str) -> Act | None:
    """The import by its own key, or by that of the roster that was sent."""
    own = select(Act).where(Act.kind == ACT, Act.key == key)
    sent = select(Act).join(RosterUpload, RosterUpload.act_id == Act.id)
    return db.session.scalar(own) or db.session.scalar(sent.where(RosterUpload.key == key))


def stays(act: Act) -> list[Stay]:
    """Who stays, in the order of names, and for what reasons."""
    reasons: dict[int, list[str]] = {}
    for table, column in _pointing_at_people():
        for person_id in db.session.scalars(_known_by(act, table, column)):
            reasons.setdefault(person_id, []).append(table.name)
    for row in _memberships(act, is_recorded=True):
        if row.is_gone:
            reasons.setdefault(row.person_id, []).append(CHANGED)
    for person_id in _edited(act):
        reasons.setdefault(person_id, []).append(EDITED)
    found: list[Any] = []
    for some in _in_parts(reasons):
        asked = select(Person.id, Person.key, Person.full_name, Person.sort_key)
        found += db.session.execute(asked.where(Person.id.in_(some))).all()
    found.sort(key=lambda row: (row.sort_key, row.id))
    return [Stay(row.id, row.key, row.full_name, tuple(reasons[row.id])) for row in found]


def taken_back(act: Act) -> TakenBack:
    """What would be taken back if the act were undone now, less what stays."""
    kept = _kept(act, {one.id for one in stays(act)})
    changed = select(func.count(ActChange.row_id.distinct())).where(
        *_of_people(act), ActChange.before.is_not(None)
    )
    recorded, retracted = (
        [
            row
            for row in _memberships(act, is_recorded=is_recorded)
            if row.id not in kept.memberships
        ]
        for is_recorded in (True, False)
    )
    return TakenBack(
        people=sum(1 for id_ in db.session.scalars(_made(act)) if id_ not in kept.people),
        changes=db.session.scalar(changed) or 0,
        memberships=len(recorded),
        resumed=len(retracted),
    )


def undo_roster(act: Act, *, by: User | None) -> list[Stay]:
    """Take the import back, all but those who stay; who does. Refused when it was undone."""
    staying = stays(act)
    kept = _kept(act, {one.id for one in staying})
    let_go(act, _PERSON, kept.people)
    let_go(act, _MEMBERSHIP, kept.memberships)
    undo(act, by_id=by.id if by else None)
    act.details = {**act.details, "staying": [one.key for one in staying]}
    upload = db.session.scalar(select(RosterUpload).where(RosterUpload.act_id == act.id))
    if upload is not None:
        upload.state = "undone"
    db.session.flush()
    subject = (str(act.details["source"]), str(act.details["key"]))
    summary = _("Hoàn tác việc nhập danh sách %(name)s", name=act.details["file"])
    record(by, "roster_undone", subject, summary, staying=len(staying))
    return staying


@dataclass(frozen=True)
class _Kept:
    """What stays, by id: people whom the act made, and memberships it recorded or retracted."""

    people: set[int]
    memberships: set[int]


def _kept(act: Act, staying: set[int]) -> _Kept:
    made = {id_ for id_ in db.session.scalars(_made(act)) if id_ in staying}
    recorded = _memberships(act, is_recorded=True)
    # Where new days stay, the days elsewhere that ended for them must not come back beside them.
    whole = made | {row.person_id for row in recorded if row.is_gone}
    retracted = _memberships(act, is_recorded=False)
    return _Kept(made, {row.id for row in (*recorded, *retracted) if row.person_id in whole})


def _edited(act: Act) -> set[int]:
    """Whom somebody has edited since: made by the act, or a changed column is another by now."""
    raised = select(Person.id).where(Person.id.in_(_made(act)), Person.version > 1)
    found = set(db.session.scalars(raised))
    changed = select(ActChange.row_id, ActChange.after).where(
        *_of_people(act), ActChange.before.is_not(None)
    )
    after: dict[int, dict[str, Any]] = dict(db.session.execute(changed).all())
    for some in _in_parts(after):
        for person in db.session.scalars(select(Person).where(Person.id.in_(some))):
            if any(getattr(person, name) != value for name, value in after[person.id].items()):
                found.add(person.id)
    return found


def _pointing_at_people() -> Iterator[tuple[Table, str]]:
    """Every table that says something of people, and the column that says of whom."""
    for table in Base.metadata.sorted_tables:
        if table.name.startswith(_NO_EVIDENCE):
            continue
        for column in table.columns:
            if any(key.column.table.name == _PERSON for key in column.foreign_keys):
                yield table, column.name


def _known_by(act: Act, table: Table, column: str) -> Select[int]:
    """The people whom the act made and of whom this table has something that is not the act's."""
    who = table.c[column]
    asked = select(who).distinct().where(who.in_(_made(act)))
    if "retracted_at" not in table.c:
        return asked
    own = select(ActFact.fact_id).where(
        ActFact.act_id == act.id, ActFact.table_name == table.name, ActFact.is_recorded
    )
    return asked.where(table.c.retracted_at.is_(None), table.c.id.not_in(own))


def _of_people(act: Act) -> tuple[ColumnElement[bool], ...]:
    return ActChange.act_id == act.id, ActChange.table_name == _PERSON


def _made(act: Act) -> Select[int]:
    return select(ActChange.row_id).where(*_of_people(act), ActChange.before.is_(None))


@dataclass(frozen=True)
class _Noted:
    """A membership of the act; gone when it is not known any more, though the act recorded it."""

    id: int
    person_id: int
    is_gone: bool


def _memberships(act: Act, *, is_recorded: bool) -> list[_Noted]:
    """The memberships the act only recorded, or only retracted."""
    noted = select(ActFact.fact_id).where(
        ActFact.act_id == act.id, ActFact.table_name == _MEMBERSHIP
    )
    asked = select(Membership.id, Membership.person_id, Membership.retracted_at.is_not(None))
    asked = asked.where(
        Membership.id.in_(noted.where(ActFact.is_recorded == is_recorded)),
        Membership.id.not_in(noted.where(ActFact.is_recorded != is_recorded)),
    )
    return [_Noted(*row) for row in db.session.execute(asked)]


def _in_parts(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = sorted(ids)
    for start in range(0, len(rest), 500):
        yield rest[start : start + 500]
