"""What may still happen to an issued certificate: it is revoked, or replaced by a correction."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.certificates.actions.issuing import with_series, write_certificates
from hrtrain.certificates.content import Content
from hrtrain.certificates.models import Certificate, CertificateSeries
from hrtrain.certificates.queries.certificates import content_of
from hrtrain.certificates.rules import Revocation, State
from hrtrain.core import clock
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.facts import restate
from hrtrain.core.language import gettext as _
from hrtrain.people.merges.queries import ids_of_records
from hrtrain.training.models import Completion

CORRECTABLE = ("full_name", "honorific", "birth_date", "position", "unit")


def revoke(certificate: Certificate, decision: Revocation, *, by: User | None) -> None:
    """Revoke the certificate and, as a new fact, its completion: from the day, or wholly (void).

    Refuses a day before the issue or in the future, and a certificate that is not live any more.
    """
    _lock_live(certificate)
    if decision.revoked_on < certificate.issued_on:
        raise Refusal(_("Ngày thu hồi không thể trước ngày cấp."))
    if decision.revoked_on > clock.today():
        raise Refusal(_("Ngày thu hồi không thể ở tương lai."))
    certificate.state = State.REVOKED
    certificate.revoked_on = decision.revoked_on
    certificate.revocation_reason = decision.reason
    certificate.revocation_document_no = decision.document_no
    for completion in _completions(certificate):
        _take_back(completion, decision)
    db.session.flush()
    record(
        by,
        "revoke_certificate",
        ("certificate", certificate.key),
        _("Thu hồi giấy chứng nhận số %(number)s", number=certificate.number),
        reason=decision.reason,
        document_no=decision.document_no,
        revoked_on=decision.revoked_on.isoformat(),
        is_void=decision.is_void,
    )


def _take_back(completion: Completion, decision: Revocation) -> None:
    if decision.is_void:
        restate(completion, is_void=True)
    elif completion.revoked_from is None or completion.revoked_from > decision.revoked_on:
        restate(completion, revoked_from=decision.revoked_on)


def _completions(certificate: Certificate) -> list[Completion]:
    known = select(Completion).where(
        Completion.person_id.in_(ids_of_records(certificate.person_id)),
        Completion.course_id == certificate.course_id,
        Completion.training_session_id == certificate.training_session_id,
        Completion.retracted_at.is_(None),
        Completion.is_void.is_(False),
    )
    return list(db.session.scalars(known))


def correct(
    certificate: Certificate,
    changes: Mapping[str, str],
    series: CertificateSeries,
    *,
    reason: str,
    by: User | None,
) -> Certificate:
    """Replace a certificate whose face the issuer got wrong by a new one, numbered and dated anew.

    Only what stands about the person is corrected; what was learnt stays as it was frozen. Refuses
    when nothing would change.
    """
    _lock_live(certificate)
    today = clock.today()
    content = corrected(content_of(certificate), changes)
    if content == content_of(certificate):
        raise Refusal(_("Nội dung mới giống hệt giấy đã cấp nên không cần cấp lại."))
    certificate.state = State.REPLACED
    db.session.flush()
    evidence = {**content.evidence, "replaces": certificate.number, "reason": reason}
    content = replace(with_series(content, series), issued_on=today.isoformat(), evidence=evidence)
    proof = (certificate.person_id, certificate.course_id, certificate.training_session_id)
    made = write_certificates([content], series, today, [proof], by=by)[0]
    made.replaces_id = certificate.id
    db.session.flush()
    record(
        by,
        "correct_certificate",
        ("certificate", certificate.key),
        _(
            "Cấp lại do sai sót: %(old)s thay bằng %(new)s",
            old=certificate.number,
            new=made.number,
        ),
        reason=reason,
        replacement=made.key,
        fields=sorted(name for name in changes if changes[name] != _value(certificate, name)),
    )
    return made


def corrected(content: Content, changes: Mapping[str, str]) -> Content:
    """The content with those of its fields changed that may be corrected."""
    allowed = {name: text for name, text in changes.items() if name in CORRECTABLE}
    return replace(content, **allowed)  # type: ignore[arg-type]


def _value(certificate: Certificate, name: str) -> object:
    return certificate.content.get(name)


def _lock_live(certificate: Certificate) -> None:
    lock(certificate)
    if certificate.state != State.ISSUED:
        raise Stale(_("Giấy chứng nhận này vừa được thu hồi hoặc thay thế. Hãy mở lại trang."))
