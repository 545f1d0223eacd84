"""The demo data."""

import click
from flask import current_app
from flask.cli import AppGroup

from hrtrain.accounts.models import User
from hrtrain.accounts.queries import find_user
from hrtrain.cli.refusing import refusing
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.jobs import worker
from hrtrain.exchange.demo import certificates
from hrtrain.exchange.demo.loading import LOADED, PASSWORD, READY, USERS, is_done, load_demo, note

group = AppGroup("demo", help="The demo data.")


@group.command("load")
def load() -> None:
    """Load the demo into an empty database; a second time changes nothing."""
    with refusing():
        if not is_done(LOADED):
            load_demo(current_app.config["SETTINGS"].secret_key)
            db.session.commit()
        if not is_done(READY):
            _issue(_organizer())
    click.echo(f"Demo users, all with the password {PASSWORD}:")
    for user in USERS:
        where = f", {user.unit}" if user.unit else ""
        click.echo(f"  {user.username:10} {user.role.value}{where}: {user.says}")


def _organizer() -> User:
    user = find_user("to_chuc")
    if user is None:
        raise Refusal("has no user to_chuc any more", where="the demo")
    return user


def _issue(by: User) -> None:
    """Certificates act by act, as a day's work would be, then their documents."""
    for key in (certificates.FIRST, certificates.SECOND):
        certificates.issue_once(key, by)
        db.session.commit()
    certificates.revoke_once(by)
    certificates.correct_once(by)
    db.session.commit()
    worker.run_waiting()
    note(READY)
    db.session.commit()
