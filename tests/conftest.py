"""Real parts for every test: both engines migrated once per worker, emptied after each test."""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text

from hrtrain.accounts import passwords
from hrtrain.core.config import Settings
from hrtrain.core.db import Base, db
from hrtrain.factory import create_app
from hrtrain.privacy.access_log import access_log
from tests import postgres
from tests.cast import CastClient
from tests.scheduling import Scheduling

# A hash at full cost takes 0.1 s and more; the same hasher, made cheap.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Several workers share the tests as `Scheduling` says."""
    return Scheduling(config, log)


def pytest_collection_finish() -> None:
    """What is loaded by now stays; looking for its garbage again and again took a fifth of all."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def settings_for(url: str, folder: Path) -> Settings:
    """Settings of a test application over this database and data folder."""
    return Settings(
        database_url=url,
        data_dir=folder,
        secret_key="only for tests",
        base_url="http://127.0.0.1:8000",
        mail_url="",
        proxies=0,
    )


def build_app(url: str, folder: Path) -> Flask:
    """A migrated application, its CSRF check off so that tests post plain forms."""
    app = create_app(settings_for(url, folder), {"TESTING": True, "WTF_CSRF_ENABLED": False})
    app.test_client_class = CastClient
    with app.app_context():
        flask_migrate.upgrade()
    return app


class Apps:
    """One application per engine, started when first asked for."""

    def __init__(self, stack: ExitStack, folder: Path, worker: str) -> None:
        self.stack, self.folder, self.worker = stack, folder, worker
        self.built: dict[str, Flask] = {}
        # What one engine's application compiled the other's need not compile again.
        self.templates = FileSystemBytecodeCache(str(folder))

    def on(self, engine: str) -> Flask:
        """The application on ``sqlite`` or ``postgresql``."""
        if engine not in self.built:
            folder = self.folder / engine
            folder.mkdir()
            url = f"sqlite:///{folder / 'test.sqlite3'}"
            if engine == "postgresql":
                database = postgres.fresh_database(f"hrtrain_test_{self.worker}")
                url = self.stack.enter_context(database)
            self.built[engine] = build_app(url, folder)
            self.built[engine].jinja_env.bytecode_cache = self.templates
        return self.built[engine]


@pytest.fixture(scope="session")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apps]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with ExitStack() as stack:
        yield Apps(stack, tmp_path_factory.mktemp("data"), worker)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The engine under test; a test that asks for ``app`` runs on both."""
    return str(request.param)


@pytest.fixture
def app(apps: Apps, engine: str) -> Iterator[Flask]:
    """The application with an application context and an empty database, on each engine."""
    application = apps.on(engine)
    with application.app_context():
        yield application
        access_log().waiting.clear()
        empty_database()


def empty_database() -> None:
    """Delete every row of every table; the next test's numbers begin at 1 again."""
    db.session.remove()
    names = [table.name for table in reversed(Base.metadata.sorted_tables)]
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            postgres.empty(connection, names)
        else:
            for name in names:
                connection.execute(text(f"DELETE FROM {name}"))
        # What the triggers noted of all this.
        connection.execute(text("DELETE FROM touched"))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()
