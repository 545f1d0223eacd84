"""Declared headcounts: all groups of a unit on one screen, their history, and which units wait."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import asked_day, back_out
from hrtrain.core.language import gettext as _
from hrtrain.coverage.views.asking import read_known_at
from hrtrain.coverage.views.impact import Panel, panel_if_asked
from hrtrain.people import words
from hrtrain.people.gates import KEEPERS, READERS, group_or_404
from hrtrain.people.headcounts.actions import confirm_all, retract_headcount, sign_headcounts
from hrtrain.people.headcounts.forms import HeadcountsForm, SignatureForm, TakeBackForm
from hrtrain.people.headcounts.queries import (
    declarations_of,
    find_declaration,
    headcounts_of,
    last_position_of,
    totals_below,
)
from hrtrain.people.headcounts.rules import read_numbers
from hrtrain.people.queries import groups
from hrtrain.people.views import bp
from hrtrain.units.gates import reaches_unit, typed_unit, unit_or_404
from hrtrain.units.models import Unit
from hrtrain.units.queries import name_on, path_of, units_at_the_top
from hrtrain.units.scope import scope_of


@bp.get("/headcounts")
@open_to(*READERS)
def headcount_list() -> ResponseReturnValue:
    """A unit's declarations beside its named members, by group; without a unit, which to choose."""
    typed = request.args.get("unit", "").strip()
    if typed:
        return _unit_page(typed_unit(typed), new_form())
    tops = units_at_the_top(clock.today(), scope_of(current_user()))
    if len(tops) == 1:
        return redirect(url_for("people.headcount_list", unit=tops[0].key))
    return render_template("people/headcount_list.html", tops=tops)


@bp.post("/headcounts/<key>")
@open_to(*KEEPERS)
def headcount_declare(key: str) -> ResponseReturnValue:
    """Sign numbers of several groups at once, or that everything declared is still right."""
    unit = unit_or_404(key, *KEEPERS)
    form = HeadcountsForm()
    numbers, bad = read_numbers(typed_numbers())
    if not form.validate_on_submit() or bad or not (numbers or "still" in request.form):
        return _unit_page(unit, form, bad=bad, is_empty=not numbers and not bad), 422

    def act() -> None:
        by, signature = current_user(), form.signature
        if "still" in request.form:
            confirm_all(unit, by=by, signature=signature)
        else:
            sign_headcounts(unit, numbers, form.days, by=by, signature=signature)

    try:
        panel = panel_if_asked(act, form.days[0])
        if panel is not None:
            return _unit_page(unit, form, panel=panel)
        act()
    except Refusal as refusal:
        back_out(form, refusal)
        return _unit_page(unit, form), refusal.status
    db.session.commit()
    flash(_("Đã ghi nhận chữ ký của %(name)s.", name=form.signature.name), "good")
    return redirect(url_for("people.headcount_list", unit=key), 303)


@bp.get("/headcounts/<key>/<group>")
@open_to(*READERS)
def headcount_history(key: str, group: str) -> ResponseReturnValue:
    """Every declaration of the unit for the group, as it was recorded, replaced and taken back."""
    return _history_page(unit_or_404(key), group, TakeBackForm(formdata=None))


@bp.post("/headcounts/<key>/<group>/<int:number>/retract")
@open_to(*KEEPERS)
def headcount_retract(key: str, group: str, number: int) -> ResponseReturnValue:
    """Take a declaration back that was never so, with the reason."""
    unit = unit_or_404(key, *KEEPERS)
    row = find_declaration(unit, group_or_404(group), number) or abort(404)
    form = TakeBackForm()
    if not form.validate_on_submit():
        return _history_page(unit, group, form), 422
    retract_headcount(row, form.reason.data or "", by=current_user())
    db.session.commit()
    flash(_("Đã rút lần khai; lịch sử vẫn giữ."), "good")
    return redirect(url_for("people.headcount_history", key=key, group=group), 303)


def new_form() -> HeadcountsForm:
    """The form as it is first shown: from today, signed by who is signed in."""
    form = HeadcountsForm(formdata=None)
    form.starts_on.data = clock.today()
    sign_in_name(form)
    return form


def sign_in_name(form: SignatureForm) -> None:
    """The signed-in user's own name, and the position of the last time."""
    form.signed_name.data = current_user().full_name
    form.signed_position.data = last_position_of(current_user())


def typed_numbers() -> dict[str, str]:
    """What is typed beside the groups, by their codes."""
    typed = request.form if request.method == "POST" else {}
    return {name[2:]: text for name, text in typed.items() if name.startswith("n-")}


def _unit_page(
    unit: Unit,
    form: HeadcountsForm,
    *,
    panel: Panel | None = None,
    bad: list[str] | None = None,
    is_empty: bool = False,
) -> str:
    today = clock.today()
    day = asked_day(request.args.get("as_of"), today)
    rows = headcounts_of(unit, day)
    return render_template(
        "people/headcount_unit.html",
        unit=unit,
        name=name_on(unit, day),
        path=path_of(unit, day),
        day=day,
        rows=rows,
        typed=typed_numbers() or _filled(rows),
        below=totals_below(unit, day),
        form=form,
        bad=bad or [],
        is_empty=is_empty,
        panel=panel,
        may_declare=reaches_unit(unit, *KEEPERS),
        words=words,
    )


def _filled(rows: list[Any]) -> dict[str, str]:
    """What stands in the boxes at first: what is declared, or on request the people named."""
    by_names = request.args.get("fill") == "named"
    return {
        row.group_key: str(row.named if by_names else row.declared)
        for row in rows
        if by_names or row.declared is not None
    }


def _history_page(unit: Unit, group_key: str, form: TakeBackForm) -> str:
    group, known_at = group_or_404(group_key), read_known_at()
    return render_template(
        "people/headcount_history.html",
        unit=unit,
        group=group,
        groups=groups(),
        rows=declarations_of(unit, group),
        known_at=known_at,
        form=form,
        may_declare=reaches_unit(unit, *KEEPERS),
        words=words,
    )
