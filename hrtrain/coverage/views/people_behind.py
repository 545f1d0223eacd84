"""The names behind a number."""

from flask import abort
from flask.typing import ResponseReturnValue

from hrtrain.core.access import open_to
from hrtrain.coverage.gates import READERS
from hrtrain.coverage.views import bp


@bp.get("/coverage/<programme>/people")
@open_to(*READERS)
def people_behind(programme: str) -> ResponseReturnValue:
    """Who is counted in a state, in Vietnamese order, with the reason."""
    abort(404)
