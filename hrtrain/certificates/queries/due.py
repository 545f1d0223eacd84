"""Who is due a certificate of a training session, and by which series it may be issued."""

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from hrtrain.certificates.models import Certificate, CertificateSeries
from hrtrain.certificates.rules import State
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.people.merges.queries import standing_id
from hrtrain.people.models import Person
from hrtrain.training.models import Completion, Enrolment, TrainingSession
from hrtrain.training.queries.enrolments import candidates
from hrtrain.units.queries import path_of


@dataclass(frozen=True)
class Due:
    """A person due a certificate, placed as on the session's first day, and why."""

    person: Person
    completion: Completion
    position: str
    unit_name: str
    attended: bool | None


def people_due(session: TrainingSession) -> list[Due]:
    """People with a standing completion of the session and no live certificate, in name order."""
    owner = aliased(Person)
    live = and_(
        owner.id == Certificate.person_id,
        or_(owner.id == Completion.person_id, owner.merged_into_id == Completion.person_id),
        Certificate.course_id == Completion.course_id,
        Certificate.training_session_id == session.id,
        Certificate.state == State.ISSUED,
    )
    rows = db.session.execute(
        select(Person, Completion, Enrolment.attended)
        .join(Completion, Completion.person_id == Person.id)
        .outerjoin(
            Enrolment,
            and_(Enrolment.person_id == Person.id, Enrolment.training_session_id == session.id),
        )
        .where(
            Completion.training_session_id == session.id,
            Completion.course_id == session.course_id,
            Completion.retracted_at.is_(None),
            Completion.is_void.is_(False),
            or_(Completion.revoked_from.is_(None), Completion.revoked_from > clock.today()),
            ~select(Certificate.id).join(owner, live).exists(),
        )
        .order_by(Person.sort_key, Person.id, Completion.id)
    ).all()
    return _placed(session, {row[0].id: (row[0], row[1], row[2]) for row in rows})


def _placed(
    session: TrainingSession, found: dict[int, tuple[Person, Completion, bool | None]]
) -> list[Due]:
    people = [person for person, _completion, _attended in found.values()]
    posts = {post.person_key: post for post in candidates(session, people)}
    return [
        Due(person, completion, posts[person.key].position, posts[person.key].unit_name, attended)
        for person, completion, attended in found.values()
    ]


def holders(session: TrainingSession) -> set[int]:
    """Ids of the people who hold a live certificate of the session, by whatever record."""
    held = (Certificate.training_session_id == session.id, Certificate.state == State.ISSUED)
    people = select(standing_id()).join(Certificate, Certificate.person_id == Person.id)
    return set(db.session.scalars(people.where(*held)))


def certificate_count(session: TrainingSession) -> int:
    """How many certificates of the session were ever issued."""
    counted = select(func.count()).where(Certificate.training_session_id == session.id)
    return db.session.scalar(counted) or 0


def series_for(session: TrainingSession) -> list[CertificateSeries]:
    """The series that may issue for a session: its unit's own, then those of the units above."""
    day = session.starts_on
    order = [unit.id for unit in path_of(session.unit, day)] + [session.unit_id]
    found = db.session.scalars(
        select(CertificateSeries).where(CertificateSeries.unit_id.in_(order))
    )
    return sorted(found, key=lambda series: (-order.index(series.unit_id), series.notation))


def find_series(key: str) -> CertificateSeries | None:
    """The series of this key or notation."""
    known = or_(CertificateSeries.key == key, CertificateSeries.notation == key)
    return db.session.scalar(select(CertificateSeries).where(known))
