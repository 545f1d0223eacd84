"""Whether the process lives and whether it may be sent work."""

from functools import lru_cache

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from hrtrain.accounts.views import bp
from hrtrain.core.access import public
from hrtrain.core.db import db


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process lives; nothing else is asked."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The database answers and stands at the newest migration; 503 with the reason else."""
    try:
        with db.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
    except SQLAlchemyError:
        current_app.logger.exception("The database does not answer")
        return {"status": "database unreachable"}, 503
    if set(found) != _heads(str(current_app.extensions["migrate"].directory)):
        return {"status": "migrations are not at head"}, 503
    return {"status": "ok"}


@lru_cache
def _heads(folder: str) -> frozenset[str]:
    config = Config()
    config.set_main_option("script_location", folder)
    return frozenset(ScriptDirectory.from_config(config).get_heads())
