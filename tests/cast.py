"""The cast: signed-in clients whose every page is checked for what every page must have."""

from collections import Counter
from contextvars import Context
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hrtrain.accounts.models import SignIn, User
from hrtrain.accounts.rules import new_token, token_hash
from hrtrain.core import clock
from hrtrain.core.db import db


class CastClient(FlaskClient):
    """A browser apart from the test: a request sees what is committed, in a context of its own.

    What the test made so far is committed first; its own session reads afresh afterwards. Every
    HTML answer of status 200 must pass `check_markup`.
    """

    def open(self, *args: Any, **more: Any) -> TestResponse:
        if has_app_context():
            db.session.commit()
        response = Context().run(super().open, *args, **more)
        if response.status_code == 200 and response.mimetype == "text/html":
            check_markup(response.get_data(as_text=True))
        return response


def sign_in(client: FlaskClient, user: User) -> FlaskClient:
    """The client, from now on this user's browser."""
    token = new_token()
    expires_at = clock.now() + timedelta(hours=1)
    db.session.add(SignIn(token_hash=token_hash(token), user_id=user.id, expires_at=expires_at))
    db.session.commit()
    with client.session_transaction() as kept:
        kept["_user_id"] = token
    return client


class Markup(HTMLParser):
    """Collects what `check_markup` asks about."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.headings = 0
        self.faults: list[str] = []
        self.open_tables: list[bool] = []
        self.label_depth = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if "id" in found:
            self.ids.append(found["id"] or "")
        self.headings += tag == "h1"
        self.faults += [
            f"{tag} has {name}" for name in found if name == "style" or name[:2] == "on"
        ]
        if tag == "script" and "src" not in found:
            self.faults.append("inline script")
        if tag == "img" and "alt" not in found:
            self.faults.append("img without alt")
        if tag == "label":
            self.label_depth += 1
            self.labelled.add(found.get("for") or "")
        self._note_control(tag, found)
        self._note_table(tag)

    def _note_control(self, tag: str, found: dict[str, str | None]) -> None:
        silent = {"hidden", "submit", "button", "reset", "image"}
        if tag not in ("input", "select", "textarea") or found.get("type") in silent:
            return
        if (
            not self.label_depth
            and not found.get("aria-label")
            and not found.get("aria-labelledby")
        ):
            self.controls.append(found)

    def _note_table(self, tag: str) -> None:
        if tag == "table":
            self.open_tables.append(False)
        if tag == "caption" and self.open_tables:
            self.open_tables[-1] = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.label_depth -= 1
        if tag == "table" and not self.open_tables.pop():
            self.faults.append("table without caption")


def check_markup(html: str) -> None:
    """One h1, unique ids, labelled inputs, captioned tables, nothing inline the CSP forbids."""
    markup = Markup()
    markup.feed(html)
    assert markup.headings == 1, f"{markup.headings} h1 on the page"
    twice = [name for name, count in Counter(markup.ids).items() if count > 1]
    assert not twice, f"ids used twice: {twice}"
    bare = [c for c in markup.controls if (c.get("id") or "?") not in markup.labelled]
    assert not bare, f"inputs without label: {bare}"
    assert not markup.faults, markup.faults
