"""Tables of personal data: who looked, requests, the notice, rules of retention, incidents."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import Instant, Key, Model, PrimaryKey
from hrtrain.people.models import Person


class DataAccess(Model):
    """A page, print or file with names that somebody was given; appended, never changed.

    ``subject`` is the list or thing, ``filters`` what was asked (never a typed name), and
    ``shown_count`` how many people it showed. Without a user it was the person, or the operator.
    """

    __tablename__ = "data_access"
    __table_args__ = (
        CheckConstraint("purpose IN ('page', 'print', 'export')", name="purpose"),
        Index("ix_data_access_at", "at"),
        Index("ix_data_access_user", "user_id", "id"),
        Index("ix_data_access_person", "person_id", "id"),
    )

    id: Mapped[PrimaryKey]
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    purpose: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    shown_count: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User | None] = relationship()


class DataAccessPerson(Model):
    """One of the people a list showed."""

    __tablename__ = "data_access_person"
    __table_args__ = (Index("ix_data_access_person_of", "person_id", "access_id"),)

    access_id: Mapped[int] = mapped_column(ForeignKey(DataAccess.id), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)


class SubjectRequest(Model):
    """A person's request about the own data (phiếu yêu cầu), with its legal due days.

    ``said`` is what the person wrote, ``answer`` what the office answered or why it refused.
    """

    __tablename__ = "subject_request"
    __table_args__ = (
        CheckConstraint("state IN ('received', 'acknowledged', 'done', 'refused')", name="state"),
        CheckConstraint(
            "kind IN ('view', 'correct', 'copy', 'withdraw', 'restrict', 'object', 'erase', "
            "'protect')",
            name="kind",
        ),
        CheckConstraint("via IN ('account', 'link', 'office')", name="via"),
        Index("ix_subject_request_state", "state", "answer_by"),
        Index("ix_subject_request_person", "person_id", "id"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    kind: Mapped[str] = mapped_column(String(20))
    said: Mapped[str] = mapped_column(Text, default="")
    via: Mapped[str] = mapped_column(String(20))
    through_processor: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="received")
    received_on: Mapped[date]
    acknowledge_by: Mapped[date]
    answer_by: Mapped[date]
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    extended_at: Mapped[datetime | None] = mapped_column(Instant)
    extension_reason: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    ground: Mapped[str] = mapped_column(String(30), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    entered_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship()
    entered_by: Mapped[User | None] = relationship()


class DataIncident(Model):
    """A breach of personal data, when it was noticed, and when it was reported."""

    __tablename__ = "data_incident"
    __table_args__ = (Index("ix_data_incident_noticed_at", "noticed_at"),)

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    noticed_at: Mapped[datetime] = mapped_column(Instant)
    what: Mapped[str] = mapped_column(Text)
    people_count: Mapped[int | None]
    measures: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime | None] = mapped_column(Instant)
    report_no: Mapped[str] = mapped_column(String(120), default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    version: Mapped[int] = mapped_column(default=1)


class PrivacyNotice(Model):
    """Who answers for personal data and how to reach them; one row, the page's defaults without."""

    __tablename__ = "privacy_notice"

    id: Mapped[PrimaryKey]
    controller: Mapped[str] = mapped_column(String(250), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class RetentionRule(Model):
    """How many months a kind of thing is kept; what is no row here has the default of the kind."""

    __tablename__ = "retention_rule"
    __table_args__ = (CheckConstraint("months IS NULL OR months > 0", name="months"),)

    id: Mapped[PrimaryKey]
    kind: Mapped[str] = mapped_column(String(40), unique=True)
    months: Mapped[int | None]
    is_on: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
