"""Targets of a programme: adding one for a group, editing it."""

from functools import partial

from flask import render_template
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.forms import check_version
from hrtrain.core.language import gettext as _
from hrtrain.coverage.actions import add_target, edit_target
from hrtrain.coverage.forms import TargetForm
from hrtrain.coverage.gates import managed_programme_or_404, target_or_404
from hrtrain.coverage.models import Programme, Target
from hrtrain.coverage.plan_queries import groups, targets_of
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.answers import saved, unit_id_of
from hrtrain.coverage.views.impact import Panel, answered
from hrtrain.units.models import Unit


@bp.route("/programmes/<key>/targets/new", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def target_new(key: str) -> ResponseReturnValue:
    """Add a target for a group that has none in the programme."""
    programme = managed_programme_or_404(key)
    form = TargetForm(data={"origin": "stated"})
    known = {group.key: group for group in groups()}
    taken = {target.group.key for target in targets_of(programme)}
    form.group.choices = [
        (group.key, group.name) for group in known.values() if group.key not in taken
    ]

    def act() -> None:
        details = form.details(unit_id_of(form.scope_unit))
        add_target(programme, known[form.group.data], details, by=current_user())

    return answered(
        form,
        act,
        days=lambda: [form.starts_on.data],
        page=partial(render_template, "coverage/target_new.html", form=form, programme=programme),
        done=lambda: saved(programme, _("Đã thêm chỉ tiêu.")),
    )


@bp.route("/programmes/<key>/targets/<group>/edit", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def target_edit(key: str, group: str) -> ResponseReturnValue:
    """Edit a target; a stale form is answered with both versions."""
    programme = managed_programme_or_404(key)
    target = target_or_404(programme, group)
    form = TargetForm(data=_values_of(target))
    del form.group

    def act() -> None:
        details = form.details(unit_id_of(form.scope_unit))
        check_version(form, target)
        edit_target(programme, target, details, by=current_user())

    return answered(
        form,
        act,
        days=lambda: [target.starts_on, form.starts_on.data],
        page=partial(_edit_page, programme, target, form),
        done=lambda: saved(programme, _("Đã lưu chỉ tiêu.")),
    )


def _edit_page(
    programme: Programme, target: Target, form: TargetForm, *, panel: Panel | None, is_stale: bool
) -> str:
    if is_stale:
        # Sent again, it replaces the version that is now shown beside it.
        form.version.data = target.version
    return render_template(
        "coverage/target_edit.html",
        form=form,
        programme=programme,
        target=target,
        kept=TargetForm(formdata=None, data=_values_of(target)),
        is_stale=is_stale,
        panel=panel,
    )


def _values_of(target: Target) -> dict[str, object]:
    unit = db.session.get(Unit, target.scope_unit_id) if target.scope_unit_id else None
    return TargetForm.values_of(target, unit.typed if unit else "")
