"""The worker of bulk work."""

from flask.cli import AppGroup

group = AppGroup("jobs", help="The worker of bulk work.")
