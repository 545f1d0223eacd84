"""Questions about merged records: who a record has become, which records are one person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from hrtrain.core.acts.models import Act
from hrtrain.core.db import db
from hrtrain.people.merges.models import PersonMerge
from hrtrain.people.models import Person


@dataclass(frozen=True)
class MergeRow:
    """A merge that stands: the two records, and the act by which it is undone."""

    act_key: str
    kept_key: str
    kept_name: str
    merged_key: str
    merged_name: str
    reason: str
    merged_at: datetime


def standing_id() -> ColumnElement[int]:
    """SQL, where `Person` is read: the id of the record that stands for it now, mostly its own."""
    return func.coalesce(Person.merged_into_id, Person.id)


def records_of(person_id: int) -> Select[int]:
    """The ids of all records that are this person: its own and those merged into it."""
    return select(Person.id).where(or_(Person.id == person_id, Person.merged_into_id == person_id))


def ids_of_records(person_id: int) -> list[int]:
    """All records that are the person of this id, whichever of them is asked about."""
    standing = select(standing_id()).where(Person.id == person_id).scalar_subquery()
    is_one = or_(Person.id == standing, Person.merged_into_id == standing)
    return list(db.session.scalars(select(Person.id).where(is_one).order_by(Person.id)))


def standing_for(person: Person) -> Person:
    """The record that stands for this one now; itself when it was merged into none."""
    if person.merged_into_id is None:
        return person
    return db.session.get_one(Person, person.merged_into_id)


def merges_into(person: Person) -> list[MergeRow]:
    """The merges that stand into this record itself, the newest first."""
    return _rows(PersonMerge.kept_id == person.id)


def merge_of(person: Person) -> MergeRow | None:
    """The merge by which this record was merged into another."""
    return next(iter(_rows(PersonMerge.merged_id == person.id)), None)


def merge_by(act: Act) -> MergeRow | None:
    """The merge that the act made, undone or not."""
    found = db.session.execute(_asked().where(PersonMerge.act_id == act.id)).first()
    return MergeRow(*found) if found else None


def later_merge(link: PersonMerge) -> PersonMerge | None:
    """A merge after this one that either record has a part in: it is undone first."""
    both = [link.merged_id, link.kept_id]
    return db.session.scalar(
        select(PersonMerge)
        .where(
            PersonMerge.retracted_at.is_(None),
            PersonMerge.id > link.id,
            or_(PersonMerge.kept_id.in_(both), PersonMerge.merged_id.in_(both)),
        )
        .order_by(PersonMerge.id.desc())
        .limit(1)
    )


def link_of(act: Act) -> PersonMerge | None:
    """The link the act made, as long as it stands."""
    return db.session.scalar(
        select(PersonMerge).where(PersonMerge.act_id == act.id, PersonMerge.retracted_at.is_(None))
    )


def _rows(which: ColumnElement[bool]) -> list[MergeRow]:
    asked = _asked().where(which, PersonMerge.retracted_at.is_(None))
    rows = db.session.execute(asked.order_by(PersonMerge.id.desc()))
    return [MergeRow(*row) for row in rows]


def _asked() -> Select[str, str, str, str, str, str, datetime]:
    kept, merged = aliased(Person), aliased(Person)
    return (
        select(Act.key, kept.key, kept.full_name, merged.key, merged.full_name)
        .add_columns(PersonMerge.reason, PersonMerge.recorded_at)
        .join_from(PersonMerge, Act, Act.id == PersonMerge.act_id)
        .join(kept, kept.id == PersonMerge.kept_id)
        .join(merged, merged.id == PersonMerge.merged_id)
    )
