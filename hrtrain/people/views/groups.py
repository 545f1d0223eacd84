"""Cadre groups: who is counted together. Added and renamed by programme managers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user, may
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.forms import back_out
from hrtrain.core.language import gettext as _
from hrtrain.coverage.members import members_in
from hrtrain.people import actions
from hrtrain.people.forms import NewGroupForm, RenameGroupForm
from hrtrain.people.gates import READERS, group_or_404
from hrtrain.people.models import CadreGroup
from hrtrain.people.queries import group_rows
from hrtrain.people.views import bp
from hrtrain.units.scope import scope_of


@bp.get("/groups")
@open_to(*READERS)
def group_list() -> ResponseReturnValue:
    """Every group with the people in scope who are in it today."""
    scope, today = scope_of(current_user()), clock.today()
    rows = group_rows(scope, today, members_in(scope, today))
    may_change = may(Role.PROGRAMME_MANAGER)
    return render_template("people/group_list.html", rows=rows, may_change=may_change)


@bp.route("/groups/-/new", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def group_new() -> ResponseReturnValue:
    """Add a group; its code is for good."""
    form = NewGroupForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    try:
        english = form.name_en.data or ""
        actions.add_group(form.key.data, form.name.data, english, by=current_user())
    except Refusal as refusal:
        back_out(form, refusal)
        return _page(form), refusal.status
    db.session.commit()
    flash(_("Đã thêm nhóm %(name)s.", name=form.name.data), "good")
    return redirect(url_for("people.group_list"), 303)


@bp.route("/groups/<key>/edit", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def group_edit(key: str) -> ResponseReturnValue:
    """Call a group otherwise; 409 with both versions when somebody was faster."""
    group = group_or_404(key)
    form = RenameGroupForm(obj=group)
    if request.method == "GET":
        form.was.data = form.names_of(group)
    if not form.validate_on_submit():
        return _page(form, key), 422 if form.errors else 200
    try:
        _rename(group, form)
    except Stale as refusal:
        back_out(form, refusal)
        form.was.data = form.names_of(group)
        return _page(form, key, kept=group), refusal.status
    db.session.commit()
    flash(_("Đã lưu."), "good")
    return redirect(url_for("people.group_list"), 303)


def _rename(group: CadreGroup, form: RenameGroupForm) -> None:
    lock(group)
    if form.was.data != form.names_of(group):
        raise Stale(_("Có người khác vừa sửa mục này. Hãy xem lại bản mới rồi sửa tiếp."))
    actions.rename_group(group, form.name.data, form.name_en.data or "", by=current_user())


def _page(form: Any, key: str = "", kept: CadreGroup | None = None) -> str:
    return render_template("people/group_form.html", form=form, key=key, kept=kept)
