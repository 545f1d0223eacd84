"""Migrations have one head, go down and up on data, and give the models' schema."""

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect

from hrtrain.core.config import ROOT
from hrtrain.core.db import Base, db
from tests import makers


def differences() -> list[object]:
    with db.engine.connect() as connection:
        found: list[object] = compare_metadata(
            MigrationContext.configure(connection), Base.metadata
        )
    return found


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_migrated_schema_is_the_models_schema(app: Flask) -> None:
    assert differences() == []


def test_down_and_up_again_on_data_leaves_the_models_schema(app: Flask) -> None:
    makers.membership(makers.person(), makers.group(), makers.unit())
    db.session.commit()
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    flask_migrate.upgrade()
    assert differences() == []
