"""Rosters: sent, understood, complained about, confirmed, taken in by a job."""

from hashlib import sha256

from flask import (
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.jobs.describing import Description, describes
from hrtrain.core.jobs.models import Job
from hrtrain.core.language import gettext as _
from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.people.forms import group_choices
from hrtrain.people.gates import group_or_404
from hrtrain.people.identity import national_id_hash
from hrtrain.people.models import RosterUpload
from hrtrain.people.queries import groups
from hrtrain.people.rosters import queries
from hrtrain.people.rosters.check import check
from hrtrain.people.rosters.forms import RosterForm
from hrtrain.people.rosters.jobs import complaints_about, file_of_refused
from hrtrain.people.rosters.queries import Terms
from hrtrain.people.rosters.types import NEW_PERSON
from hrtrain.people.rosters.uploads import (
    IMPORTERS,
    KIND,
    File,
    begin_import,
    decide_row,
    discard_upload,
    keep_upload,
)
from hrtrain.people.rosters.words import (
    column_words,
    match_tone,
    match_words,
    sentence,
    state_tone,
    state_words,
    warning_words,
)
from hrtrain.people.views import bp
from hrtrain.units.gates import administers_everything, typed_unit
from hrtrain.units.models import Unit
from hrtrain.units.queries import names_on
from hrtrain.units.scope import scope_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def roster_or_404(key: str) -> RosterUpload:
    """The upload, unless discarded, if the user sent it or administers everything."""
    upload = queries.find_upload(key)
    if upload is None or upload.state == "discarded":
        abort(404)
    if upload.uploaded_by_id != current_user().id and not administers_everything():
        abort(404)
    return upload


@bp.get("/rosters")
@open_to(*IMPORTERS)
def roster_list() -> ResponseReturnValue:
    """The rosters one has sent, the newest first; who administers everything sees all."""
    owner = None if administers_everything() else current_user().id
    page = queries.upload_page(owner, request.args.get("after"))
    return render_template(
        "people/roster_list.html", page=page, state_words=state_words, state_tone=state_tone
    )


@bp.route("/rosters/new", methods=["GET", "POST"])
@open_to(*IMPORTERS)
def roster_new() -> ResponseReturnValue:
    """Send a roster; what it would do is shown before anything is written."""
    form = RosterForm()
    form.group.choices = [("", _("— chọn nhóm —")), *group_choices(groups())]
    if request.method == "GET":
        form.starts_on.data = clock.today()
        form.group.data = request.args.get("group")
    if not form.validate_on_submit():
        return _new_page(form), 422 if form.errors else 200
    if queries.find_upload(form.once.data) is None:
        try:
            _keep(form)
        except Refusal as refusal:
            back_out(form, _at_file(refusal, form))
            return _new_page(form), refusal.status
        db.session.commit()
    return redirect(url_for("people.roster_page", key=form.once.data), 303)


def _new_page(form: RosterForm) -> str:
    return render_template("people/roster_new.html", form=form)


def _at_file(refusal: Refusal, form: RosterForm) -> Refusal:
    """A fault of the file is shown at its field, with the file's name."""
    return refusal if refusal.where in form else Refusal(str(refusal), where="file")


def _keep(form: RosterForm) -> None:
    user, terms = current_user(), _terms(form)
    name, content = form.sent
    # A stranger's file is read and hashed while no transaction holds the write lock.
    db.session.rollback()
    sheets = read_spreadsheet(content, name)
    digest = sha256(content).hexdigest()
    secret_key = current_app.config["SECRET_KEY"]
    with reading():
        # Planning some thousand rows takes a while; the import plans them anew.
        checked = check(sheets, name, terms, lambda digits: national_id_hash(digits, secret_key))
        db.session.rollback()
    keep_upload(form.once.data, File(name, content, digest), terms, checked, by=user)


def _terms(form: RosterForm) -> Terms:
    unit = typed_unit(form.unit.data, *IMPORTERS) if form.unit.data else None
    return Terms(
        starts_on=form.day,
        today=clock.today(),
        unit_id=_alive(unit, form).id if unit else None,
        group_id=group_or_404(form.group.data).id,
        scope=scope_of(current_user(), *IMPORTERS),
    )


def _alive(unit: Unit, form: RosterForm) -> Unit:
    day = form.day
    if (unit.starts_on and day < unit.starts_on) or (unit.ends_on and day >= unit.ends_on):
        raise Refusal(_("%(name)s không hoạt động vào ngày bắt đầu.", name=unit.name), where="unit")
    return unit


@bp.get("/rosters/<key>")
@open_to(*IMPORTERS)
def roster_page(key: str) -> ResponseReturnValue:
    """How the file was understood, the complaints, and what the other rows would do."""
    upload = roster_or_404(key)
    state = request.args.get("state", "")
    if state not in ("", "new", "changed", "unchanged"):
        abort(404)
    unit = db.session.get(Unit, upload.unit_id) if upload.unit_id else None
    refused = queries.refused_page(upload, request.args.get("refused"))
    return render_template(
        "people/roster_page.html",
        upload=upload,
        counts=queries.counts_of(upload),
        complaints=complaints_about(refused.rows),
        refused=refused,
        positions={(row.sheet, row.row): row.position for row in refused.rows},
        new_person=NEW_PERSON,
        page=queries.row_page(upload, state, request.args.get("after")),
        state=state,
        unit_name=names_on([unit.id], upload.starts_on)[unit.id] if unit else "",
        group=queries.group_of(upload),
        job=db.session.get(Job, upload.job_id) if upload.job_id else None,
        sentence=sentence,
        column_words=column_words,
        warning_words=warning_words,
        match_words=match_words,
        match_tone=match_tone,
        state_words=state_words,
        state_tone=state_tone,
    )


@bp.get("/rosters/<key>/refused.xlsx")
@open_to(*IMPORTERS)
def roster_refused(key: str) -> ResponseReturnValue:
    """The refused rows as a spreadsheet, each with its reasons, to be corrected and sent again."""
    upload = roster_or_404(key)
    if upload.state == "importing" or not queries.refused(upload):
        abort(404)
    content = upload.content if upload.state == "imported" else file_of_refused(upload)
    headers = {"Content-Disposition": f'attachment; filename="can-sua-{upload.key}.xlsx"'}
    return Response(content, mimetype=XLSX, headers=headers)


@bp.post("/rosters/<key>/import")
@open_to(*IMPORTERS)
def roster_import(key: str) -> ResponseReturnValue:
    """Take in the rows that stand; the others stay in the file to be corrected."""
    upload = roster_or_404(key)
    job = begin_import(upload, by=current_user())
    db.session.commit()
    return redirect(url_for("jobs.job_page", key=job.key), 303)


@bp.post("/rosters/<key>/rows/<int:position>")
@open_to(*IMPORTERS)
def roster_decide(key: str, position: int) -> ResponseReturnValue:
    """Say of a row that needed review whether it is somebody known or another person."""
    upload = roster_or_404(key)
    decide_row(upload, position, request.form.get("choice", ""), by=current_user())
    db.session.commit()
    place = request.args.get("refused") or None
    address = url_for("people.roster_page", key=key, refused=place, _anchor="complaints")
    return redirect(address, 303)


@bp.post("/rosters/<key>/discard")
@open_to(*IMPORTERS)
def roster_discard(key: str) -> ResponseReturnValue:
    """Forget the file; what was imported stays."""
    upload = roster_or_404(key)
    discard_upload(upload, by=current_user())
    db.session.commit()
    flash(_("Đã bỏ danh sách %(name)s.", name=upload.file_name), "good")
    return redirect(url_for("people.roster_list"), 303)


@describes(KIND)
def _describe(job: Job) -> Description:
    links = ((_("Xem danh sách"), url_for("people.roster_page", key=job.payload["upload"])),)
    return Description(_("Nhập danh sách %(name)s", name=job.payload["file_name"]), links)
