"""Rules of retention: the terms, what a run would do, and the run."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out, check_version
from hrtrain.core.jobs.describing import Description, describes
from hrtrain.core.jobs.models import Job
from hrtrain.core.language import gettext as _
from hrtrain.core.shown import note_count
from hrtrain.privacy.actions.notice import rule_row, set_rule
from hrtrain.privacy.actions.retaining import KIND, ask_for_run
from hrtrain.privacy.forms import RuleForm
from hrtrain.privacy.gates import whole_system_or_404
from hrtrain.privacy.keeping import CONTACTS, KINDS, LEFT_PEOPLE
from hrtrain.privacy.queries.retention import overdue_things
from hrtrain.privacy.queries.rules import retention_rules
from hrtrain.privacy.views import bp

NAMES_PEOPLE = (LEFT_PEOPLE, CONTACTS)


@bp.get("/privacy/retention")
@open_to(Role.ADMINISTRATOR)
def retention() -> ResponseReturnValue:
    """Every rule with what a run would do: nothing is done by looking."""
    whole_system_or_404()
    found = overdue_things(clock.today())
    note_count(sum(len(one.examples) for one in found if one.rule.kind in NAMES_PEOPLE))
    due = sum(one.count for one in found if one.rule.is_on)
    return render_template("privacy/retention.html", found=found, due=due)


@bp.post("/privacy/retention/run")
@open_to(Role.ADMINISTRATOR)
def retention_run() -> ResponseReturnValue:
    """Let a worker do it."""
    whole_system_or_404()
    try:
        key = ask_for_run(clock.today(), by=current_user()).key
    except Refusal as refusal:
        db.session.rollback()
        flash(str(refusal), "warn")
        return redirect(url_for("privacy.retention"), 303)
    db.session.commit()
    return redirect(url_for("jobs.job_page", key=key), 303)


@bp.route("/privacy/retention/<kind>", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def retention_rule(kind: str) -> ResponseReturnValue:
    """How long one kind of thing is kept."""
    whole_system_or_404()
    if kind not in KINDS:
        abort(404)
    rule, form, status = retention_rules()[kind], RuleForm(), 200
    if request.method == "GET":
        form = RuleForm(obj=rule)
    if form.validate_on_submit():
        try:
            row = rule_row(kind)
            check_version(form, row)
            said = {"is_on": form.is_on.data, "note": form.note.data or ""}
            set_rule(row, form.months.data, **said, by=current_user())
            db.session.commit()
            flash(_("Đã lưu quy tắc."), "good")
            return redirect(url_for("privacy.retention"), 303)
        except Refusal as refusal:
            status = back_out(form, refusal)
            rule = retention_rules()[kind]
            form.version.data = rule.version
    elif form.errors:
        status = 422
    return render_template("privacy/retention_rule.html", form=form, rule=rule), status


@describes(KIND)
def _run(_job: Job) -> Description:
    links = ((_("Quy tắc lưu giữ"), url_for("privacy.retention")),)
    return Description(_("Chạy quy tắc lưu giữ"), links)
