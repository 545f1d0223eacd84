"""The way to anonymity: what it means, a second question, and the act."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.people.models import Person
from hrtrain.privacy.actions.anonymising import anonymise as anonymise_people
from hrtrain.privacy.forms import AnonymiseForm
from hrtrain.privacy.gates import HANDLERS, handled_person_or_404
from hrtrain.privacy.queries.consequences import consequences_of
from hrtrain.privacy.queries.subjects import records_of
from hrtrain.privacy.rules import anonymous_name
from hrtrain.privacy.views import bp


@bp.route("/people/<key>/data/anonymise", methods=["GET", "POST"])
@open_to(*HANDLERS)
def anonymise(key: str) -> ResponseReturnValue:
    """First why, then the typed word; then it is done for good."""
    person = handled_person_or_404(key)
    form, status = AnonymiseForm(), 200
    if not form.is_submitted():
        form.version.data = person.version
    elif form.validate() and form.step.data == "ask":
        form.step.data = "confirm"
    elif not form.errors and form.is_confirmed:
        try:
            return _done(person, form)
        except Refusal as refusal:
            status = back_out(form, refusal)
            person = handled_person_or_404(key)
            form.version.data = person.version
    else:
        status = 422
        if not form.errors:
            form.typed.errors = [_("Hãy gõ đúng hai chữ ẨN DANH.")]
    return _page(person, form), status


def _page(person: Person, form: AnonymiseForm) -> str:
    form.typed.flags.required = True
    return render_template(
        "privacy/anonymise.html",
        person=person,
        form=form,
        is_second=form.step.data == "confirm",
        name=anonymous_name(person.id),
        follows=consequences_of(records_of(person), clock.today()),
    )


def _done(person: Person, form: AnonymiseForm) -> ResponseReturnValue:
    check_version(form, person)
    anonymise_people(records_of(person), form.reason.data, by=current_user())
    key = person.key
    db.session.commit()
    flash(_("Đã ẩn danh. Các con số không đổi."), "good")
    return redirect(url_for("people.person_page", key=key), 303)
