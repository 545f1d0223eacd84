"""What several pages of training share: a page with a form, the unit a text means, choices."""

from typing import Any

from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.training.models import Course
from hrtrain.training.queries.courses import courses
from hrtrain.units.models import Unit
from hrtrain.units.queries import unit_of_text
from hrtrain.units.scope import Scope, scope_of


def page(html: str, form: Any, status: int) -> ResponseReturnValue:
    """A page with a form: 422 when the form complains and nothing worse was said."""
    return html, 422 if form.errors and status == 200 else status


def organizers_unit(field: Any) -> Unit:
    """The unit the field means, within what the user organizes; refused at the field else."""
    try:
        unit = asked_unit(field.data, scope_of(current_user(), Role.ORGANIZER))
    except Refusal as refusal:
        raise Refusal(refusal.message, where=field.name) from None
    assert unit is not None, "the field is required"
    return unit


def asked_unit(text: str, scope: Scope) -> Unit | None:
    """The unit in scope that a typed text means; None for no text, refused when none is meant."""
    if not text.strip():
        return None
    unit = unit_of_text(text, clock.today(), scope)
    if unit is None:
        raise Refusal(_("Không có đơn vị “%(text)s” trong phạm vi của bạn.", text=text))
    return unit


def course_choices() -> list[tuple[str, str]]:
    """All courses for a select field."""
    return [(course.key, course.name) for course in courses()]


def chosen_course(key: str) -> Course:
    """The course of a choice that the form already checked."""
    return next(course for course in courses() if course.key == key)
