"""Keys in addresses: any caller's string, ``12/KH-UBND`` and ``..`` too, leads to its page."""

import re

from flask import Flask
from werkzeug.routing import UnicodeConverter

# A slash would part the key, whether quoted or not; browsers resolve dots; the words are pages.
_APART = re.compile(r"[/~]|^(?=(?:\.\.?|new|-)$).")
_WRITTEN = re.compile(r"~([0-9A-F]{2})")


class KeyConverter(UnicodeConverter):
    """A part of an address in which ``~2F`` stands for a slash and ``~7E`` for a tilde."""

    def to_url(self, value: str) -> str:
        """Write the key so that it is one part of an address."""
        return super().to_url(_APART.sub(lambda found: f"~{ord(found[0]):02X}", str(value)))

    def to_python(self, value: str) -> str:
        """Read the key as it was before."""
        return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), value)


def set_up(app: Flask) -> None:
    """Read every key in an address this way; before any door is hung."""
    app.url_map.converters["default"] = KeyConverter
