"""Issuing: numbers and frozen contents in one transaction; the documents follow by a job."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.certificates.actions.numbers import take_numbers
from hrtrain.certificates.content import Content
from hrtrain.certificates.models import Certificate, CertificateNumber, CertificateSeries
from hrtrain.certificates.places import settings
from hrtrain.certificates.queries.due import Due, people_due
from hrtrain.certificates.rules import (
    new_check_code,
    new_qr_code,
    number_text,
    register_text,
)
from hrtrain.core import clock
from hrtrain.core.db import db, hold_content, new_key
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.people.merges.actions import hold_records
from hrtrain.training.actions.completions import enrolled_in
from hrtrain.training.models import TrainingSession
from hrtrain.training.rules import SessionState

LAYOUT_VERSION = 1
HONORIFICS = {"male": "Ông", "female": "Bà"}


def issue(
    session: TrainingSession,
    series: CertificateSeries,
    *,
    by: User | None,
    on: date,
) -> list[Certificate]:
    """Issue to everybody who is due, in name order, with numbers that follow each other.

    Refuses a cancelled session, a day before its end or in the future, and when nobody is due.
    """
    hold_content(session)
    hold_records(enrolled_in(session))
    _check(session, on)
    due = people_due(session)
    if not due:
        raise Refusal(_("Không có ai đủ điều kiện mà chưa được cấp giấy chứng nhận ở lớp này."))
    contents = [frozen_content(one, session, series, on) for one in due]
    made = write_certificates(
        contents, series, on, [(one.person.id, session.course_id, session.id) for one in due], by=by
    )
    record(
        by,
        "issue_certificates",
        ("training_session", session.key),
        _(
            "Cấp %(n)s giấy chứng nhận, số %(first)s đến %(last)s",
            n=len(made),
            first=made[0].number,
            last=made[-1].number,
        ),
        series=series.key,
        certificates=[one.key for one in made],
    )
    return made


def _check(session: TrainingSession, on: date) -> None:
    if session.state == SessionState.CANCELLED:
        raise Refusal(_("Lớp đã hủy nên không cấp giấy chứng nhận."))
    if on > clock.today():
        raise Refusal(_("Ngày cấp không thể ở tương lai."))
    if on < session.ends_on - timedelta(days=1):
        raise Refusal(_("Ngày cấp không thể trước ngày bế giảng của lớp."))


def frozen_content(
    one: Due, session: TrainingSession, series: CertificateSeries, on: date
) -> Content:
    """What the face will say for ever: everything as it is known now."""
    course, completion = session.course, one.completion
    through = completion.valid_through
    content = Content(
        full_name=one.person.full_name,
        honorific=HONORIFICS.get(one.person.gender, "Ông/Bà"),
        birth_date=one.person.birth_date,
        position=one.position,
        unit=one.unit_name,
        course=course.name,
        course_en=course.name_en,
        title=session.title,
        place=session.place,
        starts_on=session.starts_on.isoformat(),
        last_on=(session.ends_on - timedelta(days=1)).isoformat(),
        hours=course.hours,
        completed_on=completion.completed_on.isoformat(),
        valid_through=through.isoformat() if through else None,
        issued_on=on.isoformat(),
        number="",
        evidence={
            "reason": "eligible",
            "completion": completion.id,
            "source": completion.source,
            "recorded_at": completion.recorded_at.isoformat(),
            "attended": one.attended,
        },
    )
    return with_series(content, series)


def with_series(content: Content, series: CertificateSeries) -> Content:
    """The content with the names of the series on its face."""
    return replace(
        content,
        basis=series.basis,
        superior_name=series.superior_name,
        issuer_name=series.issuer_name,
        issuer_name_en=series.issuer_name_en,
        signing_authority=series.signing_authority,
        signing_authority_en=series.signing_authority_en,
        signatory=series.signatory,
        locality=series.place,
        layout=series.layout,
        layout_version=LAYOUT_VERSION,
    )


def write_certificates(
    contents: Sequence[Content],
    series: CertificateSeries,
    on: date,
    proofs: Sequence[tuple[int, int, int | None]],
    *,
    by: User | None,
) -> list[Certificate]:
    """Number the contents and write their rows; ``proofs`` are person, course and session ids."""
    values = take_numbers(series, on.year, len(contents))
    made = [
        _certificate(_numbered(content, series, value, on), proof, on, by)
        for content, value, proof in zip(contents, values, proofs, strict=True)
    ]
    db.session.add_all(made)
    db.session.flush()
    db.session.add_all(
        CertificateNumber(
            series_id=series.id, year=on.year, value=value, certificate_id=certificate.id
        )
        for certificate, value in zip(made, values, strict=True)
    )
    db.session.flush()
    return made


def _numbered(content: Content, series: CertificateSeries, value: int, on: date) -> Content:
    return replace(
        content,
        number=number_text(value, series.notation),
        register_no=register_text(value, on.year),
        check_code=new_check_code(),
    )


def _certificate(
    content: Content, proof: tuple[int, int, int | None], on: date, by: User | None
) -> Certificate:
    qr_code = new_qr_code()
    content = replace(content, verify_url=f"{settings().base_url}/verify/{qr_code}")
    person_id, course_id, session_id = proof
    return Certificate(
        key=new_key("cert"),
        person_id=person_id,
        course_id=course_id,
        training_session_id=session_id,
        number=content.number,
        register_no=content.register_no,
        issued_on=on,
        check_code=content.check_code,
        qr_code=qr_code,
        content=content.plain(),
        layout=f"{content.layout}-{content.layout_version}",
        issued_by_id=by.id if by else None,
    )
