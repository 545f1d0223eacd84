"""Issue and verify certificates."""

from flask.cli import AppGroup

group = AppGroup("certificates", help="Issue and verify certificates.")
