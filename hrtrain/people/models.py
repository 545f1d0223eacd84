"""Tables of people: persons, cadre groups, memberships, declared headcounts, roster uploads."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import Fact, Instant, Key, Model, PrimaryKey, SortKey, well_formed


class CadreGroup(Model):
    """A group of cadres a plan counts; ``key`` is its code, such as ``hr_officer``."""

    __tablename__ = "cadre_group"

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    name: Mapped[str] = mapped_column(String(250))
    name_en: Mapped[str] = mapped_column(String(250), default="")


class Person(Model):
    """A cadre. ``birth_date`` is ISO text cut to its precision (``1985``, ``1985-03``).

    The national ID is never kept: only its keyed hash, for matching, and its last four digits
    (Law 91/2025/QH15, article 3: no more than the purpose needs).
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("gender IN ('male', 'female', '')", name="gender"),
        CheckConstraint("birth_precision IN ('day', 'month', 'year', '')", name="birth_precision"),
        Index("ix_person_sort_key", "sort_key", "id"),
        Index("ix_person_search_key", "search_key"),
        Index("ix_person_national_id_hash", "national_id_hash"),
        # Few are: the lists count them apart, and all people by an index alone.
        Index(
            "ix_person_set_aside",
            "id",
            sqlite_where=text("is_set_aside = 1"),
            postgresql_where=text("is_set_aside"),
        ),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    full_name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(SortKey)
    search_key: Mapped[str] = mapped_column(String(200))
    gender: Mapped[str] = mapped_column(String(10), default="")
    birth_date: Mapped[str] = mapped_column(String(10), default="")
    birth_precision: Mapped[str] = mapped_column(String(10), default="")
    position: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    national_id_hash: Mapped[str] = mapped_column(String(64), default="")
    national_id_last4: Mapped[str] = mapped_column(String(4), default="")
    access_code: Mapped[str] = mapped_column(String(20), unique=True)
    # In no list any more: merged into another, or the act that made it was undone.
    is_set_aside: Mapped[bool] = mapped_column(default=False)
    # The record that stands for this one, at the end of however many merges; by whom and when
    # is `PersonMerge`'s. No foreign key: SQLite adds none to a table in place.
    merged_into_id: Mapped[int | None] = mapped_column(index=True)
    # When all that tells who it is was taken away; such a person is counted on and never changed.
    anonymised_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)


class Membership(Fact, Model):
    """A person is in a cadre group, at a unit, for a period; one per person, group and day."""

    __tablename__ = "membership"
    __table_args__ = (
        well_formed(),
        Index("ix_membership_person_group", "person_id", "group_id"),
        # Covering: the count walks units, and would otherwise fetch every member's row.
        Index(
            "ix_membership_group_unit",
            "group_id",
            "unit_id",
            "starts_on",
            "ends_on",
            "person_id",
            "recorded_at",
            "retracted_at",
        ),
        Index("ix_membership_unit", "unit_id"),
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("cadre_group.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    position: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Headcount(Fact, Model):
    """How many people of a group a unit itself has, units below not included, as it declared."""

    __tablename__ = "headcount"
    __table_args__ = (
        well_formed(),
        CheckConstraint("declared >= 0", name="declared"),
        Index("ix_headcount_group_unit", "group_id", "unit_id"),
        Index("ix_headcount_unit", "unit_id"),
        Index("ix_headcount_declared_by", "declared_by_id"),
    )

    id: Mapped[PrimaryKey]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("cadre_group.id"))
    declared: Mapped[int]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    # Who answers for the number and as what, and when it was said or last confirmed. What another
    # declaration changes of the days leaves this; None where nobody signed, as in a package.
    signed_name: Mapped[str | None] = mapped_column(String(200))
    signed_position: Mapped[str | None] = mapped_column(String(200))
    signed_at: Mapped[datetime | None] = mapped_column(Instant)


class RosterUpload(Model):
    """A spreadsheet somebody sent, what was understood of it, and what became of it.

    ``reading`` says how the sheets were understood and how many rows do what. ``state``: a large
    file is ``reading`` first (by the worker whose ``turn`` it is), ``unread`` when that failed
    (``fault`` says why), then ``checked``, ``importing``, ``imported``, ``undone``, or
    ``discarded``. ``content`` holds national IDs: it is emptied when the import is over, but for a
    spreadsheet of the refused rows. ``covers`` says whose absence from the file means something:
    of people at the ``units`` it names, at those ``below`` too, or of nobody, as it is a ``part``.
    """

    __tablename__ = "roster_upload"

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    file_name: Mapped[str] = mapped_column(String(250))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("cadre_group.id"))
    starts_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20), default="checked")
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    # No foreign keys here and in the rows below: they came later, and SQLite adds none in place.
    act_id: Mapped[int | None]
    covers: Mapped[str] = mapped_column(String(10), default="units", server_default="units")
    fault: Mapped[str] = mapped_column(Text, default="", server_default="")
    turn: Mapped[str] = mapped_column(String(40), default="", server_default="")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    uploaded_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class RosterRow(Model):
    """One person row of an upload: what it says, without its national ID, and what it would do.

    ``state`` is new, changed, unchanged or refused; a refused row carries its complaints. The
    person and the unit are those recognised, a refused row's too.
    """

    __tablename__ = "roster_row"
    __table_args__ = (
        CheckConstraint("state IN ('new', 'changed', 'unchanged', 'refused')", name="state"),
        Index("ix_roster_row_upload_state", "upload_id", "state", "position"),
        Index("ix_roster_row_upload_person", "upload_id", "person_id"),
        UniqueConstraint("upload_id", "position"),
    )

    id: Mapped[PrimaryKey]
    upload_id: Mapped[int] = mapped_column(ForeignKey(RosterUpload.id))
    position: Mapped[int]
    sheet: Mapped[str] = mapped_column(String(250))
    row: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None]
    unit_id: Mapped[int | None]
    entry: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    complaints: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
