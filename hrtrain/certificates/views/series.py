"""Settings of series: whose certificates they are, what the next ones say, who signs."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.certificates import words
from hrtrain.certificates.actions.series import create_series, edit_series
from hrtrain.certificates.forms import SeriesForm
from hrtrain.certificates.gates import series_or_404
from hrtrain.certificates.queries.register import series_in_reach
from hrtrain.certificates.views import bp
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.training.views.answers import page
from hrtrain.units.models import Unit
from hrtrain.units.queries import unit_of_text
from hrtrain.units.scope import reach, scope_of


@bp.get("/certificate-series")
@open_to(Role.PROGRAMME_MANAGER)
def series_list() -> ResponseReturnValue:
    """The series in scope."""
    rows = series_in_reach(reach(scope_of(current_user(), Role.PROGRAMME_MANAGER)))
    return render_template("certificates/series_list.html", rows=rows, words=words)


@bp.route("/certificate-series/new", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def series_new() -> ResponseReturnValue:
    """Make a series."""
    form, status = SeriesForm(), 200
    if form.validate_on_submit():
        try:
            create_series(form.key.data, _unit(form.unit), form.details(), by=current_user())
            db.session.commit()
            flash(_("Đã lập loạt giấy chứng nhận."), "good")
            return redirect(url_for("certificates.series_list"), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
    html = render_template("certificates/series_new.html", form=form)
    return page(html, form, status)


@bp.route("/certificate-series/<key>/edit", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def series_edit(key: str) -> ResponseReturnValue:
    """Change what the next certificates say; a stale form is answered with both versions."""
    series = series_or_404(key, Role.PROGRAMME_MANAGER)
    form, status = SeriesForm(data=SeriesForm.values_of(series)), 200
    del form.key
    del form.unit
    if form.validate_on_submit():
        try:
            check_version(form, series)
            edit_series(series, form.details(), by=current_user())
            db.session.commit()
            flash(_("Đã lưu. Giấy đã cấp không thay đổi."), "good")
            return redirect(url_for("certificates.series_list"), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
            form.version.data = series.version
    kept = SeriesForm(formdata=None, data=SeriesForm.values_of(series))
    html = render_template(
        "certificates/series_edit.html",
        form=form,
        series=series,
        kept=kept,
        is_stale=status == 409,
        words=words,
    )
    return page(html, form, status)


def _unit(field: Any) -> Unit:
    """The unit the field means, within what the user manages; refused at the field else."""
    scope = scope_of(current_user(), Role.PROGRAMME_MANAGER)
    try:
        unit = unit_of_text(field.data, clock.today(), scope)
    except Refusal as refusal:
        raise Refusal(refusal.message, where=field.name) from None
    if unit is None:
        text = _("Không có đơn vị “%(text)s” trong phạm vi của bạn.", text=field.data)
        raise Refusal(text, where=field.name)
    return unit
