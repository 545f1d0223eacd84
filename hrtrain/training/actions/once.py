"""Making an object once, though its form is sent twice at the same moment."""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hrtrain.core.db import db
from hrtrain.training.models import Course, TrainingSession

T = TypeVar("T", Course, TrainingSession)


def add_once(row: T) -> tuple[T, bool]:
    """The row, or the one with its key that another request made first; and whether it is new.

    The database's unique key decides; the savepoint keeps the transaction usable after it did.
    """
    table = type(row)
    same_key = select(table).where(table.key == row.key)
    if made := db.session.scalar(same_key):
        return made, False
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        if (made := db.session.scalar(same_key)) is None:
            raise
        return made, False
    return row, True
