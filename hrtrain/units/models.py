"""Tables of units: organisations and areas, their names, codes, parents and successors in time."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hrtrain.core.db import Base, Fact, Key, Model, PrimaryKey, well_formed


class Unit(Model):
    """An organisation or administrative area. ``key`` identifies it; official codes do not.

    ``name``, ``short_name`` and ``search_key`` are those of the newest name period, kept for lists;
    the name on a day is `UnitName`'s.
    """

    __tablename__ = "unit"
    __table_args__ = (
        well_formed(),
        CheckConstraint("tier IN ('central', 'province', 'district', 'commune')", name="tier"),
        CheckConstraint(
            "kind IN ('state', 'party', 'mass_organisation', 'press', 'area')", name="kind"
        ),
        # How many units of a tier there are on a day is told beside every figure.
        Index("ix_unit_tier_life", "tier", "starts_on", "ends_on", "is_set_aside"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    tier: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(250))
    short_name: Mapped[str] = mapped_column(String(120), default="")
    search_key: Mapped[str] = mapped_column(String(250), index=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    # In no list any more: merged into another, or the act that made it was undone.
    is_set_aside: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    names: Mapped[list["UnitName"]] = relationship(order_by="UnitName.starts_on")

    @property
    def typed(self) -> str:
        """As a form's field shows it: the name, and the key that tells it from its namesakes."""
        return f"{self.name} [{self.key}]"


class UnitName(Fact, Model):
    """What a unit is called in a period; the first period begins with the unit's life."""

    __tablename__ = "unit_name"
    __table_args__ = (well_formed(), Index("ix_unit_name_unit", "unit_id", "starts_on"))

    id: Mapped[PrimaryKey]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(250))
    short_name: Mapped[str] = mapped_column(String(120), default="")
    search_key: Mapped[str] = mapped_column(String(250), index=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class UnitCode(Fact, Model):
    """An official code of a unit in a period. On a day a code of a scheme names one unit."""

    __tablename__ = "unit_code"
    __table_args__ = (
        well_formed(),
        Index("ix_unit_code_scheme_code", "scheme", "code"),
        Index("ix_unit_code_unit", "unit_id"),
    )

    id: Mapped[PrimaryKey]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    scheme: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(30))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class UnitParent(Fact, Model):
    """An edge of the tree: a unit lies under a parent in a period, under one at most on a day."""

    __tablename__ = "unit_parent"
    __table_args__ = (
        well_formed(),
        CheckConstraint("unit_id <> parent_id", name="not_itself"),
        Index("ix_unit_parent_unit", "unit_id"),
        Index("ix_unit_parent_parent", "parent_id"),
    )

    id: Mapped[PrimaryKey]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    parent_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class UnitSuccession(Fact, Model):
    """What became of a unit on a day; of several successors one may be the default."""

    __tablename__ = "unit_succession"
    __table_args__ = (
        # One that was retracted, because its act was undone, may be recorded again.
        Index(
            "uq_unit_succession_known",
            "predecessor_id",
            "successor_id",
            "effective_on",
            unique=True,
            sqlite_where=text("retracted_at IS NULL"),
            postgresql_where=text("retracted_at IS NULL"),
        ),
        Index("ix_unit_succession_successor", "successor_id"),
    )

    id: Mapped[PrimaryKey]
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    successor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    effective_on: Mapped[date]
    is_default: Mapped[bool] = mapped_column(default=False)


# Who lay below whom on which days, as known now: derived from `UnitParent` by `units.closure`.
# Days are ordinals, half-open, 1 and 3652060 for open bounds; every unit lies below itself.
unit_closure = Table(
    "unit_closure",
    Base.metadata,
    Column("ancestor_id", Integer, primary_key=True, autoincrement=False),
    Column("descendant_id", Integer, primary_key=True, autoincrement=False),
    Column("starts", Integer, primary_key=True, autoincrement=False),
    Column("ends", Integer, nullable=False),
    Index("ix_unit_closure_descendant", "descendant_id", "ancestor_id", "starts", "ends"),
    info={"derived": True},
    sqlite_with_rowid=False,
)
