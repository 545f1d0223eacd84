"""Restating a sealed report, and what differs: figures, people and units, each with its cause."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.language import gettext as _
from hrtrain.coverage import words
from hrtrain.coverage.gates import READERS
from hrtrain.coverage.seals import words as seal_words
from hrtrain.coverage.seals.actions import restate, settled_instant
from hrtrain.coverage.seals.causes import Cause, redeclared
from hrtrain.coverage.seals.forms import RestateForm
from hrtrain.coverage.seals.gates import SEALERS, readable, seal_or_404
from hrtrain.coverage.seals.listing import (
    figure_pairs,
    page_of_differences,
    tally,
    units_of_difference,
)
from hrtrain.coverage.seals.models import Seal
from hrtrain.coverage.seals.queries import content_of, differences, replaced_by, sought_of
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.seals import counted


@bp.route("/seals/<key>/restate", methods=["GET", "POST"])
@open_to(*SEALERS)
def seal_restate(key: str) -> ResponseReturnValue:
    """Count the same day again with what is known today, as a new version."""
    found = seal_or_404(key, *SEALERS)
    form, status = RestateForm(), 200
    if form.validate_on_submit():
        try:
            return _restated(found, form)
        except Refusal as refusal:
            status = back_out(form, refusal)
    page = render_template("coverage/seal_restate.html", form=form, seal=found)
    return page, (422 if form.errors and status == 200 else status)


def _restated(old: Seal, form: RestateForm) -> ResponseReturnValue:
    ready = counted(old.programme, sought_of(old), settled_instant())
    made = restate(old, form.key.data, ready, note=form.note.data, by=current_user())
    db.session.commit()
    flash(_("Đã lập lại báo cáo. Bản cũ vẫn được giữ nguyên."))
    return redirect(url_for("coverage.seal_differences", key=made.key), 303)


@bp.get("/seals/<key>/differences")
@open_to(*READERS)
def seal_differences(key: str) -> ResponseReturnValue:
    """What differs from the version before: in the figures, and person by person with the cause."""
    new = seal_or_404(key)
    old = replaced_by(new) or abort(404)
    cause = request.args.get("cause") or None
    if cause is not None and cause not in set(Cause):
        abort(404)
    every = differences(old, new)
    units = readable({unit for one in every for unit in units_of_difference(one)})
    shown = [one for one in every if units & units_of_difference(one)]
    before, after = content_of(old), content_of(new)
    return render_template(
        "coverage/seal_differences.html",
        seal=new,
        old=old,
        pairs=figure_pairs(before, after),
        tally=tally(every),
        total=len(every),
        cause=cause,
        page=page_of_differences(shown, Cause(cause) if cause else None, request.args.get("after")),
        hidden_count=len(every) - len(shown),
        units=redeclared(before, after),
        group_names={row["group"]: row["group_name"] for row in after["figures"]},
        unit_names={
            u: told[0] for content in (before, after) for u, told in content["places"].items()
        },
        words=words,
        seal_words=seal_words,
    )
