"""The queue of a reorganisation: people of a split unit, and where each of them went."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core.access import open_to
from hrtrain.core.acts.models import Act
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.language import gettext as _
from hrtrain.reorganising.actions.choosing import choose
from hrtrain.reorganising.forms import ChoiceForm
from hrtrain.reorganising.gates import KEEPER, reorganisation_or_404
from hrtrain.reorganising.models import Reorganisation
from hrtrain.reorganising.queries import queue
from hrtrain.reorganising.queries.reorganisations import act_of
from hrtrain.reorganising.views import bp
from hrtrain.units.models import Unit
from hrtrain.units.queries import find_unit, unit_of_text
from hrtrain.units.scope import reached_among, scope_of

MOST_TICKED = 500


@bp.route("/reorganisations/<key>/queue", methods=["GET", "POST"])
@open_to(KEEPER)
def queue_page(key: str) -> ResponseReturnValue:
    """Who is to be decided on; those ticked go to the unit chosen, from the first day on."""
    plan = reorganisation_or_404(key)
    act, old = act_of(plan), _old_unit()
    if act is None or act.undone_at is not None:
        abort(404)
    form = _form(plan, old)
    if not form.validate_on_submit():
        return _page(plan, act, old, form), 422 if form.errors else 200
    try:
        unit = _chosen(plan, form)
        ticked = _ticked(act)
        choose(plan, ticked, unit, by=current_user())
    except Refusal as refusal:
        back_out(form, refusal)
        plan = reorganisation_or_404(key)
        return _page(plan, act, _old_unit(), form), refusal.status
    db.session.commit()
    flash(_("Đã chuyển %(n)s người về %(unit)s.", n=len(ticked), unit=unit.name), "good")
    return redirect(url_for("reorganising.queue_page", key=key, unit=request.args.get("unit")), 303)


def _old_unit() -> Unit | None:
    text = request.args.get("unit", "")
    old = find_unit(text) if text else None
    if text and old is None:
        abort(404)
    return old


def _form(plan: Reorganisation, old: Unit | None) -> Any:
    form = ChoiceForm()
    units = queue.candidates_of(old, plan.effective_on) if old else []
    form.to.choices = [("", _("— chọn đơn vị —")), *units]
    if not old:  # The page then offers no successors for this to be other than.
        form.unit.label.text = _("Chuyển đến")
    return form


def _chosen(plan: Reorganisation, form: Any) -> Unit:
    scope = scope_of(current_user(), KEEPER)
    if bool(form.to.data) == bool(form.unit.data):
        raise Refusal(_("Hãy chọn một đơn vị để chuyển đến."), where="to")
    if form.unit.data:
        unit = unit_of_text(form.unit.data, plan.effective_on, scope)
    else:
        unit = find_unit(form.to.data)
    if unit is None or not reached_among([unit.id], scope):
        raise Refusal(
            _(
                "Không có đơn vị “%(text)s” trong phạm vi của bạn.",
                text=form.unit.data or form.to.data,
            ),
            where="unit" if form.unit.data else "to",
        )
    return unit


def _ticked(act: Act) -> list[Any]:
    ids = [int(one) for one in request.form.getlist("choice")[:MOST_TICKED] if one.isdigit()]
    return queue.choices_of_ids(act, [one for one in ids if one < 2**31])


def _page(plan: Reorganisation, act: Act, old: Unit | None, form: Any) -> str:
    is_decided = request.args.get("state") == "decided"
    return render_template(
        "reorganising/queue.html",
        plan=plan,
        act=act,
        old=old,
        form=form,
        is_decided=is_decided,
        waiting=queue.waiting_by_unit(act),
        page=queue.queue_page(act, old, is_decided=is_decided, after=request.args.get("after")),
    )
