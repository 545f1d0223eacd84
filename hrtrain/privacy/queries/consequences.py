"""What making a person anonymous would do, told before it is done. Read only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select

from hrtrain.accounts.models import User
from hrtrain.certificates.models import Certificate
from hrtrain.core.db import db
from hrtrain.people.models import Membership, Person
from hrtrain.privacy.keeping import REGISTER
from hrtrain.privacy.queries.rules import Rule, retention_rules
from hrtrain.training.models import Enrolment


@dataclass(frozen=True)
class Consequences:
    """What goes, what stays, and what speaks against it."""

    record_count: int
    membership_count: int
    is_serving: bool
    open_places: int
    certificate_count: int
    usernames: tuple[str, ...]
    register: Rule


def consequences_of(people: Sequence[Person], today: date) -> Consequences:
    """For the person and the records merged into it."""
    ids = [person.id for person in people]
    known = Membership.person_id.in_(ids), Membership.retracted_at.is_(None)
    goes_on = or_(Membership.ends_on.is_(None), Membership.ends_on > today)
    waits = Enrolment.person_id.in_(ids), Enrolment.state.in_(("booked", "waiting"))
    users = select(User.username).where(User.person_id.in_(ids)).order_by(User.username)
    return Consequences(
        record_count=len(ids),
        membership_count=_count(select(func.count(Membership.id)).where(*known)),
        is_serving=_count(select(func.count(Membership.id)).where(*known, goes_on)) > 0,
        open_places=_count(select(func.count(Enrolment.id)).where(*waits)),
        certificate_count=_count(
            select(func.count(Certificate.id)).where(Certificate.person_id.in_(ids))
        ),
        usernames=tuple(db.session.scalars(users)),
        register=retention_rules()[REGISTER],
    )


def _count(asked: Select[int]) -> int:
    return db.session.scalar(asked) or 0
