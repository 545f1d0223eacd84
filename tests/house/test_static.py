"""The front end's built files are what their build wrote, and pages name only what is there."""

import hashlib
import json
import re

from flask.testing import FlaskClient

from hrtrain.core.config import ROOT

STATIC = ROOT / "hrtrain" / "static"
ICON = re.compile(r"""icon(?:_name)?(?:\(|=)\s*["']([a-z0-9-]+)["']""")


def test_built_files_are_those_of_the_manifest() -> None:
    written = json.loads((STATIC / "manifest.json").read_text())
    files = [path for path in STATIC.rglob("*") if path.is_file() and path.name != "manifest.json"]
    found = {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
    assert found == written


def test_every_named_icon_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    texts = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    assert {name for text in texts for name in ICON.findall(text)} <= sprite


def test_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "hrtrain" / "frontend" / "package-lock.json").read_text())
    assert not [name for name, found in lock["packages"].items() if "resolved" in found]


def test_address_with_a_hash_may_be_kept_for_a_year(client: FlaskClient) -> None:
    address = re.search(r'href="(/static/theme.css\?v=\w+)"', client.get("/sign-in").text)
    assert address
    answer = client.get(address[1])
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert "immutable" in answer.headers["Cache-Control"]
