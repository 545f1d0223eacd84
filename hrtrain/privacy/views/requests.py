"""Requests as the office answers them: the list by what is due, one request, entering one."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.people.gates import person_or_404
from hrtrain.privacy import words
from hrtrain.privacy.actions import requests as actions
from hrtrain.privacy.forms import (
    AcknowledgeForm,
    ExtendForm,
    FinishForm,
    RefuseForm,
    RequestForm,
)
from hrtrain.privacy.gates import ENTERERS, HANDLERS, request_or_404
from hrtrain.privacy.models import SubjectRequest
from hrtrain.privacy.queries.requests import due_of, request_counts, request_page
from hrtrain.privacy.rules import Ground, Right, Via
from hrtrain.privacy.views import bp
from hrtrain.units.scope import scope_of

_FORMS: dict[str, Any] = {
    "acknowledge": AcknowledgeForm,
    "extend": ExtendForm,
    "finish": FinishForm,
    "refuse": RefuseForm,
}


@bp.get("/privacy/requests")
@open_to(*HANDLERS)
def request_list() -> ResponseReturnValue:
    """Requests of people in scope, overdue ones first."""
    scope, today = scope_of(current_user(), *HANDLERS), clock.today()
    which = request.args.get("which", "open")
    return render_template(
        "privacy/request_list.html",
        page=request_page(scope, which, today, request.args.get("after")),
        counts=request_counts(scope, today),
        which=which,
        words=words,
    )


@bp.get("/privacy/requests/<key>")
@open_to(*HANDLERS)
def request_page_of(key: str) -> ResponseReturnValue:
    """One request: what is asked, by when, what may be done."""
    return _shown(request_or_404(key), {}), 200


@bp.post("/privacy/requests/<key>/<act>")
@open_to(*HANDLERS)
def request_act(key: str, act: str) -> ResponseReturnValue:
    """Acknowledge, extend, finish or refuse."""
    asked = request_or_404(key)
    form = _FORMS.get(act, AcknowledgeForm)()
    status = 422
    if act in _FORMS and form.validate():
        try:
            check_version(form, asked)
            flash(_done(act, asked, form), "good")
            db.session.commit()
            return redirect(url_for("privacy.request_page_of", key=key), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
            asked = request_or_404(key)
            form.version.data = asked.version
    return _shown(asked, {act: form}), status


def _done(act: str, asked: SubjectRequest, form: Any) -> str:
    user = current_user()
    acts: dict[str, Callable[[], None]] = {
        "acknowledge": lambda: actions.acknowledge(asked, by=user),
        "extend": lambda: actions.extend(asked, form.reason.data, by=user),
        "finish": lambda: actions.finish(asked, form.answer.data, by=user),
        "refuse": lambda: actions.refuse(
            asked, Ground(form.ground.data), form.refusal.data, by=user
        ),
    }
    acts[act]()
    return str(_("Đã ghi."))


def _shown(asked: SubjectRequest, sent: dict[str, Any]) -> str:
    forms = {
        act: sent.get(act) or form(formdata=None, version=asked.version)
        for act, form in _FORMS.items()
    }
    return render_template(
        "privacy/request_page.html",
        asked=asked,
        due=due_of(asked, clock.today()),
        forms=forms,
        Right=Right,
        words=words,
    )


@bp.route("/people/<key>/data/requests/new", methods=["GET", "POST"])
@open_to(*ENTERERS)
def request_new(key: str) -> ResponseReturnValue:
    """Enter the request of somebody who came, called or wrote."""
    person = person_or_404(key, *ENTERERS)
    form, status = RequestForm(), 200
    if request.method == "GET":
        form.received_on.data = clock.today()
    if form.validate_on_submit():
        try:
            wish = actions.Wish(
                Right(form.kind.data),
                form.said.data or "",
                Via.OFFICE,
                form.received_on.data or clock.today(),
                form.through_processor.data,
            )
            made = actions.receive(form.once.data, person, wish, by=current_user())
            until = made.answer_by
            db.session.commit()
            said = _("Đã ghi phiếu yêu cầu; hạn trả lời %(day)s.", day=until.strftime("%d/%m/%Y"))
            flash(said, "good")
            return redirect(url_for("people.person_page", key=key), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
    elif form.errors:
        status = 422
    return render_template("privacy/request_new.html", form=form, person=person), status
