"""Questions about certificates: the list, one by key or code, a person's, a session's."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from hrtrain.certificates.content import Content, Statement, public_statement, read_content
from hrtrain.certificates.models import Certificate, CertificateNumber, CertificateSeries
from hrtrain.certificates.rules import read_typed_code
from hrtrain.certificates.words import STATE_TONES, STATES
from hrtrain.core.db import db
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.core.text import search_key
from hrtrain.people.merges.queries import ids_of_records, records_of
from hrtrain.people.models import Person
from hrtrain.training.models import Completion, Course, TrainingSession
from hrtrain.training.rules import last_day


@dataclass(frozen=True)
class CertificateFilter:
    """What the list is narrowed to."""

    text: str = ""
    state: str = ""
    session_id: int | None = None


@dataclass(frozen=True)
class CertificateRow:
    """A certificate of a list; the name is the one on its face."""

    id: int
    key: str
    number: str
    full_name: str
    course: str
    issued_on: date
    state: str
    has_document: bool

    @property
    def state_name(self) -> str:
        """The state in words."""
        return str(STATES[self.state])

    @property
    def tone(self) -> str:
        """The state's tone."""
        return STATE_TONES[self.state]


def find_certificate(key: str) -> Certificate | None:
    """The certificate of this key."""
    return db.session.scalar(select(Certificate).where(Certificate.key == key))


def find_by_code(code: str) -> Certificate | None:
    """The certificate of this code, whether from its QR or typed; None for whatever else."""
    if not code.isprintable() or not 0 < len(code) <= 60:
        return None  # PostgreSQL will not even look for a text with a NUL.
    typed = read_typed_code(code)
    known = or_(Certificate.qr_code == code, Certificate.check_code == typed)
    return db.session.scalar(select(Certificate).where(known))


def find_by_hash(sha256: str) -> Certificate | None:
    """The certificate whose stored document has this hash."""
    return db.session.scalar(select(Certificate).where(Certificate.sha256 == sha256))


def in_reach(reached: Select[int] | None) -> ColumnElement[bool] | None:
    """SQL: the certificate's session was held by a unit in reach; None when all are."""
    if reached is None:
        return None
    held = select(TrainingSession.id).where(TrainingSession.unit_id.in_(reached))
    return Certificate.training_session_id.in_(held)


def certificate_page(
    asked: CertificateFilter, reached: Select[int] | None, after: str | None
) -> Page[CertificateRow]:
    """A page of certificates, the newest first."""
    conditions = _conditions(asked, reached)
    found = _rows(*conditions).order_by(Certificate.id.desc()).limit(SIZE + 1)
    if place := read_cursor(after, int):
        found = found.where(Certificate.id < place[0])
    rows = _read(found)
    counted = select(func.count()).select_from(Certificate).where(*conditions)
    if asked.text:
        counted = counted.join(Person, Person.id == Certificate.person_id)
    total = db.session.scalar(counted)
    return page_of(rows, lambda row: (row.id,), total=total)


