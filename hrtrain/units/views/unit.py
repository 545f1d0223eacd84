"""A unit's own page, and its adding and changing by administrators and programme managers."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import asked_day, back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.coverage.members import members_at
from hrtrain.coverage.views.impact import Panel, answered
from hrtrain.people.headcounts.queries import headcounts_of
from hrtrain.people.queries import counts_by_group, stays_at
from hrtrain.reorganising.queries.lineage import kin_after, kin_before
from hrtrain.units import actions, queries
from hrtrain.units.forms import CodeForm, LifeForm, MoveForm, NewUnitForm, RenameForm
from hrtrain.units.gates import READERS, reaches_unit, typed_unit, unit_or_404
from hrtrain.units.lineage_chart import Life, lineage
from hrtrain.units.models import Unit, UnitCode, UnitName
from hrtrain.units.scope import scope_of
from hrtrain.units.views import bp
from hrtrain.units.words import SCHEMES, kind_name, tier_name

KEEPER = Role.PROGRAMME_MANAGER


@bp.get("/units/<key>")
@open_to(*READERS)
def unit_page(key: str) -> ResponseReturnValue:
    """Names, codes, place in the tree, lineage, people by group and headcounts as of a day."""
    unit = unit_or_404(key)
    scope = scope_of(current_user())
    today = clock.today()
    day = asked_day(request.args.get("as_of"), today)
    before, after = kin_before(unit), kin_after(unit)
    own = Life(unit.key, unit.name, unit.starts_on, unit.ends_on)
    sides = [(one.life, one.on) for one in before], [(one.life, one.on) for one in after]
    return render_template(
        "units/unit_page.html",
        kin_before=before,
        kin_after=after,
        drawn=lambda width: lineage(own, *sides, today=today, width=width),
        unit=unit,
        day=day,
        is_today=day == today,
        name=queries.name_on(unit, day),
        path=queries.path_of(unit, day),
        names=queries.known_facts(UnitName, unit),
        codes=queries.known_facts(UnitCode, unit),
        parents=queries.parents_of(unit),
        children=queries.level_page(unit, day, scope),
        predecessors=queries.predecessors_of(unit, scope),
        successors=queries.successors_of(unit, scope),
        counts=counts_by_group(unit, day, members_at(unit, day)),
        headcounts=[row for row in headcounts_of(unit, day) if row.declared is not None],
        tier_name=tier_name,
        kind_name=kind_name,
        schemes=SCHEMES,
        may_change=reaches_unit(unit, KEEPER),
    )


@bp.route("/units/-/new", methods=["GET", "POST"])
@open_to(KEEPER)
def unit_new() -> ResponseReturnValue:
    """Add a unit; without a parent only by whoever keeps everything."""
    form = NewUnitForm()
    if request.method == "GET" and request.args.get("parent"):
        parent = unit_or_404(request.args["parent"], KEEPER)
        form.parent.data = parent.typed
    if not form.validate_on_submit():
        return render_template("units/unit_new.html", form=form), 422 if form.errors else 200
    try:
        unit = _add(form)
    except Refusal as refusal:
        back_out(form, refusal)
        return render_template("units/unit_new.html", form=form), refusal.status
    db.session.commit()
    flash(_("Đã thêm %(name)s.", name=unit.name), "good")
    return redirect(url_for("units.unit_page", key=unit.key), 303)


def _add(form: NewUnitForm) -> Unit:
    details = form.details(form.name.data, form.short_name.data or "")
    key = form.key.data or form.once.data
    return actions.add_unit(key, details, _parent(form.parent.data), by=current_user())


def _parent(text: str | None) -> Unit | None:
    if text:
        return typed_unit(text, KEEPER, where="parent")
    if not scope_of(current_user(), KEEPER).everything:
        raise Refusal(_("Hãy chọn đơn vị cấp trên trong phạm vi của bạn."), where="parent")
    return None


@bp.route("/units/<key>/edit", methods=["GET", "POST"])
@open_to(KEEPER)
def unit_edit(key: str) -> ResponseReturnValue:
    """Change tier, kind and life; 409 with both versions when somebody was faster."""
    form = LifeForm()

    def act(unit: Unit) -> None:
        stays = [*stays_at(unit), *queries.stays_of_children(unit)]
        details = form.details(unit.name, unit.short_name)
        actions.change_unit(unit, details, stays, by=current_user())

    return _changed(key, form, act, "edit")


@bp.route("/units/<key>/rename", methods=["GET", "POST"])
@open_to(KEEPER)
def unit_rename(key: str) -> ResponseReturnValue:
    """Give the unit another name from a day on."""
    form = RenameForm()

    def act(unit: Unit) -> None:
        name, short_name = form.name.data, form.short_name.data or ""
        actions.rename_unit(unit, name, short_name, form.day, by=current_user())

    return _changed(key, form, act, "rename")


@bp.route("/units/<key>/move", methods=["GET", "POST"])
@open_to(KEEPER)
def unit_move(key: str) -> ResponseReturnValue:
    """Lay the unit below another parent from a day on."""
    form = MoveForm()

    def act(unit: Unit) -> None:
        parent = _parent(form.parent.data)
        actions.move_unit(unit, parent, form.day, by=current_user())

    return _changed(key, form, act, "move")


@bp.route("/units/<key>/codes", methods=["GET", "POST"])
@open_to(KEEPER)
def unit_code(key: str) -> ResponseReturnValue:
    """Give the unit an official code for a period."""
    form = CodeForm()
    return _changed(
        key, form, lambda u: actions.add_code(u, form.details(), by=current_user()), "code"
    )


def _changed(key: str, form: Any, act: Callable[[Unit], object], what: str) -> ResponseReturnValue:
    """One way for every change of a unit: gate, form, version, act, commit."""
    unit = unit_or_404(key, KEEPER)
    if request.method == "GET":
        _show(form, unit)

    def change() -> None:
        if "version" in form:
            check_version(form, unit)
        act(unit)

    return answered(
        form,
        change,
        days=lambda: _days(form, unit),
        page=partial(_change_page, unit, form, what),
        done=lambda: _saved(unit),
    )


def _saved(unit: Unit) -> ResponseReturnValue:
    flash(_("Đã lưu."), "good")
    return redirect(url_for("units.unit_page", key=unit.key), 303)


def _show(form: Any, unit: Unit) -> None:
    if isinstance(form, LifeForm):
        form.show(unit)
    elif "version" in form:
        form.version.data = unit.version


def _days(form: Any, unit: Unit) -> list[date | None]:
    """The days on which a change of the unit makes a difference."""
    if isinstance(form, LifeForm):
        return [unit.starts_on, unit.ends_on, form.life.starts_on, form.life.ends_on]
    return [form.day] if isinstance(form, MoveForm) else []


def _change_page(unit: Unit, form: Any, what: str, *, panel: Panel | None, is_stale: bool) -> str:
    if is_stale:
        # Sent again, it replaces the version that is now shown beside it.
        form.version.data = unit.version
    return render_template(
        "units/unit_change.html",
        unit=unit,
        form=form,
        what=what,
        is_stale=is_stale,
        panel=panel,
        tier_name=tier_name,
        kind_name=kind_name,
    )
