"""The tree of units as of any day, found by name, old names included; the typed field's answers."""

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user, may
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.forms import asked_day
from hrtrain.units.gates import READERS, unit_or_404
from hrtrain.units.queries import level_page, name_on, path_of, search_units
from hrtrain.units.scope import scope_of
from hrtrain.units.views import bp
from hrtrain.units.words import kind_name, tier_name

SUGGESTIONS = 12
HITS = 100


@bp.get("/units")
@open_to(*READERS)
def unit_list() -> ResponseReturnValue:
    """One level of the tree on the day, the path above it, or what a search found."""
    today = clock.today()
    day = asked_day(request.args.get("as_of"), today)
    scope, text = scope_of(current_user()), request.args.get("q", "")
    under = unit_or_404(request.args["under"]) if request.args.get("under") else None
    found = search_units(text, day, scope, HITS) if text.strip() else None
    page = None if found is not None else level_page(under, day, scope, request.args.get("after"))
    return render_template(
        "units/unit_list.html",
        day=day,
        is_today=day == today,
        under=under,
        under_name=name_on(under, day) if under else "",
        path=path_of(under, day) if under else [],
        hits=found,
        page=page,
        tier_name=tier_name,
        kind_name=kind_name,
        may_add=may(Role.PROGRAMME_MANAGER),
    )


@bp.get("/units/-/find")
@open_to(*READERS)
def unit_find() -> ResponseReturnValue:
    """What the typed unit field suggests: living units in the asker's scope, as ``name [key]``."""
    today = clock.today()
    scope = scope_of(current_user())
    hits = search_units(request.args.get("q", ""), today, scope, SUGGESTIONS)
    seen = {hit.key: hit for hit in reversed(hits)}
    return jsonify(
        [
            {
                "value": f"{hit.name} [{hit.key}]",
                "label": " › ".join(unit.name for unit in hit.path),
            }
            for hit in reversed(seen.values())
        ]
    )
