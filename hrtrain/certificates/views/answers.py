"""What several pages of certificates share: a stored document sent, choices of series."""

from collections.abc import Iterable
from io import BytesIO

from flask import Response, send_file

from hrtrain.certificates.models import Certificate, CertificateSeries
from hrtrain.certificates.places import document_store
from hrtrain.certificates.queries.certificates import content_of
from hrtrain.certificates.rules import file_name, kind_text
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _


def document_answer(certificate: Certificate) -> Response:
    """The certificate's stored bytes as a download; refuses while they are still being made."""
    if certificate.document_id is None and not certificate.layout:
        raise Refusal(_("Tệp của giấy chứng nhận này không được giữ."))
    if certificate.document_id is None:
        raise Refusal(_("Tệp của giấy chứng nhận đang được tạo. Hãy thử lại sau ít phút."))
    return send_file(
        BytesIO(document_store().read(certificate.sha256)),
        "application/pdf",
        as_attachment=True,
        download_name=document_name(certificate),
        etag=certificate.sha256,
    )


def document_name(certificate: Certificate) -> str:
    """The file name of the certificate's document."""
    full_name = content_of(certificate).full_name
    return file_name(certificate.number, certificate.issued_on, full_name)


def series_choices(found: Iterable[CertificateSeries]) -> list[tuple[str, str]]:
    """Series for a select field."""
    return [
        (series.key, f"{kind_text(series.notation)} · {series.issuer_name}") for series in found
    ]


def end_reading() -> None:
    """Let go of the transaction before slow work with files."""
    db.session.rollback()
