"""The register book (sổ cấp): every number of a series and year, void ones with their reason."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload

from hrtrain.certificates.models import Certificate, CertificateNumber, CertificateSeries
from hrtrain.certificates.queries.certificates import face_of
from hrtrain.certificates.rules import number_text, register_text
from hrtrain.core.db import db
from hrtrain.core.paging import Page, page_of, read_cursor
from hrtrain.training.models import TrainingSession

PAGE = 100
Lines = Select[CertificateNumber, Certificate, str]


@dataclass(frozen=True)
class RegisterLine:
    """A line of the book; a void number has a reason and no certificate."""

    value: int
    number: str
    register_no: str
    key: str = ""
    full_name: str = ""
    birth_date: str = ""
    unit: str = ""
    course: str = ""
    issued_on: date | None = None
    state: str = "void"
    void_reason: str = ""
    revoked_on: date | None = None
    revocation: str = ""
    replaced_by: str = ""


def series_in_reach(reached: Select[int] | None) -> list[CertificateSeries]:
    """The series of the units in reach, by notation."""
    found = select(CertificateSeries).order_by(CertificateSeries.notation)
    if reached is not None:
        found = found.where(CertificateSeries.unit_id.in_(reached))
    return list(db.session.scalars(found))


def years_of(series: CertificateSeries) -> list[int]:
    """The years of which the series has numbers, the newest first."""
    years = select(CertificateNumber.year).where(CertificateNumber.series_id == series.id)
    return list(db.session.scalars(years.distinct().order_by(CertificateNumber.year.desc())))


def register_page(series: CertificateSeries, year: int, after: str | None) -> Page[RegisterLine]:
    """A page of the book, in the order of the numbers."""
    first = place[0] if (place := read_cursor(after, int)) else 0
    found = _numbers(series, year).where(CertificateNumber.value > first).limit(PAGE + 1)
    return page_of(_lines(series, found), lambda line: (line.value,), size=PAGE)


def register_lines(series: CertificateSeries, year: int) -> list[RegisterLine]:
    """The whole book of the year."""
    return _lines(series, _numbers(series, year))


def _numbers(series: CertificateSeries, year: int) -> Lines:
    later = aliased(Certificate)
    session = joinedload(Certificate.training_session).joinedload(TrainingSession.unit)
    return (
        select(CertificateNumber, Certificate, later.number)
        .outerjoin(Certificate, Certificate.id == CertificateNumber.certificate_id)
        .outerjoin(later, later.replaces_id == Certificate.id)
        # Certificates of a data package have no frozen content: theirs is asked of these.
        .options(joinedload(Certificate.person), joinedload(Certificate.course), session)
        .where(CertificateNumber.series_id == series.id, CertificateNumber.year == year)
        .order_by(CertificateNumber.value)
    )


def _lines(series: CertificateSeries, asked: Lines) -> list[RegisterLine]:
    return [
        _void(series, number)
        if certificate is None
        else _used(series, number, certificate, later or "")
        for number, certificate, later in db.session.execute(asked)
    ]


def _void(series: CertificateSeries, number: CertificateNumber) -> RegisterLine:
    return RegisterLine(
        value=number.value,
        number=number_text(number.value, series.notation),
        register_no=register_text(number.value, number.year),
        void_reason=number.void_reason,
    )


def _used(
    series: CertificateSeries, number: CertificateNumber, certificate: Certificate, later: str
) -> RegisterLine:
    content = face_of(certificate)
    decision = (certificate.revocation_document_no, certificate.revocation_reason)
    return RegisterLine(
        value=number.value,
        number=number_text(number.value, series.notation),
        register_no=certificate.register_no or register_text(number.value, number.year),
        key=certificate.key,
        full_name=content.full_name,
        birth_date=content.birth_date,
        unit=content.unit,
        course=content.course,
        issued_on=certificate.issued_on,
        state=certificate.state,
        revoked_on=certificate.revoked_on,
        revocation=" – ".join(part for part in decision if part),
        replaced_by=later,
    )
