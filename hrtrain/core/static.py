"""Built files of the front end: each address carries the file's hash, so browsers keep it."""

import json
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from werkzeug.wrappers import Response

YEAR = 365 * 24 * 3600


def hashes_in(folder: Path) -> dict[str, str]:
    """The SHA-256 of each built file by name, as the front end's build wrote them."""
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


def set_up(app: Flask) -> None:
    """Put hashes into the files' addresses and tell browsers how long to keep them."""
    hashes = hashes_in(Path(app.static_folder or ""))

    @app.url_defaults
    def add_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and values.get("filename") in hashes:
            values.setdefault("v", hashes[values["filename"]][:12])

    icons: dict[str, str] = {}

    @app.template_global()
    def icon_file() -> str:
        """Where the icons lie; a page asks some sixty times, and the answer stays the same."""
        if request.script_root not in icons:
            icons[request.script_root] = url_for("static", filename="icons.svg")
        return icons[request.script_root]

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and request.args.get("v") and response.status_code == 200:
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return response
