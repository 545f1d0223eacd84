"""A reorganisation's page: the plan with what it would do, then what was done; both ways."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.models import User
from hrtrain.accounts.words import role_name
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.jobs.describing import Description, describes
from hrtrain.core.jobs.models import Job
from hrtrain.core.language import gettext as _
from hrtrain.coverage.views.impact import Panel, panel_if_asked
from hrtrain.reorganising.actions.applying import apply
from hrtrain.reorganising.actions.undoing import undo
from hrtrain.reorganising.gates import KEEPER, out_of_reach, reorganisation_or_404
from hrtrain.reorganising.jobs import begin
from hrtrain.reorganising.models import Reorganisation
from hrtrain.reorganising.plans import entries_of
from hrtrain.reorganising.queries import lists
from hrtrain.reorganising.queries.effects import Counts, Reached
from hrtrain.reorganising.queries.queue import waiting_by_unit
from hrtrain.reorganising.queries.reorganisations import act_of
from hrtrain.reorganising.queries.steps import step_page
from hrtrain.reorganising.queries.tree import read_tree
from hrtrain.reorganising.resolving import resolve
from hrtrain.reorganising.rules import KIND, Entry, Fault, Resolved
from hrtrain.reorganising.views import bp
from hrtrain.reorganising.words import MOST_TOLD, STEPS, placed_sentence, refusal_of
from hrtrain.units.words import kind_name, tier_name

MOST_STEPS_AT_ONCE, MOST_MEMBERSHIPS_AT_ONCE = 500, 2000
"""A greater plan is done by a worker, and its impact on figures is not shown beforehand."""


@dataclass(frozen=True)
class Foreseen:
    """What a plan would do, as its page shows it."""

    counts: Counts
    sessions: list[Any]
    roles: list[tuple[str, str, str, str]]
    to_declare: list[tuple[str, str]]
    by_hand: lists.ByHand
    is_great: bool


@bp.get("/reorganisations/<key>")
@open_to(KEEPER)
def reorganisation_page(key: str) -> ResponseReturnValue:
    """The steps, what they would do or did, and who is to be decided on."""
    return _page(reorganisation_or_404(key))


@bp.get("/reorganisations/<key>/people")
@open_to(KEEPER)
def reorganisation_people(key: str) -> ResponseReturnValue:
    """Whose memberships go from which unit to which."""
    plan = reorganisation_or_404(key)
    act, after = act_of(plan), request.args.get("after")
    if act is not None:
        page = lists.people_moved(act, plan.effective_on, after)
    else:
        resolved, faults = _resolved(plan, entries_of(plan))
        if faults:
            raise refusal_of(faults)
        page = lists.people_to_move(Reached(resolved), lists.founded_names(resolved), after)
    return render_template("reorganising/people.html", plan=plan, act=act, page=page)


@bp.post("/reorganisations/<key>/apply")
@open_to(KEEPER)
def reorganisation_apply(key: str) -> ResponseReturnValue:
    """Do the plan, at once or by a worker; or show what figures it would change."""
    plan = reorganisation_or_404(key)
    entries = entries_of(plan)
    try:
        faults = out_of_reach(entries)
        if faults:
            raise refusal_of(faults)
        if plan.act_id is None and _is_great(plan, entries):
            job = begin(plan, by=current_user())
            db.session.commit()
            return redirect(url_for("jobs.job_page", key=job.key), 303)
        panel = panel_if_asked(lambda: _apply_again(key), plan.effective_on)
        if panel is not None:
            return _page(reorganisation_or_404(key), panel=panel)
        act = apply(plan, by=current_user())
    except Refusal as refusal:
        db.session.rollback()
        return _page(reorganisation_or_404(key), refusal=refusal), refusal.status
    db.session.commit()
    done = _("Đã thực hiện.") if act else _("Không có gì để làm: mọi việc đã đúng như phương án.")
    flash(done, "good" if act else "info")
    return redirect(url_for("reorganising.reorganisation_page", key=key), 303)


def _apply_again(key: str) -> None:
    """The preview begins its own transaction, in which the plan is read anew."""
    apply(reorganisation_or_404(key), by=current_user())


@bp.post("/reorganisations/<key>/undo")
@open_to(KEEPER)
def reorganisation_undo(key: str) -> ResponseReturnValue:
    """Take all of it back, the decisions made since first."""
    plan = reorganisation_or_404(key)
    try:
        undo(plan, by=current_user())
    except Refusal as refusal:
        db.session.rollback()
        return _page(reorganisation_or_404(key), refusal=refusal), refusal.status
    db.session.commit()
    flash(_("Đã hoàn tác: mọi việc như trước khi sắp xếp."), "good")
    return redirect(url_for("reorganising.reorganisation_page", key=key), 303)


def _page(
    plan: Reorganisation, *, panel: Panel | None = None, refusal: Refusal | None = None
) -> str:
    act, entries = act_of(plan), entries_of(plan)
    resolved, faults = _resolved(plan, entries) if entries else (None, [])
    is_open = act is None
    foreseen = _foreseen(resolved, entries) if is_open and resolved and not faults else None
    is_done = act is not None and act.undone_at is None
    after = Reached(resolved) if is_done and resolved else None
    made = act.details.get("founded", {}) if act is not None and is_done else {}
    return render_template(
        "reorganising/reorganisation_page.html",
        plan=plan,
        act=act,
        is_open=is_open,
        is_done=is_done,
        steps=step_page(entries, plan.effective_on, request.args.get("after"), made),
        words=STEPS,
        faults=[placed_sentence(fault) for fault in faults[:MOST_TOLD]] if is_open else [],
        fault_count=len(faults),
        foreseen=foreseen,
        done=Counts(**act.details["counts"]) if act else None,
        by_hand=lists.by_hand(after) if after else None,
        waiting=waiting_by_unit(act) if act and is_done else [],
        job=db.session.get(Job, plan.job_id) if plan.job_id else None,
        made_by=db.session.get(User, plan.made_by_id) if plan.made_by_id else None,
        done_by=db.session.get(User, act.done_by_id) if act and act.done_by_id else None,
        undone_by=db.session.get(User, act.undone_by_id) if act and act.undone_by_id else None,
        panel=panel,
        refusal=refusal,
        role_name=role_name,
        tier_name=tier_name,
        kind_name=kind_name,
    )


def _resolved(plan: Reorganisation, entries: list[Entry]) -> tuple[Resolved, list[Fault]]:
    return resolve(entries, plan.effective_on, read_tree(plan.effective_on))


def _foreseen(resolved: Resolved, entries: list[Entry]) -> Foreseen:
    reached, names = Reached(resolved), lists.founded_names(resolved)
    counts = reached.counts()
    return Foreseen(
        counts=counts,
        sessions=lists.sessions_listed(reached),
        roles=lists.roles_listed(reached, names),
        to_declare=lists.to_declare(reached, names),
        by_hand=lists.by_hand(reached),
        is_great=_is_many(entries, counts),
    )


def _is_great(plan: Reorganisation, entries: list[Entry]) -> bool:
    resolved, faults = _resolved(plan, entries)
    return not faults and _is_many(entries, Reached(resolved).counts())


def _is_many(entries: list[Entry], counts: Counts) -> bool:
    return len(entries) > MOST_STEPS_AT_ONCE or counts.memberships > MOST_MEMBERSHIPS_AT_ONCE


@describes(KIND)
def _describe(job: Job) -> Description:
    key = job.payload["reorganisation"]
    links = ((_("Xem kết quả"), url_for("reorganising.reorganisation_page", key=key)),)
    return Description(_("Sắp xếp đơn vị: %(title)s", title=job.payload["title"]), links)
