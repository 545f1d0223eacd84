"""Courses: the list, the page, making, editing."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user, may
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.training import words
from hrtrain.training.actions.courses import create_course, edit_course
from hrtrain.training.forms import CourseForm
from hrtrain.training.gates import READERS, course_or_404, reached
from hrtrain.training.queries.courses import course_page as page_of_courses
from hrtrain.training.queries.sessions import SessionFilter, training_session_page
from hrtrain.training.rules import last_day
from hrtrain.training.views import bp
from hrtrain.training.views.answers import page


@bp.get("/courses")
@open_to(*READERS)
def course_list() -> ResponseReturnValue:
    """Courses by name, with how many sessions of each the user may see."""
    asked = request.args
    rows = page_of_courses(asked.get("q", "").strip(), reached(*READERS), asked.get("after"))
    return render_template(
        "training/course_list.html", page=rows, words=words, may_add=may(*READERS)
    )


@bp.get("/courses/<key>")
@open_to(*READERS)
def course_page(key: str) -> ResponseReturnValue:
    """A course and its newest sessions."""
    course = course_or_404(key)
    asked = SessionFilter(when="all", course_id=course.id)
    sessions = training_session_page(asked, reached(*READERS), clock.today(), None)
    return render_template(
        "training/course_page.html",
        course=course,
        sessions=sessions,
        words=words,
        last_day=last_day,
        may_organize=may(Role.ORGANIZER),
    )


@bp.route("/courses/new", methods=["GET", "POST"])
@open_to(*READERS)
def course_new() -> ResponseReturnValue:
    """Make a course."""
    form, status = CourseForm(), 200
    if form.validate_on_submit():
        try:
            course = create_course(form.key.data, form.details(), by=current_user())
            db.session.commit()
            flash(_("Đã tạo khóa học."), "good")
            return redirect(url_for("training.course_page", key=course.key), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
    return page(render_template("training/course_new.html", form=form), form, status)


@bp.route("/courses/<key>/edit", methods=["GET", "POST"])
@open_to(*READERS)
def course_edit(key: str) -> ResponseReturnValue:
    """Edit a course; a stale form is answered with both versions."""
    course = course_or_404(key)
    form, status = CourseForm(data=CourseForm.values_of(course)), 200
    del form.key
    if form.validate_on_submit():
        try:
            check_version(form, course)
            edit_course(course, form.details(), by=current_user())
            db.session.commit()
            flash(_("Đã lưu khóa học."), "good")
            return redirect(url_for("training.course_page", key=key), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
            form.version.data = course.version
    kept = CourseForm(formdata=None, data=CourseForm.values_of(course))
    html = render_template(
        "training/course_edit.html", form=form, course=course, kept=kept, is_stale=status == 409
    )
    return page(html, form, status)
