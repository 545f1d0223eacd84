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
from hrtrain.exchange.demo import certificates, privacy, reorganisation, rosters, seals
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
            _issue(_user("to_chuc"))
    click.echo(f"Demo users, all with the password {PASSWORD}:")
    for user in USERS:
        where = f", {user.unit}" if user.unit else ""
        click.echo(f"  {user.username:10} {user.role.value}{where}: {user.says}")


def _user(name: str) -> User:
    user = find_user(name)
    if user is None:
        raise Refusal(f"has no user {name} any more", where="the demo")
    return user


def _issue(by: User) -> None:
    """Certificates and a sealed report act by act, then the documents."""
    for key in (certificates.FIRST, certificates.SECOND):
        certificates.issue_once(key, by)
        db.session.commit()
    leader = _user("lanh_dao")
    seals.seal_once(leader)
    certificates.revoke_once(by)
    certificates.correct_once(by)
    seals.restate_once(leader)
    privacy.ask_once(_user("quan_ly"), _user("hoc_vien"))
    rosters.send_once(by)
    reorganisation.reorganise_once(_user("quan_ly"))
    db.session.commit()
    worker.run_waiting()
    note(READY)
    db.session.commit()
