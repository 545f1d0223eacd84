"""Settings, all from the environment (the list and its defaults are the README's)."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hrtrain.core.errors import Refusal

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = ("SECRET_KEY", "DATABASE_URL", "MAIL_URL")


@dataclass(frozen=True)
class Settings:
    """What an operator may set. ``proxies`` is the count of trusted proxies in front."""

    database_url: str
    data_dir: Path
    secret_key: str
    base_url: str
    mail_url: str
    proxies: int

    def address_of(self, path: str) -> str:
        """The address by which people outside reach the path; never taken from a request."""
        return self.base_url + path


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; make the data folder, and a secret key in it when none is given.

    Refuses PostgreSQL without SECRET_KEY: several machines must share one.
    """
    data_dir = _data_dir(environ.get("HRTRAIN_DATA_DIR") or ROOT / "instance")
    url = _database_url(environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'hrtrain.sqlite3'}")
    secret_key = environ.get("SECRET_KEY") or ""
    if not secret_key and not url.startswith("sqlite"):
        raise Refusal("is required with PostgreSQL", where="SECRET_KEY")
    proxies = environ.get("TRUSTED_PROXIES") or "0"
    if not (proxies.isascii() and proxies.isdigit()):
        raise Refusal(f"a count is needed, not {proxies!r}", where="TRUSTED_PROXIES")
    return Settings(
        database_url=url,
        data_dir=data_dir,
        secret_key=secret_key or _kept_secret(data_dir / "secret_key"),
        base_url=(environ.get("BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
        mail_url=environ.get("MAIL_URL") or "",
        proxies=int(proxies),
    )


def environ_of_children() -> dict[str, str]:
    """The environment for processes that open strangers' files: without what only we may know."""
    return {name: text for name, text in os.environ.items() if name not in PRIVATE}


def _data_dir(path: str | Path) -> Path:
    folder = Path(path).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(f"{folder}: {error.strerror}", where="HRTRAIN_DATA_DIR") from None
    return folder


def _database_url(url: str) -> str:
    """The URL with our driver; a wrong one is not repeated, it may hold a password."""
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:", "postgresql+psycopg:")):
        raise Refusal("postgresql://… or sqlite:///… is needed", where="DATABASE_URL")
    return url


def _kept_secret(path: Path) -> str:
    """The key kept in the data folder; made, readable by its owner alone, the first time."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()
