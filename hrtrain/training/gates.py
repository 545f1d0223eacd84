"""Gates of training: permission and look-up in one; what is foreign answers like what is absent."""

from collections.abc import Iterable

from flask import abort
from sqlalchemy import Select, select

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core.db import db, hold_content
from hrtrain.training.models import Course, Enrolment, TrainingSession
from hrtrain.training.queries.courses import find_course
from hrtrain.training.queries.enrolments import find_enrolment
from hrtrain.units.scope import reach, scope_of

READERS = (Role.ORGANIZER, Role.PROGRAMME_MANAGER)


def reached(*roles: Role) -> Select[int] | None:
    """The ids of the units the current user reaches with these roles; None for all units."""
    return reach(scope_of(current_user(), *roles))


def course_or_404(key: str) -> Course:
    """The course; courses belong to no unit, so whoever may open the page may read it."""
    return find_course(key) or abort(404)


def training_session_or_404(key: str) -> TrainingSession:
    """The session, when its unit is within what the user reads."""
    return _session_in(key, reached(*READERS))


def own_training_session_or_404(key: str) -> TrainingSession:
    """The session, when its unit is within what the user organizes."""
    return _session_in(key, reached(Role.ORGANIZER))


def locked_training_session_or_404(key: str) -> TrainingSession:
    """The organizer's session, locked until the transaction ends: the version read is the last."""
    session = own_training_session_or_404(key)
    hold_content(session)
    return session


def sessions_in_reach(keys: Iterable[str]) -> set[str]:
    """Those of the sessions whose pages the user may open, for links to them."""
    units, asked = reached(*READERS), set(keys)
    found = select(TrainingSession.key).where(TrainingSession.key.in_(asked))
    if units is not None:
        found = found.where(TrainingSession.unit_id.in_(units))
    return set(db.session.scalars(found)) if asked else set()


def organizes(session: TrainingSession) -> bool:
    """Whether the current user may change a session that was let through its own gate."""
    units = reached(Role.ORGANIZER)
    if units is None:
        return True
    own = select(TrainingSession.id).where(
        TrainingSession.id == session.id, TrainingSession.unit_id.in_(units)
    )
    return db.session.scalar(own) is not None


def enrolment_or_404(session: TrainingSession, person_key: str) -> Enrolment:
    """The person's place in a session that was let through its own gate."""
    return find_enrolment(session, person_key) or abort(404)


def _session_in(key: str, units: Select[int] | None) -> TrainingSession:
    found = select(TrainingSession).where(TrainingSession.key == key)
    if units is not None:
        found = found.where(TrainingSession.unit_id.in_(units))
    return db.session.scalar(found) or abort(404)
