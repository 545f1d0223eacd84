"""`flask certificates issue` and `verify`."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from hrtrain.certificates import marks
from hrtrain.certificates.places import data_folder, document_store
from hrtrain.core.db import db
from tests import makers
from tests.makers.certificates import closed_session, series


@pytest.fixture(autouse=True)
def no_marks(app: Flask) -> None:
    (data_folder() / marks.NAME).unlink(missing_ok=True)


def run(runner: FlaskCliRunner, *args: str) -> dict[str, Any]:
    db.session.rollback()
    result = runner.invoke(args=["certificates", *args, "--json"])
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def refused(runner: FlaskCliRunner, *args: str) -> str:
    db.session.rollback()
    result = runner.invoke(args=["certificates", *args])
    assert result.exit_code == 1
    return result.stderr


def test_issue_makes_what_is_due_and_verify_knows_it(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    above = makers.unit()
    session = closed_session("Lê An", "Lê Bình", unit=makers.unit(under=above))
    series(above)
    db.session.commit()
    answer = run(runner, "issue", "--session", session.key)
    assert [one["number"] for one in answer["certificates"]] == ["01/GCN-SVHTTDL", "02/GCN-SVHTTDL"]
    assert run(runner, "issue", "--session", session.key)["issued"] == 0
    one = answer["certificates"][0]
    assert run(runner, "verify", one["check_code"])["state"] == "valid"
    assert run(runner, "verify", "0000-0000-0000-0000") == {"state": "unknown"}
    file = tmp_path / "a.pdf"
    file.write_bytes(document_store().read(one["sha256"]))
    assert run(runner, "verify", str(file))["state"] == "valid"
    file.write_bytes(file.read_bytes() + b" ")
    assert run(runner, "verify", str(file))["state"] == "altered"


def test_refusals_name_what_stands_in_the_way(app: Flask, runner: FlaskCliRunner) -> None:
    session = closed_session("Lê An")
    key, unit = session.key, session.unit
    assert "nothere" in refused(runner, "issue", "--session", "nothere")
    assert "none" in refused(runner, "issue", "--session", key)
    for notation in ("A", "B"):
        series(unit, notation)
    db.session.commit()
    assert "series-a, series-b" in refused(runner, "issue", "--session", key)
    assert "absent.pdf" in refused(runner, "verify", "absent.pdf")
    assert run(runner, "issue", "--session", key, "--series", "B")["issued"] == 1
