"""Users, added by the operator."""

from flask.cli import AppGroup

group = AppGroup("user", help="Users, added by the operator.")
