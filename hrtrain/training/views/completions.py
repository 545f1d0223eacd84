"""Completions recorded by hand: recognised outside training, a briefing, a material."""

from functools import partial

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import lock
from hrtrain.core.language import gettext as _
from hrtrain.coverage.views.impact import answered
from hrtrain.people.gates import person_or_404
from hrtrain.people.models import Person
from hrtrain.training import words
from hrtrain.training.actions.completions import record_completion, retract_completion
from hrtrain.training.forms import CompletionForm, RetractForm
from hrtrain.training.gates import READERS
from hrtrain.training.queries.courses import completions_of, find_completion
from hrtrain.training.views import bp
from hrtrain.training.views.answers import chosen_course, course_choices


@bp.route("/people/<key>/completions/new", methods=["GET", "POST"])
@open_to(*READERS)
def completion_new(key: str) -> ResponseReturnValue:
    """Record that a person completed a course, with what proves it."""
    person = person_or_404(key, *READERS)
    form = CompletionForm()
    form.course.choices = course_choices()

    def act() -> None:
        details = form.details(chosen_course(form.course.data).id)
        record_completion(person, details, by=current_user(), today=clock.today())

    return answered(
        form,
        act,
        days=lambda: [form.completed_on.data],
        page=partial(render_template, "training/completion_new.html", form=form, person=person),
        done=lambda: _done(person, _("Đã ghi nhận hoàn thành.")),
    )


@bp.route("/people/<key>/completions/<int:completion_id>/retract", methods=["GET", "POST"])
@open_to(*READERS)
def completion_retract(key: str, completion_id: int) -> ResponseReturnValue:
    """Take a completion recorded by hand back, with the reason."""
    person = person_or_404(key, *READERS)
    completion = find_completion(person, completion_id) or abort(404)
    form = RetractForm()
    row = next(row for row in completions_of(person) if row.id == completion_id)

    def act() -> None:
        lock(completion)
        retract_completion(completion, form.reason.data or "", by=current_user())

    shown = {"form": form, "person": person, "row": row, "words": words}
    return answered(
        form,
        act,
        days=lambda: [completion.completed_on],
        page=partial(render_template, "training/completion_retract.html", **shown),
        done=lambda: _done(person, _("Đã rút ghi nhận.")),
    )


def _done(person: Person, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for("people.person_page", key=person.key), 303)
