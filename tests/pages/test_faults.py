"""Faults every page must survive, whatever it does."""

import pytest
from flask.testing import FlaskClient

from tests import makers
from tests.cast import sign_in


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/people?text=a%00", 400),
        ("/people/a%00b", 404),
        ("/verify/a%00b", 404),
        ("/people/a/memberships/99999999999999999999/end", 404),
    ],
)
def test_what_no_database_can_store_is_refused_and_no_fault_of_ours(
    client: FlaskClient, path: str, status: int
) -> None:
    sign_in(client, makers.user("administrator"))
    assert client.get(path).status_code == status


def test_nul_in_a_form_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"username": "a\x00", "password": "b"})
    assert answer.status_code == 400
