"""Tables of certificates: series, counters, numbers, certificates and their stored documents."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hrtrain.core import clock
from hrtrain.core.db import Instant, Key, Model, PrimaryKey
from hrtrain.people.models import Person
from hrtrain.training.models import Course, TrainingSession
from hrtrain.units.models import Unit


class CertificateSeries(Model):
    """Whose certificates: the issuing unit's notation, names on the face, who signs.

    ``basis`` is the plan or decision the training carries out, as printed on the face.
    """

    __tablename__ = "certificate_series"
    __table_args__ = (CheckConstraint("layout IN ('vi', 'bilingual')", name="layout"),)

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    notation: Mapped[str] = mapped_column(String(60), unique=True)
    superior_name: Mapped[str] = mapped_column(String(250), default="")
    issuer_name: Mapped[str] = mapped_column(String(250))
    place: Mapped[str] = mapped_column(String(120))
    signing_authority: Mapped[str] = mapped_column(String(250))
    signatory: Mapped[str] = mapped_column(String(200))
    layout: Mapped[str] = mapped_column(String(20), default="vi")
    basis: Mapped[str] = mapped_column(String(300), default="")
    issuer_name_en: Mapped[str] = mapped_column(String(250), default="")
    signing_authority_en: Mapped[str] = mapped_column(String(250), default="")
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship()


class CertificateCounter(Model):
    """The last number given in a series and year; incremented in the issuing transaction."""

    __tablename__ = "certificate_counter"
    __table_args__ = (UniqueConstraint("series_id", "year"),)

    id: Mapped[PrimaryKey]
    series_id: Mapped[int] = mapped_column(ForeignKey(CertificateSeries.id))
    year: Mapped[int]
    last_number: Mapped[int] = mapped_column(default=0)


class Document(Model):
    """A stored file: its bytes lie in the data folder under their SHA-256, never changed."""

    __tablename__ = "document"

    id: Mapped[PrimaryKey]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class Certificate(Model):
    """The numbered proof of a completion, frozen at issue in ``content`` (plain values).

    ``state`` is issued, replaced or revoked; nothing is deleted. ``check_code`` is what people
    type (≥ 80 bits), ``qr_code`` what the QR holds (≥ 128 bits); neither follows the number.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("state IN ('issued', 'replaced', 'revoked')", name="state"),
        Index(
            "uq_certificate_live",
            "person_id",
            "course_id",
            "training_session_id",
            unique=True,
            sqlite_where=text("state = 'issued'"),
            postgresql_where=text("state = 'issued'"),
        ),
        Index("ix_certificate_number", "number"),
        Index("ix_certificate_training_session", "training_session_id"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    training_session_id: Mapped[int | None] = mapped_column(ForeignKey(TrainingSession.id))
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    number: Mapped[str] = mapped_column(String(80))
    register_no: Mapped[str] = mapped_column(String(80), default="")
    issued_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20), default="issued")
    check_code: Mapped[str] = mapped_column(String(40), unique=True)
    qr_code: Mapped[str] = mapped_column(String(60), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    layout: Mapped[str] = mapped_column(String(20), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey(Document.id))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    revoked_on: Mapped[date | None]
    revocation_reason: Mapped[str] = mapped_column(Text, default="")
    revocation_document_no: Mapped[str] = mapped_column(String(120), default="")
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    person: Mapped[Person] = relationship()
    course: Mapped[Course] = relationship()
    training_session: Mapped[TrainingSession | None] = relationship()


class CertificateNumber(Model):
    """A number of the register book (sổ cấp): a certificate's, or void with its reason."""

    __tablename__ = "certificate_number"
    __table_args__ = (
        UniqueConstraint("series_id", "year", "value"),
        CheckConstraint("(certificate_id IS NULL) <> (void_reason = '')", name="used_or_void"),
    )

    id: Mapped[PrimaryKey]
    series_id: Mapped[int] = mapped_column(ForeignKey(CertificateSeries.id))
    year: Mapped[int]
    value: Mapped[int]
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey(Certificate.id), unique=True)
    void_reason: Mapped[str] = mapped_column(Text, default="")
