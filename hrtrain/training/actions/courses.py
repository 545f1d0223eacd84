"""Making and editing courses."""

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core.db import db
from hrtrain.core.language import gettext as _
from hrtrain.training.actions.once import add_once
from hrtrain.training.models import Course
from hrtrain.training.rules import CourseDetails


def create_course(key: str, details: CourseDetails, *, by: User | None) -> Course:
    """Make a course; the one already made with this key, when a form is sent twice."""
    course, is_new = add_once(Course(key=key, **vars(details)))
    if is_new:
        record(by, "create", ("course", key), _("Tạo khóa học “%(name)s”.", name=course.name))
    return course


def edit_course(course: Course, details: CourseDetails, *, by: User | None) -> None:
    """Change what a course says of itself; completions keep the validity they were given."""
    before = {name: getattr(course, name) for name in vars(details)}
    for name, value in vars(details).items():
        setattr(course, name, value)
    db.session.flush()
    summary = _("Sửa khóa học “%(name)s”.", name=course.name)
    record(by, "edit", ("course", course.key), summary, before=before, after=vars(details))
