"""The list of certificates, one certificate's page, its document."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.certificates import words
from hrtrain.certificates.gates import (
    READERS,
    certificate_or_404,
    is_organized,
    read_session_or_404,
    readable_certificate_or_404,
)
from hrtrain.certificates.queries.certificates import (
    CertificateFilter,
    chain_of,
    content_of,
    series_of,
)
from hrtrain.certificates.queries.certificates import certificate_page as page_of_certificates
from hrtrain.certificates.rules import verdict
from hrtrain.certificates.views import bp
from hrtrain.certificates.views.answers import document_answer
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.shown import note_shown
from hrtrain.units.scope import reach, scope_of


@bp.get("/certificates")
@open_to(*READERS)
def certificate_list() -> ResponseReturnValue:
    """The certificates in scope, by name or number, session and state."""
    asked = request.args
    session = read_session_or_404(asked["session"]) if asked.get("session") else None
    narrowed = CertificateFilter(
        text=asked.get("q", "").strip(),
        state=asked.get("state", ""),
        session_id=session.id if session else None,
    )
    reached = reach(scope_of(current_user(), *READERS))
    return render_template(
        "certificates/certificate_list.html",
        page=page_of_certificates(narrowed, reached, asked.get("after")),
        session=session,
        words=words,
    )


@bp.get("/certificates/<key>")
@open_to(*READERS)
def certificate_page(key: str) -> ResponseReturnValue:
    """What the certificate says, its state and chain, why it was issued, what may be done."""
    certificate = certificate_or_404(key)
    content = content_of(certificate)
    through = date.fromisoformat(content.valid_through) if content.valid_through else None
    return render_template(
        "certificates/certificate_page.html",
        certificate=certificate,
        content=content,
        chain=chain_of(certificate),
        verdict=verdict(certificate.state, through, clock.today()),
        series=series_of(certificate),
        may_change=is_organized(certificate),
        words=words,
    )


@bp.get("/certificates/<key>.pdf")
@open_to(*READERS, Role.ATTENDEE)
def certificate_document(key: str) -> ResponseReturnValue:
    """The stored document: the same bytes at every download."""
    certificate = readable_certificate_or_404(key)
    note_shown([certificate.person_id])
    return document_answer(certificate)