def _conditions(asked: CertificateFilter, reached: Select[int] | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if (scope := in_reach(reached)) is not None:
        conditions.append(scope)
    if asked.state:
        conditions.append(Certificate.state == asked.state)
    if asked.session_id is not None:
        conditions.append(Certificate.training_session_id == asked.session_id)
    if asked.text:
        named = Person.search_key.contains(search_key(asked.text), autoescape=True)
        numbered = Certificate.number.istartswith(asked.text, autoescape=True)
        conditions.append(or_(named, numbered))
    return conditions


def certificates_of(person_id: int) -> list[CertificateRow]:
    """A person's certificates, the newest first: those of every record merged into it as well."""
    own = Certificate.person_id.in_(records_of(person_id))
    return _read(_rows(own).order_by(Certificate.id.desc()))


def certificates_in(session: TrainingSession) -> list[CertificateRow]:
    """All certificates of a session in the order of their issue."""
    return _read(_rows(Certificate.training_session_id == session.id).order_by(Certificate.id))


def documents_in(session: TrainingSession) -> list[Certificate]:
    """The session's live certificates that have a document, in the order of their numbers."""
    live = (
        Certificate.training_session_id == session.id,
        Certificate.state == "issued",
        Certificate.document_id.is_not(None),
    )
    return list(db.session.scalars(select(Certificate).where(*live).order_by(Certificate.id)))


def without_document(session: TrainingSession) -> list[Certificate]:
    """The session's certificates whose document is still to be made."""
    pending = (
        Certificate.training_session_id == session.id,
        Certificate.document_id.is_(None),
        Certificate.layout != "",
    )
    return list(db.session.scalars(select(Certificate).where(*pending).order_by(Certificate.id)))


def series_of(certificate: Certificate) -> CertificateSeries | None:
    """The series that numbered the certificate; None for one from a data package."""
    return db.session.scalar(
        select(CertificateSeries)
        .join(CertificateNumber, CertificateNumber.series_id == CertificateSeries.id)
        .where(CertificateNumber.certificate_id == certificate.id)
    )


def chain_of(certificate: Certificate) -> list[Certificate]:
    """The certificate with those it replaced and those that replaced it, the oldest first."""
    chain = [certificate]
    while chain[0].replaces_id is not None:
        chain.insert(0, db.session.get_one(Certificate, chain[0].replaces_id))
    while (later := replacement_of(chain[-1])) is not None:
        chain.append(later)
    return chain


def replacement_of(certificate: Certificate) -> Certificate | None:
    """The certificate that replaced this one."""
    return db.session.scalar(select(Certificate).where(Certificate.replaces_id == certificate.id))


def content_of(certificate: Certificate) -> Content:
    """The frozen content; for a certificate from a data package what is known of it now."""
    content = face_of(certificate)
    if certificate.content:
        return content
    return replace(content, valid_through=_last_day_of(certificate))


def face_of(certificate: Certificate) -> Content:
    """The same, but of one from a data package without its last day: asks no further row."""
    if certificate.content:
        return read_content(certificate.content)
    session = certificate.training_session
    return Content(
        full_name=certificate.person.full_name,
        birth_date=certificate.person.birth_date,
        course=certificate.course.name,
        title=session.title if session else "",
        starts_on=session.starts_on.isoformat() if session else "",
        last_on=last_day(session.ends_on).isoformat() if session else "",
        hours=certificate.course.hours,
        issued_on=certificate.issued_on.isoformat(),
        number=certificate.number,
        register_no=certificate.register_no,
        issuer_name=session.unit.name if session else "",
        check_code=certificate.check_code,
    )


def _last_day_of(certificate: Certificate) -> str | None:
    """Through which day the completion it proves counts: its session's, else the latest before."""
    session_id = certificate.training_session_id
    session = Completion.training_session_id
    proven = (
        Completion.person_id.in_(ids_of_records(certificate.person_id)),
        Completion.course_id == certificate.course_id,
        Completion.completed_on <= certificate.issued_on,
        Completion.retracted_at.is_(None),
        or_(session == session_id, session.is_(None)) if session_id else true(),
    )
    order = (session.is_(None), Completion.completed_on.desc())
    found = select(Completion.valid_through).where(*proven).order_by(*order).limit(1)
    through = db.session.scalar(found)
    return through.isoformat() if through else None


def statement_of(certificate: Certificate, day: date) -> Statement:
    """What the public check says of the certificate on the day."""
    later = replacement_of(certificate)
    return public_statement(
        content_of(certificate),
        certificate.state,
        day,
        revocation=(certificate.revoked_on, certificate.revocation_document_no),
        replaced_by=later.number if later else "",
    )


def _rows(*conditions: ColumnElement[bool]) -> Select[Certificate, str, str]:
    return (
        select(Certificate, Person.full_name, Course.name)
        .join(Person, Person.id == Certificate.person_id)
        .join(Course, Course.id == Certificate.course_id)
        .where(*conditions)
    )


def _read(asked: Select[Certificate, str, str]) -> list[CertificateRow]:
    return [_row(*row) for row in db.session.execute(asked)]


def _row(certificate: Certificate, full_name: str, course: str) -> CertificateRow:
    return CertificateRow(
        id=certificate.id,
        key=certificate.key,
        number=certificate.number,
        full_name=certificate.content.get("full_name") or full_name,
        course=certificate.content.get("course") or course,
        issued_on=certificate.issued_on,
        state=certificate.state,
        has_document=certificate.document_id is not None,
    )
