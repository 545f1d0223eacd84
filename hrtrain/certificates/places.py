"""Where certificates' files lie: the data folder of this application, the shipped assets."""

from pathlib import Path

from flask import current_app

from hrtrain.core.config import Settings
from hrtrain.core.files import FileStore

ASSETS = Path(__file__).parent / "assets"


def settings() -> Settings:
    """The application's settings."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def data_folder() -> Path:
    """The data folder."""
    return settings().data_dir


def document_store() -> FileStore:
    """The issued documents, by SHA-256."""
    return FileStore(data_folder() / "documents")
