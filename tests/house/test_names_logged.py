"""Whoever shows a name says so in the log of accesses: no door of the house is forgotten."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from hrtrain.accounts.rules import Role
from hrtrain.core.db import db
from hrtrain.people.models import Person
from hrtrain.privacy.access_log import access_log
from hrtrain.privacy.watched import NOT_LOGGED, WATCHED
from tests.cast import CastClient, sign_in
from tests.house.test_walk import Door, doors, knock
from tests.makers.walk import Side, World

NAME = "Hoàng Thị Thử Nghiệm"
A_FILE = re.compile(r"\.(xlsx|pdf|zip|json|csv|ics)$")


def endpoint_of(door: Door) -> str:
    return str(door.rule.endpoint)


def shown_by(app: Flask, side: Side, world: World) -> dict[str, bool]:
    """The doors whose page holds the name, and whether the log then knew of it."""
    client, found = app.test_client(), dict[str, bool]()
    assert isinstance(client, CastClient)
    sign_in(client, world.user)
    for door in doors(app):
        if door.method == "GET":
            values = side.values_for(door.kind, door.rule.arguments)
            html = knock(client, app, door, values).get_data(as_text=True)
            is_noted = bool(access_log().waiting)
            access_log().waiting.clear()
            if NAME in html:
                found[endpoint_of(door)] = is_noted
    return found


@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_page_that_shows_a_name_is_logged_or_says_why_not(app: Flask) -> None:
    app.test_client_class = CastClient
    world = World.build(Role.ADMINISTRATOR)
    for person in db.session.query(Person):
        person.full_name = NAME
    db.session.commit()
    access_log().waiting.clear()
    shown = shown_by(app, world.own, world)
    assert {"people.person_list", "people.person_page"} <= set(shown)
    forgotten = [e for e, noted in shown.items() if not noted and e not in NOT_LOGGED]
    assert not forgotten, f"say in hrtrain/privacy/watched.py what these show: {forgotten}"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_file_is_logged_or_says_why_not(app: Flask) -> None:
    rules: list[Rule] = [rule for rule in app.url_map.iter_rules() if A_FILE.search(rule.rule)]
    unknown = {str(rule.endpoint) for rule in rules} - set(WATCHED) - set(NOT_LOGGED)
    assert not unknown, f"say in hrtrain/privacy/watched.py what these hold: {unknown}"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_list_names_only_doors_there_are(app: Flask) -> None:
    known = {str(rule.endpoint) for rule in app.url_map.iter_rules()}
    named = {name for name in {*WATCHED, *NOT_LOGGED} if not name.startswith("cli.")}
    assert named <= known, named - known
