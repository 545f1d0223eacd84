"""Rosters: sent, read at once or by a job, shown with all complaints, confirmed, discarded."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flask import (
    Response,
    abort,
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
from hrtrain.core.sheet import Sheet
from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.coverage.views.impact import Panel, panel_if_asked
from hrtrain.people.forms import group_choices
from hrtrain.people.gates import group_or_404
from hrtrain.people.models import RosterRow, RosterUpload
from hrtrain.people.queries import groups
from hrtrain.people.rosters import queries
from hrtrain.people.rosters.checking import Checking, Explained
from hrtrain.people.rosters.forms import RosterForm
from hrtrain.people.rosters.gates import roster_or_404
from hrtrain.people.rosters.jobs.importing import MOST_AT_ONCE, file_of_refused, take_at_once
from hrtrain.people.rosters.jobs.reading import sealed
from hrtrain.people.rosters.kept_rows import complaints_about
from hrtrain.people.rosters.leaving import leaving_counts
from hrtrain.people.rosters.queries import Terms
from hrtrain.people.rosters.types import NEW_PERSON, SAME_ROW, Columns, Complaint
from hrtrain.people.rosters.uploads import (
    IMPORTERS,
    KIND,
    READ_KIND,
    UNDO_KIND,
    Checked,
    File,
    ask_reading,
    begin_import,
    begin_reading,
    discard_upload,
    finish_reading,
    keep_rows,
    keep_upload,
    remembered_columns,
)
from hrtrain.people.rosters.words import (
    column_words,
    how_words,
    match_tone,
    match_words,
    reason_words,
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
# A sheet of more rows is read by the worker, part by part.
MOST_ROWS = 3_000


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
    key = form.once.data
    upload = queries.find_upload(key)
    if upload is None:
        try:
            upload = _keep(form)
        except Refusal as refusal:
            back_out(form, _at_file(refusal, form))
            return _new_page(form), refusal.status
        db.session.commit()
    return redirect(_next_address(upload), 303)


def _next_address(upload: RosterUpload) -> str:
    """The preview; the columns first where none were understood, the job while it reads."""
    if upload.state == "reading" and upload.job_id is not None:
        return url_for("jobs.job_page", key=db.session.get_one(Job, upload.job_id).key)
    if not any(sheet["header_row"] for sheet in upload.reading["sheets"]):
        return url_for("people.roster_columns", key=upload.key)
    return url_for("people.roster_page", key=upload.key)


def _new_page(form: RosterForm) -> str:
    return render_template("people/roster_new.html", form=form)


def _at_file(refusal: Refusal, form: RosterForm) -> Refusal:
    """A fault of the file is shown at its field, with the file's name."""
    return refusal if refusal.where in form else Refusal(str(refusal), where="file")


def _keep(form: RosterForm) -> RosterUpload:
    user, terms = current_user(), _terms(form)
    name, content = form.sent
    # A stranger's file is read and hashed while no transaction holds the write lock.
    db.session.rollback()
    file = File(name, content, sha256(content).hexdigest())
    sheets = read_spreadsheet(content, name)
    parts = None if is_large(sheets) else check_at_once(sheets, terms, {})
    upload = keep_upload(form.once.data, file, terms, form.covers.data, by=user)
    take_turn(upload, parts, terms, {})
    return upload


def is_large(sheets: list[Sheet]) -> bool:
    """Whether the file is left to the worker."""
    return sum(len(sheet.rows) for sheet in sheets) > MOST_ROWS


Parts = tuple[list[list[dict[str, Any]]], Checked]


def check_at_once(sheets: list[Sheet], terms: Terms, said: Mapping[str, Columns]) -> Parts:
    """What the rows of a small file would do. No lock is held; the import plans them anew."""
    with reading():
        explained = Explained(said, remembered_columns(current_user()))
        checking = Checking(sheets, terms, sealed, explained)
        parts = list(checking.parts(MOST_ROWS))
        db.session.rollback()
    return parts, Checked(checking.sheets(), frozenset(checking.in_review), said)


