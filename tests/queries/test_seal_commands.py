"""Sealed reports from the command line, and through backup and restore."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskCliRunner

from hrtrain.core.db import Base, db
from tests import makers
from tests.makers.province import province

SEAL = ("coverage", "seal", "--programme", "kh175", "--as-of", "2026-11-22", "--unit", "u0")


def told(runner: FlaskCliRunner, *words: str) -> dict[str, Any]:
    done = runner.invoke(args=[*words, "--json"])
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_command_seals_lists_and_counts_again(app: Flask, runner: FlaskCliRunner) -> None:
    province()
    db.session.commit()
    made = told(runner, *SEAL)
    assert (made["unit"], made["as_of"], made["version"]) == ("u0", "2026-11-22", 1)
    row = made["figures"][0]
    assert (row["trained"], row["required"], row["rate"]) == (2, 4, "50.0")
    listed = runner.invoke(args=["coverage", "seals"])
    assert str(made["key"]) in listed.stdout and "kh175 2026-11-22 u0 v1" in " ".join(
        listed.stdout.split()
    )
    assert json.loads(runner.invoke(args=["coverage", "seals", "--json"]).stdout) == [
        {name: value for name, value in made.items() if name != "figures"}
    ]
    again = runner.invoke(args=["coverage", "reproduce", str(made["key"])])
    assert again.exit_code == 0 and str(made["sha256"]) in again.stdout


def test_reproduce_exits_with_one_and_names_what_differs(
    app: Flask, runner: FlaskCliRunner
) -> None:
    here = province()
    db.session.commit()
    key = str(told(runner, *SEAL)["key"])
    done = makers.completion(here.people[2], here.course, date(2026, 1, 1))
    done.recorded_at = done.recorded_at.replace(year=2020)
    person = here.people[2].key
    db.session.commit()
    again = runner.invoke(args=["coverage", "reproduce", key])
    assert again.exit_code == 1 and person in again.stderr and key in again.stderr


def test_restate_says_who_differs_and_why(app: Flask, runner: FlaskCliRunner) -> None:
    here = province()
    db.session.commit()
    key, person = str(told(runner, *SEAL)["key"]), here.people[2].key
    makers.completion(here.people[2], here.course, date(2026, 5, 5))
    db.session.commit()
    made = told(runner, "coverage", "restate", key)
    before, after = {"state": "untrained", "unit": "u1"}, {"state": "trained", "unit": "u1"}
    assert made["version"] == 2 and made["differences"] == [
        {"group": "hr_officer", "person": person, "before": before, "after": after, "cause": "late"}
    ]
    again = runner.invoke(args=["coverage", "restate", key])
    assert again.exit_code == 1 and "bản 2" in again.stderr
    third = runner.invoke(args=["coverage", "restate", str(made["key"])])
    assert third.exit_code == 0 and "version 3" in third.stdout


def test_what_cannot_be_sealed_is_refused_by_name(app: Flask, runner: FlaskCliRunner) -> None:
    province()
    db.session.commit()
    start = ["coverage", "seal", "--programme"]
    for words, said in (
        ([*start, "nix", "--as-of", "2026-11-22"], "nix"),
        ([*start, "kh175", "--as-of", "2026-02-30"], "2026-02-30"),
        ([*start, "kh175", "--as-of", "2999-01-01"], "đã đến"),
        ([*start, "kh175", "--as-of", "2026-11-22", "--unit", "nix"], "nix"),
        (["coverage", "reproduce", "nix"], "nix"),
        (["coverage", "restate", "nix"], "nix"),
    ):
        done = runner.invoke(args=words)
        assert done.exit_code == 1 and said in done.stderr, (words, done.stderr)
    assert runner.invoke(args=["coverage", "seal"]).exit_code == 2
    assert runner.invoke(args=["coverage", "seals"]).stdout == ""


def test_sealed_reports_come_back_from_a_backup(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    province()
    db.session.commit()
    first = told(runner, *SEAL)
    second = told(runner, "coverage", "restate", str(first["key"]))
    assert runner.invoke(args=["backup", str(tmp_path / "b.zip")]).exit_code == 0
    told(runner, *SEAL)
    done = runner.invoke(args=["restore", str(tmp_path / "b.zip"), "--replace"])
    assert done.exit_code == 0, done.stderr
    listed = json.loads(runner.invoke(args=["coverage", "seals", "--json"]).stdout)
    assert [one["key"] for one in listed] == [first["key"], second["key"]]
    for one in listed:
        again = runner.invoke(args=["coverage", "reproduce", one["key"]])
        assert again.exit_code == 0, again.stderr
    assert "coverage_seal" in Base.metadata.tables
