"""Pairs that may be one person: the list, a pair side by side, what somebody decides of it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.language import gettext as _
from hrtrain.merging.queries import better_kept
from hrtrain.people.duplicates import words
from hrtrain.people.duplicates.actions import put_off, take_up_again, tell_apart
from hrtrain.people.duplicates.forms import DecideForm
from hrtrain.people.duplicates.gates import pair_or_404
from hrtrain.people.duplicates.models import DuplicatePair
from hrtrain.people.duplicates.queries import (
    APART,
    LATER,
    OPEN,
    PairRow,
    count_to_look_at,
    pair_page,
)
from hrtrain.people.gates import KEEPERS
from hrtrain.people.queries import people_rows
from hrtrain.people.views import bp
from hrtrain.people.views.two_records import LABELS, record_of
from hrtrain.units.scope import scope_of


@bp.get("/duplicates")
@open_to(*KEEPERS)
def duplicate_list() -> ResponseReturnValue:
    """The pairs in scope, the likeliest first; or those told apart."""
    state = APART if request.args.get("state") == APART else OPEN
    page = pair_page(scope_of(current_user(), *KEEPERS), state, request.args.get("after"))
    shown = [person for row in page.rows for person in (row.first, row.second)]
    return render_template(
        "people/duplicate_list.html",
        page=page,
        state=state,
        shown=shown,
        people=people_rows([person.id for person in shown]),
        words=words,
        waiting=count_to_look_at(),
    )


@bp.get("/duplicates/<key>")
@open_to(*KEEPERS)
def duplicate_pair(key: str) -> ResponseReturnValue:
    """Both records side by side, the reasons for and against, and the three decisions."""
    return _page(pair_or_404(key), DecideForm(formdata=None))


@bp.post("/duplicates/<key>")
@open_to(*KEEPERS)
def decide_pair(key: str) -> ResponseReturnValue:
    """Keep the decision; 409 when somebody else decided meanwhile."""
    row, form = pair_or_404(key), DecideForm()
    if not form.validate_on_submit():
        return _page(row, form), 422
    try:
        said = _decide(row.pair, form)
    except Refusal as refusal:
        status = back_out(form, refusal)
        return _page(pair_or_404(key), form), status
    db.session.commit()
    flash(said, "good")
    return redirect(url_for("people.duplicate_list"), 303)


def _decide(pair: DuplicatePair, form: DecideForm) -> str:
    version, by, reason = form.version.data, current_user(), form.reason.data or ""
    if form.state.data == OPEN:
        take_up_again(pair, version=version, by=by)
        return _("Cặp hồ sơ trở lại danh sách cần quyết định.")
    if form.state.data == LATER:
        put_off(pair, reason, version=version, by=by)
        return _("Đã để lại sau.")
    tell_apart(pair, reason, version=version, by=by)
    return _("Đã ghi nhớ: hai người khác nhau. Cặp này không được nêu lại.")


def _page(row: PairRow, form: DecideForm) -> str:
    kept, merged = better_kept(row.first, row.second)
    form.version.data = row.pair.version
    return render_template(
        "people/duplicate_pair.html",
        row=row,
        kept=kept,
        merged=merged,
        records=[record_of(kept), record_of(merged)],
        labels=LABELS,
        words=words,
        form=form,
    )
