"""Every door says to whom it is open, and is closed to everybody else."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hrtrain.accounts.rules import Role
from hrtrain.core.access import PUBLIC, SIGNED_IN, roles_of
from tests import makers
from tests.cast import sign_in

# Whoever adds a door without a lock says so here.
PUBLIC_DOORS = {
    "accounts.choose_language",
    "accounts.healthz",
    "accounts.invitation",
    "accounts.readyz",
    "accounts.sign_in",
    "certificates.verify",
    "certificates.verify_code",
    "privacy.personal_data",
    "privacy.personal_export",
    "training.close_personal_link",
    "training.open_personal_link",
    "training.personal_calendar",
    "training.personal_certificate",
    "training.personal_link",
}


def doors(app: Flask) -> list[tuple[str, str, str]]:
    """Each (endpoint, method, an address) but the static files'."""
    found = []
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<(\w+:)?\w+>", lambda m: "1" if m[1] == "int:" else "x", rule.rule)
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            found.append((rule.endpoint, method, address))
    return [door for door in found if door[0] != "static"]


def is_public(app: Flask, endpoint: str) -> bool:
    return roles_of(app.view_functions[endpoint]) == PUBLIC


def test_every_door_says_to_whom_it_is_open(app: Flask) -> None:
    known = {PUBLIC, SIGNED_IN}
    for endpoint, _method, _address in doors(app):
        asked = roles_of(app.view_functions[endpoint])
        assert asked in known or (asked and asked <= set(Role)), endpoint


def test_only_the_listed_doors_are_public(app: Flask) -> None:
    public = {endpoint for endpoint, _m, _a in doors(app) if is_public(app, endpoint)}
    assert public <= PUBLIC_DOORS


def test_stranger_is_sent_to_the_sign_in_page(app: Flask, client: FlaskClient) -> None:
    for endpoint, method, address in doors(app):
        if not is_public(app, endpoint):
            answer = client.open(address, method=method)
            assert answer.status_code == 303, (method, address)
            assert answer.headers["Location"].startswith("/sign-in"), (method, address)


def test_user_without_role_enters_only_what_is_open_to_all(app: Flask, client: FlaskClient) -> None:
    sign_in(client, makers.user())
    for endpoint, method, address in doors(app):
        asked = roles_of(app.view_functions[endpoint])
        if asked not in (PUBLIC, SIGNED_IN):
            assert client.open(address, method=method).status_code == 403, (method, address)


def test_unmarked_view_is_closed_even_to_administrators(app: Flask, client: FlaskClient) -> None:
    sign_in(client, makers.user(Role.ADMINISTRATOR))
    view = app.view_functions["accounts.account"]
    app.view_functions["accounts.account"] = lambda: "open"
    try:
        assert client.get("/account").status_code == 403
    finally:
        app.view_functions["accounts.account"] = view


@pytest.mark.parametrize("address", ["/sign-in", "/no-such-page"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
