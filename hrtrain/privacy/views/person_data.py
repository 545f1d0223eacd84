"""A person's data as the office sees them, and copies of them for the office and for the person."""

from io import BytesIO

from flask import abort, g, render_template, request, send_file
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user, current_visitor
from hrtrain.accounts.actions import record
from hrtrain.accounts.rules import Role
from hrtrain.core.access import open_to, public
from hrtrain.core.db import db, reading, writing
from hrtrain.core.language import gettext as _
from hrtrain.core.shown import note_shown
from hrtrain.people.gates import KEEPERS, person_or_404, reaches
from hrtrain.people.models import Person
from hrtrain.privacy.forms import ReasonForm
from hrtrain.privacy.gates import HANDLERS, handled_person_or_404
from hrtrain.privacy.views import bp
from hrtrain.privacy.views.own import what_is_held
from hrtrain.reports.person_archive import copy_of
from hrtrain.training.views.attendee import own_person
from hrtrain.training.views.personal import opened_person


@bp.get("/people/<key>/data")
@open_to(*KEEPERS)
def person_data(key: str) -> ResponseReturnValue:
    """What is held of the person, for how long, and who looked."""
    return _page(person_or_404(key, *KEEPERS), ReasonForm(formdata=None))


def _page(person: Person, form: ReasonForm) -> str:
    return render_template(
        "privacy/person_data.html",
        may_handle=reaches(person, *HANDLERS),
        form=form,
        **what_is_held(person, request.args.get("after")),
    )


@bp.post("/people/<key>/data/copy.zip")
@open_to(*HANDLERS)
def person_export(key: str) -> ResponseReturnValue:
    """A copy of the person's data, with the reason in the log."""
    form = ReasonForm()
    with reading():
        person = handled_person_or_404(key)
        if not form.validate():
            return _page(person, form), 422
        return _copy(person, form.reason.data or "")


@bp.post("/my/data/copy.zip")
@open_to(Role.ATTENDEE)
def my_export() -> ResponseReturnValue:
    """A copy of the own data."""
    with reading():
        return _copy(own_person() or abort(404))


@bp.post("/me/<code>/data/copy.zip")
@public
def personal_export(code: str) -> ResponseReturnValue:
    """A copy of the own data, by the personal link."""
    with reading():
        return _copy(opened_person(code) or abort(404))


def _copy(person: Person, reason: str = "") -> ResponseReturnValue:
    """The file, after the audit log knows of it; it is made without the write lock."""
    key, person_id = person.key, person.id
    name, content = copy_of(person)
    db.session.rollback()
    with writing():
        by = current_user() if current_visitor() else None
        record(by, "person_exported", ("person", key), _("Lấy bản sao dữ liệu"), reason=reason)
        db.session.commit()
    note_shown([person_id])
    g.reason_given = reason
    return send_file(BytesIO(content), "application/zip", as_attachment=True, download_name=name)
