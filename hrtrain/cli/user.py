"""Users, added by the operator."""

import json
import sys

import click
from flask import current_app
from flask.cli import AppGroup

from hrtrain.accounts.actions.users import UserDetails, add_grant, add_user, invite
from hrtrain.accounts.passwords import hash_password
from hrtrain.accounts.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, Role
from hrtrain.cli.refusing import refusing
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import LANGUAGES
from hrtrain.core.text import clean_text
from hrtrain.units.queries import find_unit

LONGEST_TEXT = 200
group = AppGroup("user", help="Users, added by the operator.")


@group.command("add")
@click.argument("username")
@click.option("--name", "full_name", required=True, help="Full name.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--unit", "unit_key", default="", help="Key of the unit; without it, everything.")
@click.option("--email", default="")
@click.option("--language", type=click.Choice(LANGUAGES), default="vi", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@refusing()
def add(
    username: str, role: str, unit_key: str, password_stdin: bool, as_json: bool, **said: str
) -> None:
    """Add a user with a role; prints an invitation link unless a password is given."""
    details = _details(**said)
    password_hash = hash_password(_read_password()) if password_stdin else ""
    user = add_user(username, details, by=None)
    add_grant(user, Role(role), _unit(unit_key), by=None)
    link = "" if password_stdin else _link(invite(user, by=None))
    user.password_hash = password_hash
    db.session.commit()
    if as_json:
        answer = {"username": user.username, "role": role, "unit": unit_key or None}
        click.echo(json.dumps(answer | {"invitation": link or None}, ensure_ascii=False))
    else:
        click.echo(f"Added {user.username}." + (f" Invitation: {link}" if link else ""))


def _details(full_name: str, email: str, language: str) -> UserDetails:
    name = clean_text(full_name)
    if not 0 < len(name) <= LONGEST_TEXT:
        raise Refusal(f"1 to {LONGEST_TEXT} characters are needed", where="--name")
    if email and ("@" not in email or not email.isprintable() or len(email) > LONGEST_TEXT):
        raise Refusal("is no address of mail", where="--email")
    return UserDetails(name, email, language)


def _read_password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refusal(
            f"the password needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters",
            where="--password-stdin",
        )
    return password


def _unit(key: str) -> tuple[int, str] | None:
    if not key:
        return None
    unit = find_unit(key)
    if unit is None:
        raise Refusal("there is no such unit", where=key)
    return unit.id, unit.key


def _link(token: str) -> str:
    return str(current_app.config["SETTINGS"].address_of(f"/invitation/{token}"))
