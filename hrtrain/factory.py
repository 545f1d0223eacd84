"""Builds the application: settings in, doors on. The only place that imports views."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from hrtrain import cli
from hrtrain.accounts import access
from hrtrain.accounts import views as accounts
from hrtrain.certificates import models as _certificates  # noqa: F401
from hrtrain.certificates import views as certificates
from hrtrain.core import addresses, derived, formats, language, static, web
from hrtrain.core import db as database
from hrtrain.core.acts import models as _acts  # noqa: F401
from hrtrain.core.config import ROOT, Settings, read_settings
from hrtrain.core.jobs import models as _jobs  # noqa: F401  (its tables must be known)
from hrtrain.core.jobs import views as jobs
from hrtrain.coverage import models as _coverage  # noqa: F401
from hrtrain.coverage import views as coverage
from hrtrain.coverage.derived import standing
from hrtrain.coverage.derived.refreshing import refresh as refresh_coverage
from hrtrain.people import views as people
from hrtrain.people.duplicates import models as _duplicates  # noqa: F401
from hrtrain.people.merges import models as _merges  # noqa: F401
from hrtrain.privacy import access_log
from hrtrain.privacy import models as _privacy  # noqa: F401
from hrtrain.privacy import views as privacy
from hrtrain.reorganising import views as reorganising
from hrtrain.reports import views as reports
from hrtrain.training import views as training
from hrtrain.units import views as units

DOORS = (
    accounts,
    units,
    people,
    training,
    certificates,
    coverage,
    privacy,
    reorganising,
    reports,
    jobs,
)
UPLOAD_LIMIT = 32 * 1024 * 1024


def create_app(settings: Settings | None = None, config: Mapping[str, Any] | None = None) -> Flask:
    """The application for these settings, those of the environment when none are given."""
    settings = settings or read_settings()
    app = Flask("hrtrain", root_path=str(ROOT / "hrtrain"), template_folder=str(ROOT / "templates"))
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # A statement's values are names and births: no error may carry them into a log.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.config.update(config or {})
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    database.set_up(app)
    derived.set_up(refresh_coverage, standing.is_ready)
    Migrate(app, database.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    addresses.set_up(app)
    language.set_up(app)
    web.set_up(app)
    formats.set_up(app)
    static.set_up(app)
    access.set_up(app)
    access_log.set_up(app, has_thread=not app.testing)
    for door in DOORS:
        app.register_blueprint(door.bp)
    cli.set_up(app)
    return app
