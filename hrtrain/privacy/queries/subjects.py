"""Who is one person: the record that stands and the records that were merged into it."""

from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.people.merges.queries import ids_of_records
from hrtrain.people.models import Person


def records_of(person: Person) -> list[Person]:
    """The record that stands for the person first, then every record merged into it."""
    standing = person.merged_into_id or person.id
    found = select(Person).where(Person.id.in_(ids_of_records(person.id))).order_by(Person.id)
    return sorted(db.session.scalars(found), key=lambda one: one.id != standing)
