"""The figures, asked from the command line."""

from flask.cli import AppGroup

group = AppGroup("coverage", help="The figures, asked from the command line.")
