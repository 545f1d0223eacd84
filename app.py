"""The door for servers and for ``flask``: ``gunicorn app:app``, ``flask --app app``."""

import click

from hrtrain.core.errors import Refusal
from hrtrain.factory import create_app

try:
    app = create_app()
except Refusal as refusal:
    # A command says what is wrong with the settings; a server stops where it was read.
    if click.get_current_context(silent=True) is None:
        raise
    raise click.ClickException(str(refusal)) from None