def take_turn(
    upload: RosterUpload, parts: Parts | None, terms: Terms, said: Mapping[str, Columns]
) -> None:
    """Keep what was read, or ask the worker to read."""
    turn = begin_reading(upload, said)
    if parts is None:
        ask_reading(upload, by=current_user())
        return
    first = 1
    for rows in parts[0]:
        keep_rows(upload, turn, first, rows)
        first += len(rows)
    finish_reading(upload, turn, parts[1], terms)


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
    return _page(roster_or_404(key))


def _page(upload: RosterUpload, panel: Panel | None = None) -> str:
    state = request.args.get("state", "")
    if state not in ("", "new", "changed", "unchanged"):
        abort(404)
    unit = db.session.get(Unit, upload.unit_id) if upload.unit_id else None
    refused = queries.refused_page(upload, request.args.get("refused"))
    complaints = [(row, one) for row in refused.rows for one in complaints_about(row)]
    counts = queries.counts_of(upload)
    return render_template(
        "people/roster_page.html",
        upload=upload,
        counts=counts,
        complaints=complaints,
        refused=refused,
        clashing=_clashing_units(complaints, upload),
        movable=queries.movable_count(upload) if upload.state == "checked" else 0,
        new_person=NEW_PERSON,
        same_row=SAME_ROW,
        page=queries.row_page(upload, state, request.args.get("after")),
        state=state,
        unit_name=names_on([unit.id], upload.starts_on)[unit.id] if unit else "",
        group=queries.group_of(upload),
        job=db.session.get(Job, upload.job_id) if upload.job_id else None,
        leaving=leaving_counts(upload),
        panel=panel,
        has_impact=sum(counts.values()) <= MOST_AT_ONCE,
        words=_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "sentence": sentence,
        "column": column_words,
        "warning": warning_words,
        "match": match_words,
        "match_tone": match_tone,
        "state": state_words,
        "state_tone": state_tone,
        "reason": reason_words,
        "how": how_words,
    }


def _clashing_units(
    complaints: list[tuple[RosterRow, Complaint]], upload: RosterUpload
) -> dict[int, str]:
    ids = {one.clashing_unit_id for _row, one in complaints if one.clashing_unit_id}
    return names_on(list(ids), upload.starts_on) if ids else {}


@bp.get("/rosters/<key>/refused.xlsx")
@open_to(*IMPORTERS)
def roster_refused(key: str) -> ResponseReturnValue:
    """The refused rows as a spreadsheet, each with its reasons, to be corrected and sent again."""
    upload = roster_or_404(key)
    if upload.state not in ("checked", "imported", "undone") or not queries.has_refused(upload):
        abort(404)
    content = file_of_refused(upload) if upload.state == "checked" else upload.content
    headers = {"Content-Disposition": f'attachment; filename="can-sua-{upload.key}.xlsx"'}
    return Response(content, mimetype=XLSX, headers=headers)


@bp.post("/rosters/<key>/import")
@open_to(*IMPORTERS)
def roster_import(key: str) -> ResponseReturnValue:
    """Take in the rows that stand; the others stay in the file to be corrected."""
    upload, user = roster_or_404(key), current_user()
    panel = panel_if_asked(lambda: take_at_once(upload, user), upload.starts_on)
    if panel is not None:
        return _page(upload, panel)
    job = begin_import(upload, by=user)
    db.session.commit()
    return redirect(url_for("jobs.job_page", key=job.key), 303)


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
    return Description(_("Nhập danh sách %(name)s", name=job.payload["file_name"]), _links(job))


@describes(READ_KIND)
def _describe_reading(job: Job) -> Description:
    return Description(_("Đọc danh sách %(name)s", name=job.payload["file_name"]), _links(job))


@describes(UNDO_KIND)
def _describe_undoing(job: Job) -> Description:
    name = job.payload["file_name"]
    return Description(_("Hoàn tác danh sách %(name)s", name=name), _links(job))


def _links(job: Job) -> tuple[tuple[str, str], ...]:
    return ((_("Xem danh sách"), url_for("people.roster_page", key=job.payload["upload"])),)
