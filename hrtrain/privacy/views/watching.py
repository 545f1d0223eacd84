"""Puts every answer that shows names into the log of accesses, whichever view it comes from."""

from typing import Any

from flask import Flask, g, request, template_rendered
from flask.wrappers import Response

from hrtrain.accounts.access import current_visitor
from hrtrain.core.shown import Shown, noted
from hrtrain.privacy.access_log import Access, access_log
from hrtrain.privacy.views import bp
from hrtrain.privacy.watched import WATCHED, what_is_shown

# What a person typed to find somebody is itself a person's name: only that it was typed is kept.
TYPED = frozenset({"q", "name", "text"})
NOT_FILTERS = frozenset({"csrf_token", "after", "lang"})
SHOWN = (200, 206, 409, 422)
LONGEST = 200


@template_rendered.connect
def _keep_values(_app: Flask, context: dict[str, Any], **_more: Any) -> None:
    """A watched page's values say whom it shows; they are read while its transaction is open."""
    watch = WATCHED.get(request.endpoint or "") if request else None
    if watch is not None:
        g.names_shown = what_is_shown(context, watch)


@bp.after_app_request
def note_access(response: Response) -> Response:
    """Note an answer with names; nothing is written while somebody waits for it."""
    watch = WATCHED.get(request.endpoint or "")
    if watch is None or response.status_code not in SHOWN:
        return response
    person_id, ids, count = g.pop("names_shown", (None, [], 0))
    shown = noted() or Shown()
    ids, count = [*ids, *shown.person_ids], count + shown.count
    if not count and response.mimetype == "text/html":
        return response
    visitor = current_visitor()
    access_log().note(
        Access(
            what=request.endpoint or "",
            purpose=watch.purpose,
            user_id=visitor.user_id if visitor else None,
            subject=_subject(),
            person_id=person_id or (_only(ids) if count == 1 else None),
            filters=_filters(),
            shown_count=count or None,
            person_ids=tuple(ids),
            reason=g.get("reason_given", ""),
        )
    )
    return response


def _only(ids: list[int | str]) -> int | None:
    first = ids[0] if len(ids) == 1 else None
    return first if isinstance(first, int) else None


def _subject() -> str:
    """The thing in the address, such as a session's key."""
    parts = (f"{name}:{value}" for name, value in (request.view_args or {}).items())
    return " ".join(parts)[:LONGEST]


def _filters() -> dict[str, str]:
    """What the address asked for; a name typed to search is only told of, not kept."""
    asked = {**request.args.to_dict(), **(request.form.to_dict() if _is_export() else {})}
    return {
        name: "…" if name in TYPED else value[:LONGEST]
        for name, value in asked.items()
        if value and name not in NOT_FILTERS
    }


def _is_export() -> bool:
    return request.method == "POST" and WATCHED[request.endpoint or ""].purpose == "export"
