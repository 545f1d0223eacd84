"""Makers of certificates: a series, a session whose people are due one."""

from datetime import date
from typing import Any

from hrtrain.certificates.models import CertificateSeries
from hrtrain.core.db import db
from hrtrain.training.models import Completion, TrainingSession
from hrtrain.units.models import Unit
from tests import makers


def series(unit: Unit | None = None, notation: str = "SVHTTDL", **more: Any) -> CertificateSeries:
    """A Vietnamese series of a department."""
    values = {
        "key": f"series-{notation.lower()}",
        "unit_id": (unit or makers.unit()).id,
        "superior_name": "Ủy ban nhân dân tỉnh Tây Ninh",
        "issuer_name": "Sở Văn hóa, Thể thao và Du lịch",
        "place": "Tây Ninh",
        "signing_authority": "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
        "signatory": "Trần Quốc Khánh",
        **more,
    }
    made = CertificateSeries(notation=notation, **values)
    db.session.add(made)
    db.session.flush()
    return made


def complete(session: TrainingSession, full_name: str, **more: Any) -> Completion:
    """A new person who attended and completed the session."""
    person = makers.person(full_name, **more)
    makers.enrolment(session, person, state="completed", attended=True)
    return makers.completion(
        person, session.course, date(2026, 5, 5), training_session_id=session.id
    )


def closed_session(*names: str, **more: Any) -> TrainingSession:
    """A session of 04-05/05/2026, closed, everybody named having completed it."""
    course = more.pop("course", None) or makers.course(name="Kiến thức về quyền con người")
    unit = more.pop("unit", None) or makers.unit()
    session = makers.training_session(course, unit, **{"state": "closed", **more})
    for name in names:
        complete(session, name)
    db.session.commit()
    return session
