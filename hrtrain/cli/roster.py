"""Roster spreadsheets, checked and imported."""

from flask.cli import AppGroup

group = AppGroup("roster", help="Roster spreadsheets, checked and imported.")
