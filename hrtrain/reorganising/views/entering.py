"""Reorganisations listed, begun, described anew, read from a file, discarded."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.language import gettext as _
from hrtrain.reorganising.actions import drafting
from hrtrain.reorganising.forms import FileForm, HeadingForm
from hrtrain.reorganising.gates import (
    KEEPER,
    manages_everything,
    out_of_reach,
    reorganisation_or_404,
)
from hrtrain.reorganising.queries.reorganisations import reorganisation_page
from hrtrain.reorganising.reading import read_plan
from hrtrain.reorganising.views import bp
from hrtrain.reorganising.words import refusal_of


@bp.get("/reorganisations")
@open_to(KEEPER)
def reorganisation_list() -> ResponseReturnValue:
    """What was entered and done, the latest day first; one's own, or all who manages all."""
    owner = None if manages_everything() else current_user().id
    page = reorganisation_page(owner, request.args.get("after"))
    return render_template("reorganising/reorganisation_list.html", page=page)


@bp.route("/reorganisations/new", methods=["GET", "POST"])
@open_to(KEEPER)
def reorganisation_new() -> ResponseReturnValue:
    """Begin with document and day; the steps come after."""
    form = HeadingForm()
    if not form.validate_on_submit():
        page = render_template("reorganising/reorganisation_new.html", form=form)
        return page, 422 if form.errors else 200
    drafting.draft(form.once.data, form.heading(), by=current_user())
    db.session.commit()
    return redirect(url_for("reorganising.reorganisation_page", key=form.once.data), 303)


@bp.route("/reorganisations/<key>/edit", methods=["GET", "POST"])
@open_to(KEEPER)
def reorganisation_edit(key: str) -> ResponseReturnValue:
    """Another title, document or day, as long as it is not done."""
    plan, form = reorganisation_or_404(key), HeadingForm()
    if request.method == "GET":
        form.show(plan)
    if not form.validate_on_submit():
        page = render_template("reorganising/reorganisation_edit.html", plan=plan, form=form)
        return page, 422 if form.errors else 200
    try:
        check_version(form, plan)
        drafting.describe(plan, form.heading())
    except Refusal as refusal:
        back_out(form, refusal)
        form.version.data = reorganisation_or_404(key).version
        page = render_template("reorganising/reorganisation_edit.html", plan=plan, form=form)
        return page, refusal.status
    db.session.commit()
    flash(_("Đã lưu."), "good")
    return redirect(url_for("reorganising.reorganisation_page", key=key), 303)


@bp.route("/reorganisations/<key>/file", methods=["GET", "POST"])
@open_to(KEEPER)
def reorganisation_file(key: str) -> ResponseReturnValue:
    """Take the plan from a file, in place of the steps entered; refused line by line."""
    plan, form = reorganisation_or_404(key), FileForm()
    if not form.validate_on_submit():
        page = render_template("reorganising/reorganisation_file.html", plan=plan, form=form)
        return page, 422 if form.errors else 200
    try:
        entries, faults = read_plan(form.content, plan.effective_on)
        faults = faults or out_of_reach(entries)
        if faults:
            raise refusal_of(faults)
        drafting.replace_plan(plan, entries)
    except Refusal as refusal:
        back_out(form, refusal)
        plan = reorganisation_or_404(key)
        page = render_template("reorganising/reorganisation_file.html", plan=plan, form=form)
        return page, refusal.status
    db.session.commit()
    flash(_("Đã đọc %(n)s dòng.", n=len(entries)), "good")
    return redirect(url_for("reorganising.reorganisation_page", key=key), 303)


@bp.post("/reorganisations/<key>/discard")
@open_to(KEEPER)
def reorganisation_discard(key: str) -> ResponseReturnValue:
    """Forget what was entered; nothing was done yet."""
    plan = reorganisation_or_404(key)
    drafting.discard(plan, by=current_user())
    db.session.commit()
    flash(_("Đã bỏ phương án."), "good")
    return redirect(url_for("reorganising.reorganisation_list"), 303)
