"""Sealed reports: the list, sealing, what one says, counting it again, its bytes."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.actions import record
from hrtrain.core import formats
from hrtrain.core.access import open_to
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.language import gettext as _
from hrtrain.core.shown import note_count
from hrtrain.coverage import words
from hrtrain.coverage.gates import READERS, people_in_reach, programme_or_404
from hrtrain.coverage.models import Programme
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.seals import words as seal_words
from hrtrain.coverage.seals.actions import seal, settled_instant
from hrtrain.coverage.seals.facts import Sought
from hrtrain.coverage.seals.forms import SealForm
from hrtrain.coverage.seals.gates import SEALERS, may_read_bytes, reaches, readable, seal_or_404
from hrtrain.coverage.seals.listing import page_of_people, sealed_people, units_of_people
from hrtrain.coverage.seals.models import Seal
from hrtrain.coverage.seals.queries import (
    Frozen,
    anonymous_in,
    content_of,
    first_difference,
    frozen,
    ids_of,
    replaced_by,
    reproduced,
    seals_of,
    shown_content,
    sought_of,
    versions_of,
)
from hrtrain.coverage.states import State
from hrtrain.coverage.trust.queries import trusts_of
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.asking import Asked, question_of, read_asked
from hrtrain.coverage.views.dashboard import place_of
from hrtrain.units.scope import reach, scope_of


@bp.get("/coverage/<programme>/seals")
@open_to(*READERS)
def seal_list(programme: str) -> ResponseReturnValue:
    """The programme's sealed reports within reach."""
    found, asked = programme_or_404(programme), read_asked()
    return render_template(
        "coverage/seal_list.html",
        programme=found,
        asked=asked,
        seals=seals_of(found, reach(scope_of(current_user(), *READERS))),
        may_seal=reaches(asked.unit, *SEALERS),
    )


@bp.route("/coverage/<programme>/seals/new", methods=["GET", "POST"])
@open_to(*SEALERS)
def seal_new(programme: str) -> ResponseReturnValue:
    """Seal the figures asked about, after a look at them."""
    found, asked = programme_or_404(programme), replace(read_asked(), known_at=None)
    if not reaches(asked.unit, *SEALERS):
        abort(404)
    title = _("Số liệu đến ngày %(day)s", day=formats.day(asked.as_of))
    form, status = SealForm(data={"title": title}), 200
    if form.validate_on_submit():
        try:
            return _sealed(found, asked, form)
        except Refusal as refusal:
            status = back_out(form, refusal)
    return render_template(
        "coverage/seal_new.html",
        form=form,
        programme=found,
        asked=asked,
        place=place_of(asked),
        rows=standings(question_of(found, asked)),
        words=words,
    ), (422 if form.errors and status == 200 else status)


def _sealed(programme: Programme, asked: Asked, form: SealForm) -> ResponseReturnValue:
    sought = Sought(programme.key, asked.as_of, asked.unit_key)
    ready = counted(programme, sought, settled_instant())
    made = seal(
        form.key.data, ready, title=form.title.data, note=form.note.data or "", by=current_user()
    )
    db.session.commit()
    flash(_("Đã chốt số liệu. Báo cáo này không thay đổi nữa."))
    return redirect(url_for("coverage.seal_page", key=made.key), 303)


def counted(programme: Programme, sought: Sought, instant: datetime) -> Frozen:
    """What is to be sealed, counted while nobody is kept from writing."""
    with reading():
        ready = frozen(programme, sought, instant)
        db.session.rollback()
    return ready


@bp.get("/seals/<key>")
@open_to(*READERS)
def seal_page(key: str) -> ResponseReturnValue:
    """What a sealed report says: its figures, by group and by unit, and how it can be checked."""
    found = seal_or_404(key)
    content = content_of(found)
    groups = [row for row in content["figures"] if row["by"] == "group"]
    chosen = _chosen_group(groups)
    by_unit = [r for r in content["figures"] if r["by"] == "unit" and r["group"] == chosen]
    return render_template(
        "coverage/seal_page.html",
        seal=found,
        groups=groups,
        chosen=chosen,
        by_unit=by_unit,
        base=next((row["unit"] for row in groups if row["group"] == chosen), None),
        versions=versions_of(found),
        before=replaced_by(found),
        may_restate=reaches(found.unit, *SEALERS),
        may_read_bytes=may_read_bytes(found),
        anonymous_told=_anonymous_told(found),
        **_grades_now(found),
        words=words,
    )


