"""The log of who was shown whom: written after the answer, lost at no orderly end."""

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from hrtrain.core.config import ROOT
from hrtrain.core.db import db
from hrtrain.people.models import Person
from hrtrain.privacy.access_log import Access, AccessLog, access_log
from hrtrain.privacy.models import DataAccess, DataAccessPerson
from hrtrain.privacy.queries.accesses import accesses_to
from tests import makers
from tests.cast import sign_in

ENDS_BY_ITSELF = """
from hrtrain.factory import create_app
from hrtrain.privacy.access_log import Access, access_log
import flask_migrate
app = create_app()
with app.app_context():
    flask_migrate.upgrade()
    for n in range(1200):
        access_log().note(Access("people.person_list", "page", shown_count=n))
"""


def logged() -> list[DataAccess]:
    db.session.rollback()
    access_log().flush()
    return list(db.session.scalars(select(DataAccess).order_by(DataAccess.id)))


def reader(client: FlaskClient) -> tuple[Person, int]:
    """A person, and the id of the signed-in leader who may read it."""
    unit = makers.unit()
    person = makers.person("Lê Thị Lan", phone="0912345678")
    makers.membership(person, makers.group(), unit)
    user = makers.user("leadership", unit)
    sign_in(client, user)
    return person, user.id


def test_list_is_logged_with_who_how_many_and_whom(app: Flask, client: FlaskClient) -> None:
    person, user_id = reader(client)
    person_id = person.id
    client.get("/people?q=Lan&as_of=22/11/2026")
    (row,) = logged()
    assert (row.user_id, row.what, row.purpose) == (user_id, "people.person_list", "page")
    assert (row.shown_count, row.filters) == (1, {"q": "…", "as_of": "22/11/2026"})
    assert [one.id for one in accesses_to([person_id]).rows] == [row.id]


def test_page_of_one_person_names_it_and_a_foreign_one_logs_nothing(
    app: Flask, client: FlaskClient
) -> None:
    person, _user_id = reader(client)
    stranger = makers.person()
    key, person_id, foreign = person.key, person.id, stranger.key
    client.get(f"/people/{key}")
    client.get(f"/people/{foreign}")
    assert [(row.what, row.person_id) for row in logged()] == [("people.person_page", person_id)]


def test_people_known_by_key_alone_are_found(app: Flask) -> None:
    person, other = makers.person(), makers.person()
    db.session.commit()
    shown = (person.key, other.id, "nobody")
    access_log().note(Access("training.enrolment_new", "page", person_ids=shown, shown_count=3))
    logged()
    found = db.session.scalars(select(DataAccessPerson.person_id)).all()
    assert sorted(found) == sorted([person.id, other.id])


def test_page_writes_nothing_before_it_is_answered(app: Flask, client: FlaskClient) -> None:
    person, _user_id = reader(client)
    client.get(f"/people/{person.key}")
    assert db.session.scalar(select(DataAccess.id)) is None
    assert len(access_log().waiting) == 1


def renamed(old: str, new: str) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")


def test_what_cannot_be_written_waits_on(app: Flask) -> None:
    db.session.rollback()
    access_log().note(Access("people.person_list", "page"))
    renamed("data_access", "data_access_away")
    try:
        with pytest.raises(DatabaseError):
            access_log().flush()
        assert len(access_log().waiting) == 1
    finally:
        renamed("data_access_away", "data_access")
    assert len(logged()) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_page_does_not_wait_for_the_lock_that_its_log_waits_for(
    app: Flask, client: FlaskClient
) -> None:
    person, _user_id = reader(client)
    key = person.key
    db.session.commit()
    path = str(db.engine.url.database)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        assert client.get(f"/people/{key}").status_code == 200
        assert time.monotonic() - begun < 5
        other.execute("ROLLBACK")
    assert len(logged()) == 1


def test_logged_access_is_never_changed(app: Flask) -> None:
    access_log().note(Access("people.person_list", "page"))
    logged()
    with pytest.raises(DatabaseError, match="never changed"):
        db.session.execute(update(DataAccess).values(what="nothing"))
    db.session.rollback()


def test_access_by_somebody_unknown_does_not_stop_the_others(app: Flask) -> None:
    for user_id in (None, 999_999, None):
        access_log().note(Access("people.person_list", "page", user_id=user_id))
    assert [row.user_id for row in logged()] == [None, None]


def test_thread_writes_what_waits_within_seconds(app: Flask) -> None:
    log = AccessLog(app, has_thread=True)
    person = makers.person()
    db.session.commit()
    log.note(Access("people.person_page", "page", person_id=person.id, person_ids=(person.id,)))
    deadline = time.monotonic() + 20
    while log.waiting or not db.session.scalar(select(DataAccessPerson.person_id)):
        assert time.monotonic() < deadline, "the thread wrote nothing"
        db.session.rollback()
        time.sleep(0.05)
    log.close()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_process_that_ends_writes_what_waits(app: Flask, tmp_path: Path) -> None:
    environ = {"HRTRAIN_DATA_DIR": str(tmp_path), "PATH": ""}
    subprocess.run(
        [sys.executable, "-c", ENDS_BY_ITSELF], cwd=ROOT, env=environ, check=True, timeout=120
    )
    script = "SELECT count(*) FROM data_access"

    with sqlite3.connect(tmp_path / "hrtrain.sqlite3") as connection:
        assert connection.execute(script).fetchone() == (1200,)
