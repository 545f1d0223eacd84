"""Completions recorded by hand: recognised outside training, a briefing, a material."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.language import gettext as _
from hrtrain.coverage.views.impact import panel_if_asked
from hrtrain.people.gates import person_or_404
from hrtrain.people.models import Person
from hrtrain.training import words
from hrtrain.training.actions.completions import record_completion, retract_completion
from hrtrain.training.forms import CompletionForm, RetractForm
from hrtrain.training.gates import READERS
from hrtrain.training.queries.courses import completions_of, find_completion
from hrtrain.training.views import bp
from hrtrain.training.views.answers import chosen_course, course_choices, page


@bp.route("/people/<key>/completions/new", methods=["GET", "POST"])
@open_to(*READERS)
def completion_new(key: str) -> ResponseReturnValue:
    """Record that a person completed a course, with what proves it."""
    person = person_or_404(key, *READERS)
    form, panel, status = CompletionForm(), None, 200
    form.course.choices = course_choices()

    def act() -> None:
        details = form.details(chosen_course(form.course.data).id)
        record_completion(person, details, by=current_user(), today=clock.today())

    if form.validate_on_submit():
        try:
            panel = panel_if_asked(act, form.completed_on.data)
            if panel is None:
                return _done(act, person, _("Đã ghi nhận hoàn thành."))
        except Refusal as refusal:
            status = back_out(form, refusal)
    html = render_template("training/completion_new.html", form=form, person=person, panel=panel)
    return page(html, form, status)


@bp.route("/people/<key>/completions/<int:completion_id>/retract", methods=["GET", "POST"])
@open_to(*READERS)
def completion_retract(key: str, completion_id: int) -> ResponseReturnValue:
    """Take a completion recorded by hand back, with the reason."""
    person = person_or_404(key, *READERS)
    completion = find_completion(person, completion_id) or abort(404)
    form, panel, status = RetractForm(), None, 200

    def act() -> None:
        lock(completion)
        retract_completion(completion, form.reason.data or "", by=current_user())

    if form.validate_on_submit():
        try:
            panel = panel_if_asked(act, completion.completed_on)
            if panel is None:
                return _done(act, person, _("Đã rút ghi nhận."))
        except Refusal as refusal:
            status = back_out(form, refusal)
    row = next(row for row in completions_of(person) if row.id == completion_id)
    shown = {"form": form, "person": person, "row": row, "words": words, "panel": panel}
    return page(render_template("training/completion_retract.html", **shown), form, status)


def _done(act: Callable[[], None], person: Person, said: str) -> ResponseReturnValue:
    """Act, commit, and back to the person."""
    act()
    db.session.commit()
    flash(said, "good")
    return redirect(url_for("people.person_page", key=person.key), 303)
