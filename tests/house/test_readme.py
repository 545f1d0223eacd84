"""The README names every command the operator has."""

import click
import pytest
from flask import Flask

from hrtrain.core.config import ROOT

FLASKS_OWN = {"run", "routes", "shell", "db"}


def commands(app: Flask) -> list[str]:
    """Every command of ours as it is typed: ``flask data import``."""
    found = []
    for name, command in app.cli.commands.items():
        if name in FLASKS_OWN:
            continue
        below = command.commands if isinstance(command, click.Group) else {}
        found += [f"flask {name} {inner}" for inner in below] or [f"flask {name}"]
    return found


@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_command_is_in_the_readme(app: Flask) -> None:
    readme = (ROOT / "README.md").read_text()
    assert not [name for name in commands(app) if name not in readme]
