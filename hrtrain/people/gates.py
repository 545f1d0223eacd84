"""The one way to people, their memberships and groups by key: permission and look-up together."""

from flask import abort
from sqlalchemy import select

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Stale
from hrtrain.core.language import gettext as _
from hrtrain.people.matching import is_seen
from hrtrain.people.merges.queries import standing_for
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.people.queries import find_group, find_person
from hrtrain.units.scope import scope_of, within

# Who may enter and change people and headcounts, for the units of their grants.
KEEPERS = (Role.FOCAL_POINT, Role.ORGANIZER, Role.PROGRAMME_MANAGER)
READERS = (*KEEPERS, Role.LEADERSHIP)


def person_or_404(key: str, *roles: Role) -> Person:
    """The person, if the user's grants of these roles (of any, when none is named) reach one of
    the memberships that have not ended before today. 409 for one who is in no list any more.
    """
    person = any_person_or_404(key, *roles)
    if not person.is_set_aside:
        return person
    standing = standing_for(person)
    if standing is person:
        raise Stale(_("Hồ sơ này không còn dùng: lần nhập tạo ra nó đã được hoàn tác."))
    raise Stale(_("Hồ sơ này đã được gộp vào hồ sơ của %(name)s.", name=standing.full_name))


def any_person_or_404(key: str, *roles: Role) -> Person:
    """As `person_or_404`, or one set aside, whom whoever may see the record that stands for it
    may still see.
    """
    person = find_person(key)
    if person is None or not reaches(standing_for(person), *roles):
        abort(404)
    return person


def reaches(person: Person, *roles: Role) -> bool:
    """Whether the user's grants of these roles reach a person who was let through the gate."""
    scope = scope_of(current_user(), *roles)
    if scope.everything:
        return True
    seen = is_seen(Person.id, scope, clock.today())
    return db.session.scalar(select(Person.id).where(Person.id == person.id, seen)) is not None


def membership_or_404(person: Person, membership_id: int, *roles: Role) -> Membership:
    """The person's membership at a unit in scope; 409 when it has been corrected or retracted."""
    asked = select(Membership).filter_by(id=membership_id, person_id=person.id)
    units = within(scope_of(current_user(), *roles), clock.today())
    if units is not None:
        asked = asked.where(Membership.unit_id.in_(units))
    membership = db.session.scalar(asked)
    if membership is None:
        abort(404)
    if membership.retracted_at is not None:
        raise Stale(_("Dòng này vừa được sửa hoặc rút. Hãy mở lại trang của cán bộ."))
    return membership


def group_or_404(key: str) -> CadreGroup:
    """The cadre group of this code; groups belong to everybody."""
    group = find_group(key)
    if group is None:
        abort(404)
    return group
