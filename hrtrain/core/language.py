"""Vietnamese and English: message ids are the Vietnamese sentences, English is a catalogue.

Vietnamese has one word for unit and units: where a page means many, ``ngettext`` says so to the
English.
"""

from flask import Flask, has_request_context, request, session
from flask_babel import Babel, gettext, lazy_gettext, lazy_ngettext, ngettext

LANGUAGES = ("vi", "en")

__all__ = [
    "LANGUAGES",
    "chosen_language",
    "gettext",
    "lazy_gettext",
    "lazy_ngettext",
    "ngettext",
    "set_up",
]


def chosen_language() -> str:
    """The language of the page: what the browser's owner switched to, else Vietnamese."""
    if not has_request_context():
        return "vi"
    asked = request.args.get("lang") or session.get("language")
    return asked if asked in LANGUAGES else "vi"


def set_up(app: Flask) -> None:
    """Give templates and code their catalogue."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, default_locale="vi", locale_selector=chosen_language)
