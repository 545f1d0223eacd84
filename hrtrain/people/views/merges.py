"""Merging two records: the preview with its choices, what became of it, and taking it back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.models import User
from hrtrain.core.access import open_to
from hrtrain.core.acts.models import Act
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import Form
from hrtrain.core.language import gettext as _
from hrtrain.coverage.views.impact import answered
from hrtrain.merging.actions import merge, unmerge
from hrtrain.merging.forms import merge_form
from hrtrain.merging.gates import Merge, merge_or_404
from hrtrain.merging.queries import (
    account_of,
    fields_of,
    named_clashes,
    posts_of,
    seen_state,
    sessions_of_both,
)
from hrtrain.people.gates import KEEPERS, person_or_404
from hrtrain.people.models import Person
from hrtrain.people.views import bp
from hrtrain.people.views.two_records import LABELS, record_of

MOST_DAYS = 12
"""Days of change whose figures a preview asks for, today and deadlines apart."""


@bp.route("/people/<key>/merge/<other>", methods=["GET", "POST"])
@open_to(*KEEPERS)
def person_merge(key: str, other: str) -> ResponseReturnValue:
    """Merge the second record into the first, after a look at what becomes of both."""
    kept, merged = person_or_404(key, *KEEPERS), person_or_404(other, *KEEPERS)
    if kept.id == merged.id:
        raise Refusal(_("Hai hồ sơ phải khác nhau."))
    clashes = named_clashes(kept, merged)
    form = merge_form(
        [(one.name, one.default) for one in fields_of(kept, merged) if one.differs],
        list({one.group_id: one.group for one in clashes}.items()),
        has_accounts=bool(account_of(kept) and account_of(merged)),
    )
    if not form.is_submitted():
        form.seen.data = seen_state(kept, merged)
    done: list[str] = []

    def act() -> None:
        chosen = form.choices()
        made = merge(kept, merged, chosen, by=current_user(), seen=form.seen.data)
        done[:] = [made.key]

    def page(**more: Any) -> str:
        return _page(kept, merged, form, **more)

    def merged_now() -> ResponseReturnValue:
        flash(_("Đã gộp hai hồ sơ."), "good")
        return redirect(url_for("people.merge_page", key=done[0]), 303)

    return answered(form, act, days=lambda: _days(kept, merged), page=page, done=merged_now)


@bp.get("/merges/<key>")
@open_to(*KEEPERS)
def merge_page(key: str) -> ResponseReturnValue:
    """What a merge did, and its undoing in one click."""
    return _merge_page(merge_or_404(key))


@bp.post("/merges/<key>/undo")
@open_to(*KEEPERS)
def merge_undo(key: str) -> ResponseReturnValue:
    """Take the merge back; what stands in the way is named."""
    found, form = merge_or_404(key), Form()
    if not form.validate_on_submit():
        return _merge_page(found), 422
    try:
        unmerge(found.act, by=current_user())
    except Refusal as refusal:
        db.session.rollback()
        return _merge_page(merge_or_404(key), refusal.message), refusal.status
    db.session.commit()
    flash(_("Đã tách lại thành hai hồ sơ như trước khi gộp."), "good")
    return redirect(url_for("people.merge_page", key=key), 303)


def _days(kept: Person, merged: Person) -> Sequence[date | None]:
    posts = [*posts_of(kept), *posts_of(merged)]
    days = {day for post in posts for day in (post.period.starts_on, post.period.ends_on) if day}
    return sorted(days, reverse=True)[:MOST_DAYS]


def _page(kept: Person, merged: Person, form: Any, *, panel: Any, is_stale: bool) -> str:
    if is_stale:
        # Sent again, it merges what is now shown.
        form.seen.data = seen_state(kept, merged)
    return render_template(
        "people/person_merge.html",
        kept=kept,
        merged=merged,
        records=[record_of(kept), record_of(merged)],
        labels=LABELS,
        defaults={one.name: one.default for one in fields_of(kept, merged)},
        clashes=named_clashes(kept, merged),
        sessions=sessions_of_both(kept, merged),
        form=form,
        panel=panel,
    )


def _merge_page(found: Merge, complaint: str = "") -> str:
    return render_template(
        "people/merge_page.html",
        merge=found,
        people=[found.kept, found.merged],
        by=_name(found.act, "done_by_id"),
        undone_by=_name(found.act, "undone_by_id"),
        complaint=complaint,
    )


def _name(act: Act, column: str) -> str:
    user_id = getattr(act, column)
    return db.session.get_one(User, user_id).full_name if user_id else ""
