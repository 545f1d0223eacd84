"""Holding a person about whom something is to be recorded."""

from hrtrain.core.db import lock
from hrtrain.core.errors import Stale
from hrtrain.core.language import gettext as _
from hrtrain.people.models import Person


def hold(person: Person) -> None:
    """Lock the person; Stale when somebody merged the record into another meanwhile."""
    lock(person)
    if person.is_set_aside:
        raise Stale(
            _("Hồ sơ của %(name)s vừa được gộp hoặc không còn dùng.", name=person.full_name)
        )
