"""`flask certificates issue` and `verify`."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from hrtrain.certificates import marks
from hrtrain.certificates.places import data_folder, document_store
from hrtrain.certificates.queries.certificates import find_certificate
from hrtrain.core.db import db
from tests import makers
from tests.makers.certificates import closed_session, series
from tests.makers.packages import small_package, write_package


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


@pytest.mark.parametrize(("months", "state"), [("12", "expired"), ("", "valid")])
def test_certificate_of_a_package_expires_with_its_completion(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path, months: str, state: str
) -> None:
    files = small_package()
    files["courses"][0]["validity_months"] = months
    row = {"certificate": "k1", "person": "p1", "course": "c1", "number": "01/GCN"}
    files["certificates"] = [{**row, "issued_on": "2024-03-05"}]
    runner.invoke(args=["data", "import", str(write_package(tmp_path / "in", files))])
    certificate = find_certificate("k1")
    assert certificate is not None
    said = run(runner, "verify", certificate.check_code)
    assert said["state"] == said["certificate"]["state"] == state
    assert said["certificate"]["valid_through"] == ("2025-02-28" if months else None)


def test_refusals_name_what_stands_in_the_way(app: Flask, runner: FlaskCliRunner) -> None:
    session = closed_session("Lê An")
    key, unit = session.key, session.unit
    assert "nothere" in refused(runner, "issue", "--session", "nothere")
    for notation in ("A", "B"):
        series(unit, notation)
    db.session.commit()
    assert "series-a, series-b" in refused(runner, "issue", "--session", key)
    assert "absent.pdf" in refused(runner, "verify", "absent.pdf")
    assert run(runner, "issue", "--session", key, "--series", "B")["issued"] == 1
    assert "'C'" in refused(runner, "issue", "--session", key, "--series", "C")
