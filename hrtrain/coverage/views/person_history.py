"""One person's history for each target that counts the person, with what began each piece."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hrtrain.certificates.gates import readable_keys
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.coverage import words
from hrtrain.coverage.gates import programme_or_404
from hrtrain.coverage.person_strips import PersonStrip, strips_of
from hrtrain.coverage.strip_chart import strip as drawn
from hrtrain.coverage.telling import rows_of, state_name
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.asking import read_known_at
from hrtrain.people.gates import READERS, person_or_404
from hrtrain.training.gates import sessions_in_reach


@bp.get("/people/<key>/history")
@open_to(*READERS)
def person_history(key: str) -> ResponseReturnValue:
    """The person's strip for each target, and each piece with what began it and its papers."""
    person, known_at, today = person_or_404(key), read_known_at(), clock.today()
    every = strips_of(person, known_at)
    strips = _chosen(every)
    done = [one for strip in strips for one in strip.facts.done.values()]
    papers = [paper for one in done for paper, _number in one.certificates]
    return render_template(
        "coverage/person_history.html",
        person=person,
        known_at=known_at,
        today=today,
        strips=strips,
        is_part=len(strips) < len(every),
        rows_of=rows_of,
        drawn=drawn,
        state_name=state_name,
        words=words,
        open_certificates=readable_keys(papers),
        open_sessions=sessions_in_reach(one.session_key for one in done if one.session_key),
    )


def _chosen(strips: list[PersonStrip]) -> list[PersonStrip]:
    """Those of the programme and group asked for; refused when no target counts the person so."""
    programme, group = request.args.get("programme", ""), request.args.get("group", "")
    if programme:
        programme_or_404(programme)
        strips = [one for one in strips if one.target.programme == programme]
    if group:
        strips = [one for one in strips if one.target.group == group]
        if not strips:
            raise Refusal(_("Không có quá trình nào cho nhóm “%(group)s”.", group=group))
    return strips
