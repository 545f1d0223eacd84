"""The personal link: a code and the birth date open one's own page for an hour, to read only.

Whether a code exists shows nowhere: the form is the same for any, and a wrong code answers as
a wrong birth date does. Tries are counted per code and per address.
"""

import hashlib
from datetime import timedelta
from io import BytesIO

from flask import abort, redirect, render_template, request, send_file, session, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.actions import count_try, forgive_try
from hrtrain.accounts.rules import network_of
from hrtrain.certificates.places import document_store
from hrtrain.certificates.queries.certificates import content_of, find_certificate
from hrtrain.certificates.rules import file_name
from hrtrain.core import clock
from hrtrain.core.access import public
from hrtrain.core.db import reading
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.language import gettext as _
from hrtrain.people.merges.queries import ids_of_records
from hrtrain.people.models import Person
from hrtrain.training.forms import PersonalLinkForm
from hrtrain.training.queries.sessions import own_training_session, person_of_code
from hrtrain.training.rules import read_birth_day
from hrtrain.training.views import bp
from hrtrain.training.views.attendee import own_page
from hrtrain.training.views.documents import calendar_answer

MARK = "personal_link"
HOURS = 1
TRIES_OF_CODE, TRIES_OF_ADDRESS, MINUTES = 5, 30, 15


@bp.get("/me/<code>")
@public
def personal_link(code: str) -> ResponseReturnValue:
    """The own page when the link was opened within the hour, else the question."""
    person = opened_person(code)
    return own_page(person, code) if person else _question(code, PersonalLinkForm(formdata=None))


@bp.post("/me/<code>")
@public
def open_personal_link(code: str) -> ResponseReturnValue:
    """Open the link by the birth date."""
    form = PersonalLinkForm()
    if not form.validate():
        return _question(code, form), 422
    keys = _keys_of_tries(code)
    try:
        for key, limit in keys.items():
            count_try(key, limit, MINUTES)
        _check(code, form.birth_date.data)
    except Refusal as refusal:
        status = back_out(form, refusal)
        return _question(code, form), status
    for key in keys:
        forgive_try(key)
    ends_at = clock.now() + timedelta(hours=HOURS)
    session[MARK] = {"code": code.lower(), "until": ends_at.timestamp()}
    return redirect(url_for("training.personal_link", code=code), 303)


@bp.post("/me/<code>/sign-out")
@public
def close_personal_link(code: str) -> ResponseReturnValue:
    """Forget that the link was opened."""
    session.pop(MARK, None)
    return redirect(url_for("training.personal_link", code=code), 303)


@bp.get("/me/<code>/training-sessions/<key>.ics")
@public
def personal_calendar(code: str, key: str) -> ResponseReturnValue:
    """An own session for the own calendar."""
    person = opened_person(code) or abort(404)
    return calendar_answer(own_training_session(person, key) or abort(404))


@bp.get("/me/<code>/certificates/<key>.pdf")
@public
def personal_certificate(code: str, key: str) -> ResponseReturnValue:
    """An own certificate, the same bytes as from everywhere else."""
    person = opened_person(code) or abort(404)
    found = find_certificate(key) or abort(404)
    if found.person_id not in ids_of_records(person.id) or found.document_id is None:
        abort(404)
    name = file_name(found.number, found.issued_on, content_of(found).full_name)
    content = BytesIO(document_store().read(found.sha256))
    return send_file(content, "application/pdf", as_attachment=True, download_name=name)


def _check(code: str, typed: str) -> None:
    """Refuse unless the code is somebody's whose birth date this is, in one sentence for both."""
    with reading():
        person = person_of_code(code.lower())
    born = read_birth_day(typed)
    if not person or not born or not born.agrees_with(person.birth_date):
        raise Refusal(_("Liên kết hoặc ngày sinh không đúng."), where="birth_date")


def _keys_of_tries(code: str) -> dict[str, int]:
    digest = hashlib.sha256(code.lower().encode()).hexdigest()
    address = network_of(request.remote_addr or "")
    return {f"me:{digest}": TRIES_OF_CODE, f"me-address:{address}": TRIES_OF_ADDRESS}


def opened_person(code: str) -> Person | None:
    """Whose page this browser opened by this code within the hour."""
    mark = session.get(MARK) or {}
    is_open = mark.get("code") == code.lower() and mark.get("until", 0) > clock.now().timestamp()
    return person_of_code(code.lower()) if is_open else None


def _question(code: str, form: PersonalLinkForm) -> str:
    return render_template("training/personal_link.html", form=form, code=code)