def _grades_now(found: Seal) -> dict[str, Any]:
    """How far the same day's figures can be trusted by what is known now: no part of the seal."""
    scope = scope_of(current_user(), *READERS)
    rows = standings(Question(found.programme.key, found.as_of, sought_of(found).unit))
    trusts = zip(rows, trusts_of(rows, found.as_of), strict=True)
    return {
        "live": Asked(found.as_of, None, found.unit, [], scope),
        "grades": [(row, trust) for row, trust in trusts if trust.grade],
    }


def _chosen_group(groups: list[dict[str, object]]) -> str:
    names = [str(row["group"]) for row in groups]
    asked = request.args.get("group") or names[0]
    return asked if asked in names else abort(404)


@bp.get("/seals/<key>/people")
@open_to(*READERS)
def seal_people(key: str) -> ResponseReturnValue:
    """The people of a sealed report in a state, as they were sealed, at units within reach."""
    found = seal_or_404(key)
    content = shown_content(found)
    groups = [row for row in content["figures"] if row["by"] == "group"]
    chosen, state = _chosen_group(groups), request.args.get("state", State.UNTRAINED.value)
    if state not in words.STATES:
        abort(404)
    (row,) = (row for row in groups if row["group"] == chosen)
    units = readable(units_of_people(content))
    page = page_of_people(
        sealed_people(content, chosen, [State(state)], units), request.args.get("after")
    )
    ids = ids_of(one.key for one in page.rows)
    scope = scope_of(current_user(), *READERS)
    seen = people_in_reach(ids.values(), scope)
    return render_template(
        "coverage/seal_people.html",
        seal=found,
        row=row,
        state=state,
        page=page,
        open_people={one for one, person_id in ids.items() if person_id in seen},
        hidden_count=row[state] - (page.total or 0),
        why=seal_words.why,
        words=words,
    )


@bp.post("/seals/<key>/reproduce")
@open_to(*READERS)
def seal_reproduce(key: str) -> ResponseReturnValue:
    """Count the report again from the facts known at its instant, and say whether it is the same.

    What differs may be a person out of reach, so the page does not name it; the command does.
    """
    with reading():
        found = seal_or_404(key)
        difference = first_difference(found, reproduced(found))
        db.session.rollback()
    said = "identical" if not difference else "different"
    record(current_user(), "coverage.reproduced", ("seal", key), said)
    db.session.commit()
    if not difference:
        flash(_("Đếm lại cho đúng từng byte như đã chốt."))
    else:
        flash(_("Đếm lại KHÔNG khớp với số liệu đã chốt. Hãy báo quản trị viên."), "bad")
    return redirect(url_for("coverage.seal_page", key=key), 303)


def _anonymous_told(found: Seal) -> str:
    """Why the bytes are kept, and who may read them; empty where nobody is anonymous in them."""
    count = len(anonymous_in(found))
    if not count:
        return ""
    return _(
        "Bản gốc còn ghi tên %(n)s người đã được ẩn danh sau khi chốt. Bản gốc được giữ nguyên "
        "từng byte vì không có nó thì không kiểm tra lại được báo cáo; các trang và bảng tính "
        "không hiện tên ấy, và chỉ quản trị viên tải được bản gốc.",
        n=count,
    )


@bp.post("/seals/<key>/content.json")
@open_to(*READERS)
def seal_content(key: str) -> ResponseReturnValue:
    """The sealed bytes themselves; refused where they name people who are out of reach today.

    And, but to administrators, where they name somebody made anonymous since: the bytes stay,
    because the report could be checked no more without them, so fewer may read them.
    """
    found = seal_or_404(key)
    if not may_read_bytes(found):
        raise Refusal(_anonymous_told(found))
    units = units_of_people(content_of(found))
    if readable(units) != units:
        raise Refusal(
            _(
                "Báo cáo này có tên người ở đơn vị nay ngoài phạm vi của bạn "
                "nên không tải nguyên bản được."
            )
        )
    content = found.content
    note_count(len(content_of(found)["people"]))
    said = _("Tải bản gốc của báo cáo đã chốt")
    hidden = sorted(anonymous_in(found))
    record(current_user(), "report.exported", ("seal", key), said, anonymous=hidden)
    db.session.commit()
    name = f"{key}.json"
    return send_file(BytesIO(content), "application/json", as_attachment=True, download_name=name)
