"""Programmes: the list, the page, making one by hand or from a preset, editing."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user, may
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.coverage import words
from hrtrain.coverage.actions import create_programme, edit_programme
from hrtrain.coverage.adoption import adopt
from hrtrain.coverage.forms import PresetForm, ProgrammeForm, details_of, preset_form
from hrtrain.coverage.gates import READERS, managed_programme_or_404, manages, programme_or_404
from hrtrain.coverage.models import Programme
from hrtrain.coverage.plan_queries import (
    courses,
    exemption_count,
    find_programme,
    items_of,
    programmes,
    targets_of,
)
from hrtrain.coverage.presets import Preset, find_preset, presets
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.answers import saved, unit_id_of
from hrtrain.coverage.views.impact import Panel, answered
from hrtrain.units.models import Unit
from hrtrain.units.queries import find_unit, names_on
from hrtrain.units.scope import reach, scope_of
from hrtrain.units.words import TIERS


@bp.get("/programmes")
@open_to(*READERS)
def programme_list() -> ResponseReturnValue:
    """All programmes with what they ask."""
    return render_template(
        "coverage/programme_list.html",
        rows=programmes(),
        may_add=may(Role.PROGRAMME_MANAGER),
    )


@bp.get("/programmes/<key>")
@open_to(*READERS)
def programme_page(key: str) -> ResponseReturnValue:
    """A programme: its document, its targets, what it requires, how many are exempt."""
    programme = programme_or_404(key)
    targets = targets_of(programme)
    scope_ids = [target.scope_unit_id for target in targets if target.scope_unit_id]
    return render_template(
        "coverage/programme_page.html",
        programme=programme,
        targets=targets,
        scope_names=names_on(scope_ids, clock.today()),
        items=items_of(programme),
        exempt_count=exemption_count(programme, reach(scope_of(current_user(), *READERS))),
        preset=find_preset(programme.key),
        may_edit=manages(programme),
        today=clock.today(),
        words=words,
        tiers=TIERS,
    )


@bp.route("/programmes/new", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def programme_new() -> ResponseReturnValue:
    """Make a programme by hand, or begin from a preset shown beside what the plan says."""
    preset = find_preset(request.args.get("preset", ""))
    if preset is not None:
        return _new_from_preset(preset)
    form, status = ProgrammeForm(), 200
    if form.validate_on_submit():
        try:
            unit_id = unit_id_of(form.authority_unit, needed=True)
            made = create_programme(form.key.data, form.details(unit_id), by=current_user())
            db.session.commit()
            flash(_("Đã lập chương trình. Hãy thêm chỉ tiêu và yêu cầu."))
            return redirect(url_for("coverage.programme_page", key=made.key), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
    status = 422 if form.errors and status == 200 else status
    page = render_template("coverage/programme_new.html", form=form, presets=presets())
    return page, status


def _new_from_preset(preset: Preset) -> ResponseReturnValue:
    form, status = _form_of(preset), 200
    if form.validate_on_submit():
        try:
            made = _adopted(preset, form)
            db.session.commit()
            flash(_("Đã lập chương trình từ mẫu. Hãy kiểm tra lại chỉ tiêu và yêu cầu."))
            return redirect(url_for("coverage.programme_page", key=made.key), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
    status = 422 if form.errors and status == 200 else status
    page = render_template("coverage/programme_preset.html", form=form, preset=preset, words=words)
    return page, status


def _form_of(preset: Preset) -> PresetForm:
    known = find_unit(preset.successor_key) or find_unit(preset.authority_key)
    form = preset_form(preset)(
        data=PresetForm.values_of_preset(preset, known.typed if known else "")
    )
    later = [("", _("Chọn sau"))]
    choices = later + [(course.key, course.name) for course in courses()]
    for field in form.course_fields():
        field.choices = choices
    return form


def _adopted(preset: Preset, form: PresetForm) -> Programme:
    """The programme made of the preset, with what was changed on the form written over it.

    The second of two equal requests finds the first one's programme.
    """
    known = find_programme(form.code.data)
    if known is not None and known.document_no == form.document_no.data:
        return known
    unit_id = unit_id_of(form.authority_unit, needed=True)
    by_key = {course.key: course for course in courses()}
    chosen = {item: by_key[key] for item, key in form.chosen_courses().items()}
    user = current_user()
    made = adopt(
        preset,
        key=form.code.data,
        authority_unit=db.session.get(Unit, unit_id) if unit_id else None,
        courses=chosen,
        by=user,
    )
    if form.details(unit_id) != details_of(preset, unit_id):
        edit_programme(made, form.details(unit_id), by=user)
    return made


@bp.route("/programmes/<key>/edit", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def programme_edit(key: str) -> ResponseReturnValue:
    """Edit what a programme is; a stale form is answered with both versions."""
    programme = managed_programme_or_404(key)
    form = ProgrammeForm(data=ProgrammeForm.values_of(programme))
    del form.key

    def act() -> None:
        details = form.details(unit_id_of(form.authority_unit, needed=True))
        check_version(form, programme)
        edit_programme(programme, details, by=current_user())

    return answered(
        form,
        act,
        days=lambda: [programme.starts_on, form.starts_on.data],
        page=partial(_edit_page, programme, form),
        done=lambda: saved(programme, _("Đã lưu chương trình.")),
    )


def _edit_page(
    programme: Programme, form: ProgrammeForm, *, panel: Panel | None, is_stale: bool
) -> str:
    if is_stale:
        # Sent again, it replaces the version that is now shown beside it.
        form.version.data = programme.version
    return render_template(
        "coverage/programme_edit.html",
        form=form,
        programme=programme,
        kept=ProgrammeForm(formdata=None, data=ProgrammeForm.values_of(programme)),
        is_stale=is_stale,
        panel=panel,
    )
