"""The demo data."""

from flask.cli import AppGroup

group = AppGroup("demo", help="The demo data.")
