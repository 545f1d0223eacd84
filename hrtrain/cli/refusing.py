"""How a command refuses: one sentence on stderr, exit 1, nothing half-done."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from hrtrain.core.db import db
from hrtrain.core.errors import Refusal


@contextmanager
def refusing() -> Iterator[None]:
    """Turn a refusal inside into the command's; what was begun is rolled back."""
    try:
        yield
    except Refusal as refusal:
        db.session.rollback()
        click.echo(str(refusal), err=True)
        raise SystemExit(1) from None
    except OSError as error:
        db.session.rollback()
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"{where}{error.strerror or error}", err=True)
        raise SystemExit(1) from None
    except (OperationalError, ProgrammingError) as error:
        db.session.rollback()
        click.echo(f"the database does not answer as it should: {error.orig}", err=True)
        click.echo("If its tables are missing or old: flask db upgrade", err=True)
        raise SystemExit(1) from None
    except UnicodeEncodeError:
        db.session.rollback()
        click.echo("there are characters in what was asked that are no text", err=True)
        raise SystemExit(1) from None
    except DBAPIError as error:
        db.session.rollback()
        click.echo(f"the database refused it: {error.orig}", err=True)
        raise SystemExit(1) from None
