"""Every template parses and carries no inline script or style (the CSP would stop it)."""

import re
from pathlib import Path

import pytest
from flask import Flask

from hrtrain.core.config import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
JINJA = re.compile(r"\{[%{#].*?[%}#]\}", re.DOTALL)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"|<style")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_template_parses(app: Flask) -> None:
    for path in TEMPLATES:
        app.jinja_env.get_template(path.relative_to(ROOT / "templates").as_posix())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_carries_no_inline_script_or_style(path: Path) -> None:
    assert not INLINE.findall(JINJA.sub("", path.read_text()))
