"""The progress page of bulk work."""

from flask import Blueprint

bp = Blueprint("jobs", __name__)
