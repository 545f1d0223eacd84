"""Gates of certificates: permission and look-up in one; what is foreign answers like absent."""

from collections.abc import Iterable

from flask import abort
from sqlalchemy import select

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.certificates.models import Certificate, CertificateSeries
from hrtrain.certificates.queries.certificates import in_reach
from hrtrain.certificates.queries.register import series_in_reach
from hrtrain.core.db import db
from hrtrain.people.merges.queries import records_of
from hrtrain.training.models import TrainingSession
from hrtrain.units.scope import reach, scope_of

READERS = (Role.ORGANIZER, Role.PROGRAMME_MANAGER, Role.LEADERSHIP, Role.FOCAL_POINT)


def certificate_or_404(key: str, *roles: Role) -> Certificate:
    """The certificate, when its session's unit is within reach of these roles (or of a reader)."""
    asked = select(Certificate).where(Certificate.key == key)
    held = in_reach(reach(scope_of(current_user(), *(roles or READERS))))
    if held is not None:
        asked = asked.where(held)
    return db.session.scalar(asked) or abort(404)


def readable_certificate_or_404(key: str) -> Certificate:
    """The certificate, when it is the user's own, or one a reader of its unit may see."""
    own = select(Certificate).where(
        Certificate.key == key, Certificate.person_id.in_(records_of(current_user().person_id or 0))
    )
    return db.session.scalar(own) or certificate_or_404(key)


def readable_keys(keys: Iterable[str]) -> set[str]:
    """Those of the certificates which a reader of their units may open, for links to them."""
    held = in_reach(reach(scope_of(current_user(), *READERS)))
    asked = select(Certificate.key).where(Certificate.key.in_(keys))
    return set(db.session.scalars(asked if held is None else asked.where(held)))


def read_session_or_404(key: str) -> TrainingSession:
    """The session, when its certificates are within reach of a reader."""
    reached = reach(scope_of(current_user(), *READERS))
    asked = select(TrainingSession).where(TrainingSession.key == key)
    if reached is not None:
        asked = asked.where(TrainingSession.unit_id.in_(reached))
    return db.session.scalar(asked) or abort(404)


def is_organized(certificate: Certificate) -> bool:
    """Whether the user organizes the unit that held the session, and so may revoke or correct."""
    held = in_reach(reach(scope_of(current_user(), Role.ORGANIZER)))
    asked = select(Certificate.id).where(Certificate.id == certificate.id)
    return db.session.scalar(asked if held is None else asked.where(held)) is not None


def series_or_404(key: str, *roles: Role) -> CertificateSeries:
    """The series, when its unit is within reach of these roles (or of a reader)."""
    within = series_in_reach(reach(scope_of(current_user(), *(roles or READERS))))
    return next((series for series in within if series.key == key), None) or abort(404)
