"""The stored document of a certificate: attached once, never changed."""

from sqlalchemy import select

from hrtrain.certificates.models import Certificate, Document
from hrtrain.core.db import db


def attach(certificate: Certificate, sha256: str, size: int) -> bool:
    """Attach the stored file, unless the certificate has one already; whether it was attached."""
    db.session.refresh(certificate, with_for_update=True)
    if certificate.document_id is not None:
        return False
    certificate.document_id = kept_document(sha256, size).id
    certificate.sha256 = sha256
    db.session.flush()
    return True


def kept_document(sha256: str, size: int) -> Document:
    """The row of a stored file, made if it is not there yet."""
    document = db.session.scalar(select(Document).where(Document.sha256 == sha256))
    if document is None:
        document = Document(sha256=sha256, size=size)
        db.session.add(document)
        db.session.flush()
    return document
