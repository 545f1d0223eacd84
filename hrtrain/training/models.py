"""Tables of training: courses, training sessions, enrolments, completions."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hrtrain.core.db import Fact, Key, Model, PrimaryKey
from hrtrain.people.models import Person
from hrtrain.units.models import Unit


class Course(Model):
    """What is taught; ``validity_months`` says how long a completion counts, if it ends."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("kind IN ('training', 'briefing', 'material')", name="kind"),
        CheckConstraint("hours IS NULL OR hours >= 0", name="hours"),
        CheckConstraint("validity_months IS NULL OR validity_months > 0", name="validity_months"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    name: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[str] = mapped_column(String(20), default="training")
    hours: Mapped[int | None]
    validity_months: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)


class TrainingSession(Model):
    """A course held at a place on days ``[starts_on, ends_on)``, by a unit, for some seats."""

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("starts_on < ends_on", name="period"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        CheckConstraint("state IN ('open', 'closed', 'cancelled')", name="state"),
        Index("ix_training_session_starts_on", "starts_on", "id"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id), index=True)
    title: Mapped[str] = mapped_column(String(300))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    capacity: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(20), default="open")
    state_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    course: Mapped[Course] = relationship()
    unit: Mapped[Unit] = relationship()


class Enrolment(Model):
    """A person in a training session. A seat number is held once.

    Who leaves gives the number back; ``state_reason`` says why the state became what it is.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("training_session_id", "person_id"),
        UniqueConstraint("training_session_id", "seat"),
        CheckConstraint(
            "state IN ('booked', 'waiting', 'completed', 'incomplete', 'withdrawn', 'cancelled')",
            name="state",
        ),
        Index("ix_enrolment_person", "person_id"),
    )

    id: Mapped[PrimaryKey]
    training_session_id: Mapped[int] = mapped_column(ForeignKey(TrainingSession.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    state: Mapped[str] = mapped_column(String(20), default="booked")
    attended: Mapped[bool | None]
    seat: Mapped[int | None]
    state_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    training_session: Mapped[TrainingSession] = relationship()
    person: Mapped[Person] = relationship()


class Completion(Fact, Model):
    """A person completed a course on a day. Revoking or voiding records a new row (two clocks).

    ``valid_through`` is the last day it counts, inclusive; ``revoked_from`` the first it does not.
    """

    __tablename__ = "completion"
    __table_args__ = (
        # Covering: the count looks up every member's completions.
        Index(
            "ix_completion_person_course",
            "person_id",
            "course_id",
            "completed_on",
            "valid_through",
            "revoked_from",
            "is_void",
            "recorded_at",
            "retracted_at",
        ),
        Index("ix_completion_training_session", "training_session_id"),
    )

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    completed_on: Mapped[date]
    valid_through: Mapped[date | None]
    revoked_from: Mapped[date | None]
    is_void: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")
    training_session_id: Mapped[int | None] = mapped_column(ForeignKey(TrainingSession.id))
