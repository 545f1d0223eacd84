"""Holding the people about whom something is to be recorded.

Whoever writes about people holds them first, by number, and only then what is theirs: so does a
merge, so that of the two one waits and neither for ever. What is recorded of a record set aside
is refused by the database itself (migration 0010).
"""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Select, select

from hrtrain.core import inline
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Stale
from hrtrain.core.language import gettext as _
from hrtrain.people.models import Person


def hold(person: Person) -> None:
    """Lock the person; Stale when somebody merged the record into another meanwhile."""
    lock(person)
    _refuse(person.full_name, is_set_aside=person.is_set_aside)


def hold_each(person_ids: Collection[int]) -> None:
    """Keep these from being merged until the transaction ends; Stale when one of them was."""
    for name, is_set_aside in _held(Person.id.in_(inline.numbers("held", person_ids))):
        _refuse(name, is_set_aside=is_set_aside)


def hold_records(records: Select[int]) -> None:
    """The same of these records, merged before or not, and of those that stand for them."""
    standing = select(Person.merged_into_id).where(Person.id.in_(records))
    _held(Person.id.in_(records.union(standing)))


def _held(which: ColumnElement[bool]) -> Iterable[tuple[str, bool]]:
    """By number, as everybody does; what they are called, and whether they are set aside."""
    asked = select(Person.full_name, Person.is_set_aside).where(which).order_by(Person.id)
    rows = db.session.execute(asked.with_for_update(key_share=True))
    return [(row.full_name, row.is_set_aside) for row in rows]


def _refuse(name: str, *, is_set_aside: bool) -> None:
    if is_set_aside:
        raise Stale(_("Hồ sơ của %(name)s vừa được gộp hoặc không còn dùng.", name=name))
