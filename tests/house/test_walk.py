"""Every route × role × own and foreign unit: who may not enter stays out, whatever the door.

A route that comes new is walked without a word here; one whose path names a kind of thing that
`World` does not know fails until it is taught.
"""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hrtrain.accounts.models import User
from hrtrain.accounts.rules import Role
from hrtrain.core.access import PUBLIC, SIGNED_IN, roles_of
from hrtrain.core.db import db
from tests.cast import CastClient, sign_in
from tests.makers.walk import Side, World

# Kinds that belong to no unit: what a programme, a course or a group is, is everybody's.
EVERYBODYS = {"programmes", "coverage", "courses", "groups", "reports", "series"}
BY_CODE = {"me", "invitation", "verify"}
ENDINGS = {"accounts.sign_out", "accounts.revoke_own_sign_in"}


@dataclass(frozen=True)
class Door:
    """One method of one route."""

    rule: Rule
    method: str

    @property
    def kind(self) -> str:
        """The first name of the path that stands before a thing's key."""
        before = re.match(r"(?:/my)?/?([a-z-]*)", self.rule.rule)
        return before.group(1) if before else ""

    @property
    def names_a_units_thing(self) -> bool:
        return bool(self.rule.arguments) and self.kind not in EVERYBODYS | BY_CODE


def doors(app: Flask) -> list[Door]:
    """Every door of the house but those that end the walk; all GET doors first."""
    found = [
        Door(rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.endpoint not in {"static", *ENDINGS}
    ]
    return sorted(found, key=lambda door: (door.method, door.rule.rule))


def knock(client: CastClient, app: Flask, door: Door, values: dict[str, Any]) -> TestResponse:
    with app.test_request_context():
        path = app.url_map.bind("").build(door.rule.endpoint, values, method=door.method)
    return client.open(path, method=door.method)


def may_enter(app: Flask, door: Door, role: Role) -> bool:
    open_to = roles_of(app.view_functions[door.rule.endpoint])
    return bool(open_to & (PUBLIC | SIGNED_IN | {role}) or role is Role.ADMINISTRATOR)


def walk(app: Flask, user: User, side: Side) -> list[int]:
    """The status of every door, knocked at by the user with things of the side."""
    client, found = app.test_client(), list[int]()
    assert isinstance(client, CastClient)
    for door in doors(app):
        if door.method == "POST" or not found:  # an act may end the sign-in; looking may not
            sign_in(client, user)
        values = side.values_for(door.kind, door.rule.arguments)
        found.append(knock(client, app, door, values).status_code)
    return found


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("engine", ["sqlite"])
def test_role_enters_only_its_doors_and_never_a_foreign_unit(app: Flask, role: Role) -> None:
    app.test_client_class = CastClient
    world = World.build(role)
    db.session.commit()
    foreign, own = walk(app, world.user, world.foreign), walk(app, world.user, world.own)
    wrong = [
        f"{role} {door.method} {door.rule.rule}: own {mine}, foreign {theirs}"
        for door, mine, theirs in zip(doors(app), own, foreign, strict=True)
        if not is_right(app, door, role, mine, theirs)
    ]
    assert not wrong, "\n".join(wrong)


def is_right(app: Flask, door: Door, role: Role, own: int, foreign: int) -> bool:
    if own >= 500 or foreign >= 500:
        return False
    if not may_enter(app, door, role):
        return own == foreign == 403
    return foreign == 404 or not door.names_a_units_thing
