"""Personal data on the command line, and in data packages from before."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from hrtrain.accounts.models import AuditEntry
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.people.models import Membership, Person
from hrtrain.privacy.actions.anonymising import anonymise
from hrtrain.privacy.actions.requests import Wish, receive
from hrtrain.privacy.models import DataAccess
from hrtrain.privacy.rules import Right, Via
from hrtrain.training.models import Completion
from tests import makers
from tests.makers.packages import small_package, write_package


def ask(days_ago: int, key: str) -> None:
    wish = Wish(Right.ERASE, "", Via.OFFICE, clock.today() - timedelta(days=days_ago))
    receive(key, makers.person("Đỗ Thị Kín"), wish, by=None)


def test_due_requests_are_listed_without_a_name(app: Flask, runner: FlaskCliRunner) -> None:
    ask(30, "req-late")
    ask(0, "req-new")
    db.session.commit()
    every = json.loads(runner.invoke(args=["privacy", "requests", "--json"]).stdout)
    assert [one["request"] for one in every] == ["req-late", "req-new"]
    done = runner.invoke(args=["privacy", "requests", "--due"])
    assert (done.exit_code, "req-late" in done.stdout, "req-new" in done.stdout) == (0, True, False)
    assert "Kín" not in done.stdout and "late" in done.stdout


def test_copy_of_a_person_is_written_once_for_its_owner_and_logged(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    person = makers.person("Đỗ Thị Kín")
    key, path = person.key, tmp_path / "copy.zip"
    db.session.commit()
    assert runner.invoke(args=["privacy", "export", key, str(path)]).exit_code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as packed:
        assert "Đỗ Thị Kín" in packed.read("du-lieu.json").decode()
    logged = db.session.scalars(select(DataAccess)).one()
    assert (logged.what, logged.user_id) == ("cli.privacy_export", None)
    again = runner.invoke(args=["privacy", "export", key, str(path)])
    assert (again.exit_code, "never replaces" in again.stderr) == (1, True)
    nobody = runner.invoke(args=["privacy", "export", "nobody", str(tmp_path / "x.zip")])
    assert (nobody.exit_code, (tmp_path / "x.zip").exists()) == (1, False)


def test_export_of_everything_is_logged(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    makers.person()
    db.session.commit()
    assert runner.invoke(args=["data", "export", str(tmp_path / "out")]).exit_code == 0
    logged = db.session.scalars(select(DataAccess)).one()
    assert (logged.what, logged.shown_count) == ("cli.data_export", 1)


@pytest.mark.usefixtures("app")
def test_package_from_before_brings_nobodys_name_back(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    files = small_package()
    for row in files["memberships"]:
        row["position"] = "Chức vụ kín"
    files["completions"] = [
        {"person": "p1", "course": "c1", "completed_on": "2024-02-01", "source": "outside: 7/GCN"}
    ]
    package = str(write_package(tmp_path / "package", files))
    assert runner.invoke(args=["data", "import", package]).exit_code == 0
    person = db.session.scalars(select(Person).where(Person.key == "p1")).one()
    anonymise([person], "thử", by=None)
    db.session.commit()
    before = [db.session.scalar(select(func.count(table.id))) for table in (Membership, Completion)]
    done = runner.invoke(args=["data", "import", package])
    assert (done.exit_code, done.stderr) == (0, "")
    db.session.expire_all()
    assert person.full_name == f"Người đã ẩn danh #{person.id}"
    after = [db.session.scalar(select(func.count(table.id))) for table in (Membership, Completion)]
    assert after == before
    own = select(Membership.position).where(Membership.person_id == person.id)
    assert set(db.session.scalars(own)) == {""}


def test_anonymised_person_is_named_by_its_key_in_the_log(app: Flask) -> None:
    person = makers.person()
    anonymise([person], "thử", by=None)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.subject_kind, entry.subject_key) == ("person", person.key)
