"""Data packages in and out."""

from flask.cli import AppGroup

group = AppGroup("data", help="Data packages in and out.")
