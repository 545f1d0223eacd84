"""The bulk work of certificates: a document for each, made outside, attached inside."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from hrtrain.accounts.models import User
from hrtrain.certificates import marks
from hrtrain.certificates.actions.documents import attach
from hrtrain.certificates.content import Content, read_content
from hrtrain.certificates.face import pdf_of
from hrtrain.certificates.models import Certificate, CertificateNumber, CertificateSeries
from hrtrain.certificates.places import data_folder, document_store
from hrtrain.core.db import db, reading
from hrtrain.core.jobs import actions, worker
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.training.models import TrainingSession

PRINT = "print_certificates"


def ask_for_documents(
    certificates: Sequence[Certificate],
    session: TrainingSession | None = None,
    *,
    by: User | None,
    once: str = "",
) -> Job:
    """Ask the worker to make the documents; of a session one unfinished job at a time."""
    items = [{"certificate": certificate.id} for certificate in certificates]
    payload = {"session": session.key, "title": session.title} if session else {}
    once = once or (once_of(session) if session else "")
    return actions.ask(PRINT, items=items, payload=payload, by=by, once=once)


def once_of(session: TrainingSession) -> str:
    """The name under which a session's documents are asked for."""
    return f"{PRINT}:{session.key}"


def make_document(certificate_id: int) -> None:
    """Make and attach one document here and now; commits. Never inside a transaction."""
    made = prepare({"certificate": certificate_id})
    if made is not None:
        attach(db.session.get_one(Certificate, certificate_id), *made)
        db.session.commit()


def prepare(payload: dict[str, Any]) -> tuple[str, int] | None:
    """Make and store the document; its hash and size, or None when there is one already."""
    with reading():
        certificate = db.session.get_one(Certificate, payload["certificate"])
        is_due = certificate.document_id is None and bool(certificate.content)
        content = read_content(certificate.content) if is_due else None
        entry = _entry(certificate)
        db.session.rollback()
    if content is None:
        return None
    # The number is committed and its document not yet made: now it is out for good.
    if entry is not None:
        marks.raise_to(data_folder(), *entry)
    return store_document(content)


def _entry(certificate: Certificate) -> tuple[str, int, int] | None:
    found = db.session.execute(
        select(CertificateSeries.key, CertificateNumber.year, CertificateNumber.value)
        .join(CertificateSeries, CertificateSeries.id == CertificateNumber.series_id)
        .where(CertificateNumber.certificate_id == certificate.id)
    ).first()
    return (found[0], found[1], found[2]) if found else None


def store_document(content: Content) -> tuple[str, int]:
    """The face printed and stored; its hash and size."""
    document = pdf_of(content)
    return document_store().keep(document), len(document)


@worker.handles(PRINT, prepare)
def attach_document(item: JobItem, _job: Job, made: tuple[str, int] | None) -> dict[str, Any]:
    """Attach what was prepared, unless another did so first."""
    if made is not None:
        attach(db.session.get_one(Certificate, item.payload["certificate"]), *made)
    return {"certificate": item.payload["certificate"]}
