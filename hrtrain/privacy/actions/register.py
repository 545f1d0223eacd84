"""What becomes of a person's certificates: files go, the line of the register stays for its term.

The hash of the file stays, so that the very paper somebody holds is still found to be genuine.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import delete, select

from hrtrain.certificates.models import Certificate, Document
from hrtrain.certificates.places import document_store
from hrtrain.certificates.queries.certificates import content_of
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.files import delete_when_committed
from hrtrain.privacy.keeping import REGISTER
from hrtrain.privacy.queries.rules import retention_rules
from hrtrain.privacy.rules import anonymous_name, months_before


def forget_on_certificates(person_ids: Collection[int], *, keep_register: bool) -> None:
    """Take words away, and the files once this is committed.

    With ``keep_register`` the name and the birth date stay on certificates within their term.
    """
    certificates = db.session.scalars(
        select(Certificate).where(Certificate.person_id.in_(person_ids)).order_by(Certificate.id)
    ).all()
    oldest = _register_since() if keep_register else None
    for certificate in certificates:
        is_kept = keep_register and (oldest is None or certificate.issued_on > oldest)
        _forget(certificate, is_kept)
    _forget_files(certificates)


def _register_since() -> date | None:
    """Certificates issued on the day or before have left their term; None: there is no term."""
    rule = retention_rules()[REGISTER]
    if rule.months is None or not rule.is_on:
        return None
    return months_before(clock.today(), rule.months)


def _forget(certificate: Certificate, is_kept: bool) -> None:
    said = content_of(certificate)
    less = replace(said, position="", unit="", evidence={})
    if not is_kept:
        name = anonymous_name(certificate.person_id)
        less = replace(less, full_name=name, birth_date="", honorific="")
    certificate.content = less.plain()


def forget_name_on(certificate: Certificate) -> None:
    """The register's line has had its time: number, course and day stay, the name does not."""
    _forget(certificate, False)


def _forget_files(certificates: Sequence[Certificate]) -> None:
    documents = [one.document_id for one in certificates if one.document_id is not None]
    found = list(db.session.scalars(select(Document.sha256).where(Document.id.in_(documents))))
    for certificate in certificates:
        # Without a layout nobody makes the document again.
        certificate.document_id, certificate.layout = None, ""
    db.session.flush()
    db.session.execute(delete(Document).where(Document.id.in_(documents)))
    delete_when_committed(document_store().path(sha256) for sha256 in found)
