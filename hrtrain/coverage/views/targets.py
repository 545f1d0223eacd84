"""Targets of a programme: adding one for a group, editing it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.coverage.actions import add_target, edit_target
from hrtrain.coverage.forms import TargetForm
from hrtrain.coverage.gates import managed_programme_or_404, target_or_404
from hrtrain.coverage.models import Target
from hrtrain.coverage.plan_queries import groups, targets_of
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.answers import saved, unit_id_of
from hrtrain.coverage.views.impact import panel_if_asked
from hrtrain.units.models import Unit


@bp.route("/programmes/<key>/targets/new", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def target_new(key: str) -> ResponseReturnValue:
    """Add a target for a group that has none in the programme."""
    programme = managed_programme_or_404(key)
    form, panel, status = TargetForm(data={"origin": "stated"}), None, 200
    known = {group.key: group for group in groups()}
    taken = {target.group.key for target in targets_of(programme)}
    form.group.choices = [
        (group.key, group.name) for group in known.values() if group.key not in taken
    ]

    def act() -> None:
        details = form.details(unit_id_of(form.scope_unit))
        add_target(programme, known[form.group.data], details, by=current_user())

    if form.validate_on_submit():
        try:
            panel = panel_if_asked(act, form.starts_on.data)
            if panel is None:
                return saved(act, programme, _("Đã thêm chỉ tiêu."))
        except Refusal as refusal:
            status = back_out(form, refusal)
    status = 422 if form.errors and status == 200 else status
    shown = {"form": form, "programme": programme, "panel": panel}
    return render_template("coverage/target_new.html", **shown), status


@bp.route("/programmes/<key>/targets/<group>/edit", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def target_edit(key: str, group: str) -> ResponseReturnValue:
    """Edit a target; a stale form is answered with both versions."""
    programme = managed_programme_or_404(key)
    target = target_or_404(programme, group)
    form, panel, status = TargetForm(data=_values_of(target)), None, 200
    del form.group

    def act() -> None:
        details = form.details(unit_id_of(form.scope_unit))
        check_version(form, target)
        edit_target(programme, target, details, by=current_user())

    if form.validate_on_submit():
        try:
            panel = panel_if_asked(act, target.starts_on, form.starts_on.data)
            if panel is None:
                return saved(act, programme, _("Đã lưu chỉ tiêu."))
        except Refusal as refusal:
            status = back_out(form, refusal)
            form.version.data = target.version
    status = 422 if form.errors and status == 200 else status
    page = render_template(
        "coverage/target_edit.html",
        form=form,
        programme=programme,
        target=target,
        kept=TargetForm(formdata=None, data=_values_of(target)),
        is_stale=status == 409,
        panel=panel,
    )
    return page, status


def _values_of(target: Target) -> dict[str, object]:
    unit = db.session.get(Unit, target.scope_unit_id) if target.scope_unit_id else None
    return TargetForm.values_of(target, unit.key if unit else "")
