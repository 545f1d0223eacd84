"""What a person sees of the own data: signed in as attendee, or by the personal link."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.actions import count_try
from hrtrain.accounts.models import User
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to, public
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.language import gettext as _
from hrtrain.people.models import Person
from hrtrain.privacy import words
from hrtrain.privacy.actions.requests import Wish, receive
from hrtrain.privacy.forms import OwnRequestForm
from hrtrain.privacy.queries.accesses import accesses_to
from hrtrain.privacy.queries.holding import holding_of
from hrtrain.privacy.queries.requests import requests_of
from hrtrain.privacy.queries.rules import find_notice
from hrtrain.privacy.queries.subjects import records_of
from hrtrain.privacy.rules import Right, Via
from hrtrain.privacy.views import bp
from hrtrain.privacy.watched import WATCHED
from hrtrain.training.views.attendee import own_person
from hrtrain.training.views.personal import opened_person

# A link may be in other hands than its person's for a while: nobody floods the office with it.
REQUESTS_A_DAY = 10
DAY_MINUTES = 24 * 60


@bp.route("/my/data", methods=["GET", "POST"])
@open_to(Role.ATTENDEE)
def my_data() -> ResponseReturnValue:
    """The own data, and a request about them."""
    person = own_person()
    if person is None:
        return render_template("training/my_nobody.html")
    return _page(person, Via.ACCOUNT)


@bp.route("/me/<code>/data", methods=["GET", "POST"])
@public
def personal_data(code: str) -> ResponseReturnValue:
    """The same by the personal link; unopened, it asks for the birth date first."""
    person = opened_person(code)
    if person is None:
        return redirect(url_for("training.personal_link", code=code), 303)
    return _page(person, Via.LINK, code)


def _page(person: Person, via: Via, code: str = "") -> ResponseReturnValue:
    form, status = OwnRequestForm(), 200
    if form.validate_on_submit():
        try:
            return _received(person, form, via, code)
        except Refusal as refusal:
            status = back_out(form, refusal)
    elif form.errors:
        status = 422
    shown = what_is_held(person, request.args.get("after"))
    page = render_template("privacy/own_data.html", form=form, code=code, **shown)
    return page, status


def what_is_held(person: Person, after: str | None) -> dict[str, Any]:
    """The values of a page about a person's data."""
    people = records_of(person)
    ids = [one.id for one in people]
    return {
        "person": person,
        "holding": holding_of(people),
        "requests": requests_of(ids, clock.today()),
        "accesses": accesses_to(ids, after),
        "notice": find_notice(),
        "words": words,
        "watched": WATCHED,
    }


def _received(person: Person, form: OwnRequestForm, via: Via, code: str) -> ResponseReturnValue:
    # The count ends the transaction, so the person is read anew.
    person_id = person.id
    count_try(f"request:{person_id}", REQUESTS_A_DAY, DAY_MINUTES)
    person = db.session.get(Person, person_id) or abort(404)
    wish = Wish(Right(form.kind.data), form.said.data or "", via, clock.today())
    receive(form.once.data, person, wish, by=_asker(via))
    db.session.commit()
    flash(
        _("Đã nhận phiếu yêu cầu. Kết quả và hạn trả lời xem ở phần “Phiếu yêu cầu của tôi”."),
        "good",
    )
    return redirect(address_of(code) + "#requests", 303)


def _asker(via: Via) -> User | None:
    return current_user() if via is Via.ACCOUNT else None


def address_of(code: str) -> str:
    """The page of the own data, by the link of this code or signed in."""
    if code:
        return url_for("privacy.personal_data", code=code)
    return url_for("privacy.my_data")
