"""Several programmes side by side: a row for each group, a column for each programme.

Programmes and groups that ask for nothing here stand last.
"""

from flask import render_template
from flask.typing import ResponseReturnValue

from hrtrain.core.access import open_to
from hrtrain.coverage import words
from hrtrain.coverage.drawing import bar_of
from hrtrain.coverage.gates import READERS
from hrtrain.coverage.plan_queries import programmes
from hrtrain.coverage.queries import dashboard
from hrtrain.coverage.rules import Standing, Status
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.asking import read_asked
from hrtrain.coverage.views.dashboard import place_of, trusts_by_target


@bp.get("/compare")
@open_to(*READERS)
def compare() -> ResponseReturnValue:
    """Each group's rate, target and status in every programme that has a target for it."""
    asked = read_asked()
    rows = dashboard(asked.as_of, unit=asked.unit_key, known_at=asked.known_at)
    asking = {row.programme for row in rows if _is_asked(row)}
    keys = {row.programme for row in rows}
    having = [row.programme for row in programmes() if row.programme.key in keys]
    return render_template(
        "coverage/compare.html",
        asked=asked,
        place=place_of(asked),
        programmes=sorted(having, key=lambda one: one.key not in asking),
        groups=_by_group(rows),
        trusts=trusts_by_target(rows, asked.as_of),
        bar_of=bar_of,
        words=words,
    )


def _by_group(rows: list[Standing]) -> list[tuple[str, dict[str, Standing]]]:
    """Each group's name with its standings by programme; those asked for nothing come last."""
    found: dict[str, tuple[str, dict[str, Standing]]] = {}
    for row in sorted(rows, key=lambda row: row.group):
        found.setdefault(row.group, (row.group_name, {}))[1][row.programme] = row
    return sorted(found.values(), key=lambda group: not any(map(_is_asked, group[1].values())))


def _is_asked(row: Standing) -> bool:
    return row.status is not Status.NOTHING_ASKED
