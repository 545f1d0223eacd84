"""An imported roster taken back: what that would do, who stays and why, then the one button."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core.access import open_to
from hrtrain.core.acts.models import Act
from hrtrain.core.db import db
from hrtrain.core.errors import Stale
from hrtrain.core.forms import Form
from hrtrain.core.jobs.actions import ask
from hrtrain.core.language import gettext as _
from hrtrain.coverage.views.impact import Panel, panel_if_asked
from hrtrain.people.models import RosterUpload
from hrtrain.people.rosters.gates import roster_or_404
from hrtrain.people.rosters.jobs.undoing import MOST_AT_ONCE
from hrtrain.people.rosters.undoing import TakenBack, stays, taken_back, undo_roster
from hrtrain.people.rosters.uploads import IMPORTERS, UNDO_KIND
from hrtrain.people.rosters.words import stay_words
from hrtrain.people.views import bp

MOST_NAMED = 200


@bp.route("/rosters/<key>/undo", methods=["GET", "POST"])
@open_to(*IMPORTERS)
def roster_undo(key: str) -> ResponseReturnValue:
    """Show what undoing takes back and who stays; undo on confirmation."""
    upload, form, user = roster_or_404(key), Form(), current_user()
    if upload.state != "imported" or upload.act_id is None:
        raise Stale(_("Danh sách này chưa nhập xong hoặc đã được hoàn tác."))
    act = db.session.get_one(Act, upload.act_id)
    if not form.validate_on_submit():
        return _page(upload, act, form), 422 if form.errors else 200
    panel = panel_if_asked(lambda: undo_roster(act, by=user), upload.starts_on)
    if panel is not None:
        return _page(upload, act, form, panel)
    if _size(taken_back(act)) > MOST_AT_ONCE:
        payload = {"upload": upload.key, "file_name": upload.file_name}
        once = f"{UNDO_KIND} {upload.key}"
        job = ask(UNDO_KIND, items=[{"act_id": act.id}], payload=payload, by=user, once=once)
        db.session.commit()
        return redirect(url_for("jobs.job_page", key=job.key), 303)
    undo_roster(act, by=user)
    db.session.commit()
    flash(_("Đã hoàn tác việc nhập danh sách %(name)s.", name=upload.file_name), "good")
    return redirect(url_for("people.roster_page", key=key), 303)


def _size(back: TakenBack) -> int:
    return back.people + back.changes + back.memberships + back.resumed


def _page(upload: RosterUpload, act: Act, form: Form, panel: Panel | None = None) -> str:
    back, staying = taken_back(act), stays(act)
    return render_template(
        "people/roster_undo.html",
        upload=upload,
        form=form,
        back=back,
        staying=staying[:MOST_NAMED],
        staying_count=len(staying),
        stay_words=stay_words,
        panel=panel,
        has_impact=_size(back) <= MOST_AT_ONCE,
    )
