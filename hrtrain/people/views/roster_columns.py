"""How a roster's columns were understood, and how its sender says they are to be read."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core.access import open_to
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.forms import Form
from hrtrain.core.jobs.models import Job
from hrtrain.core.language import gettext as _
from hrtrain.core.sheet import Sheet
from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.people.models import RosterUpload
from hrtrain.people.rosters.gates import roster_or_404
from hrtrain.people.rosters.header import as_found_at, fingerprint, labels_at
from hrtrain.people.rosters.reading import understand
from hrtrain.people.rosters.types import COLUMN_FIELDS, Columns
from hrtrain.people.rosters.uploads import (
    IMPORTERS,
    remember_columns,
    said_of_columns,
    terms_of,
)
from hrtrain.people.rosters.words import column_words, how_words
from hrtrain.people.views import bp
from hrtrain.people.views.rosters import check_at_once, is_large, take_turn

MOST_COLUMNS = 60


@bp.route("/rosters/<key>/columns", methods=["GET", "POST"])
@open_to(*IMPORTERS)
def roster_columns(key: str) -> ResponseReturnValue:
    """Show how each sheet was understood; read it again as somebody says."""
    upload, form = roster_or_404(key), Form()
    if upload.state not in ("checked", "unread"):
        raise Stale(_("Danh sách này đã được xác nhận hoặc đang được đọc."))
    if not form.validate_on_submit():
        return _page(upload, form), 422 if form.errors else 200
    try:
        _read_again(upload)
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors = [str(refusal)]
        return _page(upload, form), refusal.status
    db.session.commit()
    return redirect(_address(upload), 303)


def _address(upload: RosterUpload) -> str:
    if upload.state == "reading" and upload.job_id is not None:
        return url_for("jobs.job_page", key=db.session.get_one(Job, upload.job_id).key)
    flash(_("Đã đọc lại tệp theo lựa chọn của bạn."), "good")
    if "stay" in request.form:
        return url_for("people.roster_columns", key=upload.key)
    return url_for("people.roster_page", key=upload.key)


def _page(upload: RosterUpload, form: Form) -> str:
    return render_template(
        "people/roster_columns.html",
        upload=upload,
        form=form,
        fields=[(name, column_words(name)) for name in COLUMN_FIELDS],
        column_name=_letters,
        most=MOST_COLUMNS,
        how_words=how_words,
    )


def _letters(place: int) -> str:
    """A column's name as spreadsheets have it: A, B, … AA."""
    letters = ""
    while place >= 0:
        letters = chr(ord("A") + place % 26) + letters
        place = place // 26 - 1
    return letters


def _read_again(upload: RosterUpload) -> None:
    """Read the file anew as the form says; headers explained here are remembered."""
    with reading():
        content, name = upload.content, upload.file_name
        shown, said = upload.reading["sheets"], said_of_columns(upload)
        terms = terms_of(upload, current_user())
        db.session.rollback()
    sheets = read_spreadsheet(content, name)
    for at, values in enumerate(shown):
        sheet = next((one for one in sheets if one.name == values["sheet"]), None)
        columns = _said(at, values, sheet) if sheet else None
        if columns is not None:
            said[values["sheet"]] = columns
    parts = None if is_large(sheets) else check_at_once(sheets, terms, said)
    take_turn(upload, parts, terms, said)
    remember_columns(_by_fingerprint(sheets, said), by=current_user())


def _said(at: int, shown: dict[str, Any], sheet: Sheet) -> Columns | None:
    """What the form says of a sheet; None where that is how it was understood already."""
    row, rows = _number(f"header-{at}", len(sheet.rows)), _number(f"rows-{at}", 2) or 1
    width = len(shown.get("labels", ()))
    fields = [request.form.get(f"field-{at}-{place}", "") for place in range(width)]
    closed = set(shown.get("sensitive", ()))
    fields = [
        name if name in COLUMN_FIELDS and at not in closed else "" for at, name in enumerate(fields)
    ]
    if row == 0:
        return Columns(0) if shown["header_row"] else None
    if (row, rows) != (shown["header_row"], shown["header_rows"]):
        # Another header row: its own words say what the columns are, until somebody says more.
        return as_found_at(understand(sheet, Columns(0)).sheet, row - 1, rows)
    if fields == shown.get("fields"):
        return None
    return _checked(Columns(row, rows, tuple(fields)), shown["sheet"])


def _number(name: str, most: int) -> int:
    text = request.form.get(name, "").strip()
    if text and not (text.isascii() and text.isdecimal() and int(text[:9]) <= most):
        raise Refusal(_("Số dòng tiêu đề phải từ 0 đến %(most)s.", most=most))
    return int(text or 0)


def _checked(columns: Columns, sheet: str) -> Columns:
    named = [name for name in columns.fields if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        what = column_words(twice)
        raise Refusal(_("Trang “%(sheet)s”: hai cột cùng là “%(what)s”.", sheet=sheet, what=what))
    if not columns.has_name or {"full_name", "given"} <= set(named):
        raise Refusal(
            _(
                "Trang “%(sheet)s”: hãy chọn một cột Họ và tên, hoặc hai cột Họ và đệm, Tên.",
                sheet=sheet,
            )
        )
    return columns


def _by_fingerprint(sheets: list[Sheet], said: dict[str, Columns]) -> dict[str, Columns]:
    found = {}
    for sheet in sheets:
        columns = said.get(sheet.name)
        if columns is None or not columns.has_name:
            continue
        decoded = understand(sheet, columns).sheet
        first = columns.header_row - 1
        mark = fingerprint(labels_at(decoded, first, first + columns.header_rows - 1))
        if mark:
            found[mark] = columns
    return found
