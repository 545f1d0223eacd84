"""Tables of coverage: programmes, targets, requirements, exemptions."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hrtrain.core.db import Fact, Key, Model, PrimaryKey, well_formed
from hrtrain.people.models import CadreGroup, Person
from hrtrain.training.models import Course
from hrtrain.units.models import Unit


class Programme(Model):
    """A scheme or plan: its document, who issued it, and its period, which may be open."""

    __tablename__ = "programme"
    __table_args__ = (well_formed(),)

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    title: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(String(120), default="")
    issued_on: Mapped[date | None]
    authority_unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    authority_unit: Mapped[Unit | None] = relationship()


class Target(Model):
    """What a programme wants of a cadre group. No ``percent``: the plan does not state one."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("programme_id", "group_id"),
        CheckConstraint("percent IS NULL OR (percent >= 0 AND percent <= 100)", name="percent"),
        CheckConstraint("grace_days >= 0", name="grace_days"),
        CheckConstraint("origin IN ('stated', 'inherited', 'not_stated')", name="origin"),
    )

    id: Mapped[PrimaryKey]
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id))
    group_id: Mapped[int] = mapped_column(ForeignKey(CadreGroup.id))
    percent: Mapped[int | None]
    deadline: Mapped[date | None]
    origin: Mapped[str] = mapped_column(String(20), default="stated")
    scope_unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    tiers: Mapped[str] = mapped_column(String(60), default="")
    grace_days: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship()
    group: Mapped[CadreGroup] = relationship()


class RequirementOption(Fact, Model):
    """One course that satisfies an item of a programme's requirement for a group.

    The rows of one item are alternatives and share its period ``[starts_on, ends_on)``, the days
    on which it is asked; ``[accepts_from, accepts_to)`` bounds the completion days accepted.
    """

    __tablename__ = "requirement_option"
    __table_args__ = (
        well_formed(),
        Index("ix_requirement_option_programme_group", "programme_id", "group_id"),
    )

    id: Mapped[PrimaryKey]
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id))
    group_id: Mapped[int] = mapped_column(ForeignKey(CadreGroup.id))
    item: Mapped[str] = mapped_column(String(120))
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    accepts_from: Mapped[date | None]
    accepts_to: Mapped[date | None]


class Exemption(Fact, Model):
    """A person is not asked for a programme's requirement of a group, for a period and a reason."""

    __tablename__ = "exemption"
    __table_args__ = (
        well_formed(),
        Index("ix_exemption_programme_group_person", "programme_id", "group_id", "person_id"),
        Index("ix_exemption_person", "person_id"),
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id))
    group_id: Mapped[int] = mapped_column(ForeignKey(CadreGroup.id))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    approver: Mapped[str] = mapped_column(String(200), default="")
    document_no: Mapped[str] = mapped_column(String(120), default="")
