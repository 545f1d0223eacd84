"""Tables of duplicates: pairs found and decided, and the keys by which pairs are met."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import Instant, Key, Model, PrimaryKey
from hrtrain.people.models import Person


class DuplicatePair(Model):
    """Two records that may be one person, with the score and reasons of the day it was found.

    ``state`` is open, later (asked again last) or apart: two people, as somebody said with a
    reason; such a pair is never proposed again.
    """

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="order"),
        CheckConstraint("state IN ('open', 'later', 'apart')", name="state"),
        UniqueConstraint("first_id", "second_id"),
        Index("ix_duplicate_pair_second", "second_id"),
        Index("ix_duplicate_pair_state", "state", "score", "id"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    first_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    second_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    score: Mapped[int]
    level: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    found_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    state: Mapped[str] = mapped_column(String(20), default="open")
    note: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)


class PersonBlock(Model):
    """What a person shares with whom it is worth comparing: digests of such things as
    "this phone", "this name born that year". Nothing can be read from them.
    """

    __tablename__ = "person_block"
    __table_args__ = (Index("ix_person_block_person", "person_id"),)

    block: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)


class PersonLookedAt(Model):
    """The version of a person's record that was last compared with the others."""

    __tablename__ = "person_looked_at"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    version: Mapped[int]
