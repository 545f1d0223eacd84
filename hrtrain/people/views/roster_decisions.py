"""What somebody decides of a roster's rows, and of those whom the file lacks."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import Form, back_out
from hrtrain.core.language import gettext as _
from hrtrain.people.models import RosterUpload
from hrtrain.people.rosters.forms import LeavingForm
from hrtrain.people.rosters.gates import roster_or_404
from hrtrain.people.rosters.leaving import decide_leaving, leaving_counts, leaving_page
from hrtrain.people.rosters.queries import group_of
from hrtrain.people.rosters.uploads import IMPORTERS, decide_row, move_all, move_row
from hrtrain.people.views import bp
from hrtrain.units.queries import names_on


@bp.post("/rosters/<key>/rows/<int:position>")
@open_to(*IMPORTERS)
def roster_decide(key: str, position: int) -> ResponseReturnValue:
    """Say of a row that needed review whether it is somebody known or another person."""
    upload = roster_or_404(key)
    decide_row(upload, position, request.form.get("choice", ""), by=current_user())
    db.session.commit()
    return redirect(_complaints(key), 303)


@bp.post("/rosters/<key>/rows/<int:position>/move")
@open_to(*IMPORTERS)
def roster_move(key: str, position: int) -> ResponseReturnValue:
    """Say that the row's person moves to the row's unit."""
    move_row(roster_or_404(key), position, by=current_user())
    db.session.commit()
    return redirect(_complaints(key), 303)


@bp.post("/rosters/<key>/move")
@open_to(*IMPORTERS)
def roster_move_all(key: str) -> ResponseReturnValue:
    """Say that everybody whom the file has at another unit moves there."""
    count = move_all(roster_or_404(key), by=current_user())
    db.session.commit()
    flash(_("%(count)s người sẽ chuyển đơn vị khi nhập.", count=count), "good")
    return redirect(_complaints(key), 303)


def _complaints(key: str) -> str:
    place = request.args.get("refused") or None
    return url_for("people.roster_page", key=key, refused=place, _anchor="complaints")


@bp.route("/rosters/<key>/leaving", methods=["GET", "POST"])
@open_to(*IMPORTERS)
def roster_leaving(key: str) -> ResponseReturnValue:
    """Whom the file lacks; those who are ticked leave their groups with the import."""
    upload, form = roster_or_404(key), LeavingForm()
    if request.method == "GET":
        form.ends_on.data = upload.starts_on
    is_staying = "stay" in request.form
    # Who stays needs no day.
    if not (Form() if is_staying else form).validate_on_submit():
        return _leaving_page(upload, form), 422 if form.errors else 200
    try:
        count = _decide(upload, form, is_staying=is_staying)
    except Refusal as refusal:
        back_out(form, refusal)
        return _leaving_page(upload, form), refusal.status
    db.session.commit()
    flash(_("Đã ghi lựa chọn cho %(count)s người.", count=count), "good")
    return redirect(url_for("people.roster_leaving", key=key, after=request.args.get("after")), 303)


def _decide(upload: RosterUpload, form: LeavingForm, *, is_staying: bool) -> int:
    texts = request.form.getlist("who")
    ids = {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 12}
    if not ids and "all" not in request.form:
        raise Refusal(_("Hãy đánh dấu ít nhất một người."))
    who = None if "all" in request.form else ids
    return decide_leaving(upload, who, None if is_staying else form.day, by=current_user())


def _leaving_page(upload: RosterUpload, form: LeavingForm) -> str:
    page = leaving_page(upload, request.args.get("after"))
    unit_ids = list({one.unit_id for one in page.rows})
    return render_template(
        "people/roster_leaving.html",
        upload=upload,
        form=form,
        page=page,
        counts=leaving_counts(upload),
        unit_names=names_on(unit_ids, upload.starts_on) if unit_ids else {},
        group=group_of(upload),
    )
