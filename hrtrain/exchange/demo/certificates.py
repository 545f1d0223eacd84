"""The demo's certificates, by the product's own acts: issued, one revoked, one corrected.

Every step leaves the demo alone when its effect is there already.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from hrtrain.accounts.models import User
from hrtrain.certificates.actions.changing import correct, revoke
from hrtrain.certificates.actions.issuing import issue
from hrtrain.certificates.actions.series import create_series
from hrtrain.certificates.jobs import ask_for_documents
from hrtrain.certificates.models import Certificate, CertificateSeries
from hrtrain.certificates.rules import Revocation, SeriesDetails
from hrtrain.core.db import db
from hrtrain.training.models import TrainingSession
from hrtrain.units.models import Unit

OFFICE = "tn-svhttdl"
FIRST, SECOND = "tn-2026-1", "tn-2026-2"
_ISSUED_ON = {FIRST: date(2026, 4, 15), SECOND: date(2026, 9, 23)}
_SERIES = SeriesDetails(
    notation="GCN-SVHTTDL",
    superior_name="Ủy ban nhân dân tỉnh Tây Ninh",
    issuer_name="Sở Văn hóa, Thể thao và Du lịch",
    place="Tây Ninh",
    signing_authority="Giám đốc",
    signatory="Trần Minh Khôi",
    layout="vi",
    basis="Kế hoạch số 175/KH-UBND ngày 17/01/2023 thực hiện Quyết định số 1079/QĐ-TTg",
    issuer_name_en="Department of Culture, Sports and Tourism",
    signing_authority_en="Director",
)


def issue_once(key: str, by: User) -> None:
    """Issue the certificates of one of the two sessions and ask for their documents."""
    session = db.session.scalars(select(TrainingSession).where(TrainingSession.key == key)).one()
    if not _certificates_of(key):
        issue(session, _series(by), by=by, on=_ISSUED_ON[key])
    without = [one for one in _certificates_of(key) if one.document_id is None]
    if without:
        ask_for_documents(without, session, by=by)


def revoke_once(by: User) -> None:
    """Revoke one certificate: its holder turned out to have signed for somebody else."""
    certificates = _certificates_of(FIRST)
    if all(one.state == "issued" for one in certificates):
        decision = Revocation(
            "Ký điểm danh thay người khác (kết luận kiểm tra ngày 05/6/2026)",
            "128/QĐ-SVHTTDL",
            date(2026, 6, 10),
        )
        revoke(certificates[17], decision, by=by)


def correct_once(by: User) -> None:
    """Replace one certificate whose face had the position wrong."""
    certificates = _certificates_of(SECOND)
    if any(one.replaces_id for one in certificates):
        return
    reason = "Ghi sai chức vụ do lỗi của đơn vị cấp"
    changes = {"position": "Phó Trưởng ban Biên tập"}
    made = correct(certificates[4], changes, _series(by), reason=reason, by=by)
    ask_for_documents([made], None, by=by)


def _series(by: User) -> CertificateSeries:
    unit = db.session.scalars(select(Unit).where(Unit.key == OFFICE)).one()
    return create_series("demo-svhttdl", unit, _SERIES, by=by)


def _certificates_of(session_key: str) -> Sequence[Certificate]:
    return db.session.scalars(
        select(Certificate)
        .join(TrainingSession, TrainingSession.id == Certificate.training_session_id)
        .where(TrainingSession.key == session_key)
        .order_by(Certificate.id)
    ).all()
