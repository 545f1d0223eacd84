"""Keys are the caller's strings: each has its page, whatever stands in it."""

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from tests import makers
from tests.cast import sign_in

KEYS = [
    "12/KH-UBND",
    "/a//b/",
    "..",
    ".",
    "new",
    "-",
    "a~2Fb",
    "~",
    "a?b#c%2Fd",
    "Đề án \"1'",
    "new/",
]


@pytest.mark.parametrize("key", KEYS)
def test_any_key_leads_to_its_page(app: Flask, client: FlaskClient, key: str) -> None:
    sign_in(client, makers.user("administrator"))
    makers.person("Lê Thị Khóa", key=key)
    with app.test_request_context():
        address = url_for("people.person_page", key=key)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Lê Thị Khóa" in answer.text


@pytest.mark.parametrize("key", KEYS)
def test_any_key_is_one_part_of_an_address(app: Flask, key: str) -> None:
    with app.test_request_context():
        address = url_for("coverage.exemption_list", key=key)
    parts = address.split("/")
    assert len(parts) == 4 and parts[1::2] == ["programmes", "exemptions"]
    assert parts[2] not in (".", "..", "new", "-")
