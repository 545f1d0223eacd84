"""The door for servers and for ``flask``: ``gunicorn app:app``, ``flask --app app``."""

from hrtrain.factory import create_app

app = create_app()
