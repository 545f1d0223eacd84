"""`flask reorganise` on one real province: Quảng Ninh on 1 July 2025, Móng Cái and all."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from hrtrain.core.db import db
from hrtrain.coverage.models import Programme
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.seals.models import Seal
from hrtrain.people.models import Membership, Person
from hrtrain.reorganising.models import Choice
from hrtrain.units.models import Unit
from hrtrain.units.queries import find_unit, search_units, unit_of_text
from hrtrain.units.scope import Scope
from tests import makers
from tests.makers import reorganised
from tests.makers.reorganised import BEFORE, ON
from tests.makers.seals import sealed

EVERYTHING = Scope(everything=True)


@pytest.fixture
def plan(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """The province with open lives, and its plan in a file."""
    reorganised.load_province(tmp_path, with_open_lives=True)
    path = tmp_path / "successions.csv"
    path.write_bytes(reorganised.plan_file(reorganised.successions()))
    yield path


def run(runner: FlaskCliRunner, plan: Path, *more: str, on: date = ON) -> Result:
    words = ["reorganise", str(plan), "--document", "1679/NQ-UBTVQH15", "--on", on.isoformat()]
    result = runner.invoke(args=[*words, *more])
    db.session.rollback()
    return result


def answered(runner: FlaskCliRunner, plan: Path, *more: str) -> dict[str, Any]:
    result = run(runner, plan, "--json", *more)
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def asked(runner: FlaskCliRunner, day: date, *more: str) -> str:
    words = ["coverage", "--programme", "plan", "--as-of", day.isoformat(), "--json", *more]
    db.session.rollback()
    result = runner.invoke(args=words)
    assert result.exit_code == 0, result.stderr
    return str(result.stdout)


def counted(day: date, unit: str) -> list[tuple[int, ...]]:
    rows = standings(Question("plan", day, unit))
    return [(r.in_scope, r.exempt, r.in_grace, r.trained, r.untrained) for r in rows]


def members(day: date) -> int:
    held = select(func.count(), func.count(Membership.person_id.distinct())).where(
        Membership.retracted_at.is_(None),
        Membership.starts_on <= day,
        (Membership.ends_on.is_(None)) | (Membership.ends_on > day),
    )
    memberships, people = db.session.execute(held).one()
    assert memberships == people, "somebody is there twice"
    return int(people)


def test_nobody_is_lost_and_the_day_before_stays_byte_for_byte(
    plan: Path, runner: FlaskCliRunner
) -> None:
    everybody, country = members(BEFORE), counted(BEFORE, "vn")
    days = (BEFORE, BEFORE - timedelta(days=400))
    questions = [(), ("--unit", reorganised.OLD, "--by", "unit"), ("--unit", reorganised.MONG_CAI)]
    before = [asked(runner, day, *more) for day in days for more in questions]
    done = answered(runner, plan)
    assert (done["state"], done["people"]) == ("done", everybody)
    assert [asked(runner, day, *more) for day in days for more in questions] == before
    assert members(ON) == members(ON + timedelta(days=600)) == everybody
    assert counted(ON, "vn") == counted(BEFORE, "vn") == country
    assert counted(ON, reorganised.NEW) == counted(BEFORE, reorganised.OLD)
    assert all(row[0] == 0 for row in counted(ON, reorganised.OLD))


def test_a_dry_run_says_the_same_and_writes_nothing(plan: Path, runner: FlaskCliRunner) -> None:
    said = answered(runner, plan, "--dry-run")
    assert said.pop("state") == "dry_run"
    assert find_unit(reorganised.OLD) is not None
    assert counted(ON, reorganised.NEW) == [(0, 0, 0, 0, 0)] * 2
    done = answered(runner, plan)
    assert {k: v for k, v in done.items() if k not in ("state", "reorganisation")} == {
        k: v for k, v in said.items() if k != "reorganisation"
    }


def test_communes_that_split_and_districts_leave_a_queue(
    plan: Path, runner: FlaskCliRunner
) -> None:
    done = answered(runner, plan)
    old = select(Unit.key).join(Choice, Choice.old_unit_id == Unit.id)
    waiting = db.session.scalars(old).all()
    assert len(waiting) == done["to_decide"]
    districts = {key for key in waiting if key.count("-") == 2}
    assert len(districts) == 13
    several = [key for key, _new, is_default in reorganised.successions() if not is_default]
    assert set(waiting) - districts == set(several)


def test_codes_and_names_answer_as_of_each_era(plan: Path, runner: FlaskCliRunner) -> None:
    answered(runner, plan)
    eras = [unit_of_text("06712", day, EVERYTHING) for day in (BEFORE, ON)]
    assert [unit.name if unit else "" for unit in eras] == ["Phường Trần Phú", "Phường Móng Cái 1"]
    before = search_units("Móng Cái", BEFORE, EVERYTHING, 10)
    assert [hit.name for hit in before][:1] == ["Thành phố Móng Cái"]
    assert [one.name for one in before[0].path] == ["Cả nước", "Tỉnh Quảng Ninh"]
    after = search_units("Móng Cái", ON, EVERYTHING, 10)
    assert [hit.name for hit in after] == [
        *(f"Phường Móng Cái {n}" for n in (1, 2, 3)),
        "Thành phố Móng Cái",
    ]
    assert [one.key for one in after[0].path] == ["vn", reorganised.NEW]


def test_undone_all_is_as_before(plan: Path, runner: FlaskCliRunner) -> None:
    before = [asked(runner, ON, "--by", "unit"), asked(runner, ON, "--unit", reorganised.OLD)]
    key = answered(runner, plan)["reorganisation"]
    result = runner.invoke(args=["reorganise", "undo", key])
    assert (result.exit_code, result.stdout) == (0, f"{key}: undone.\n")
    after = [asked(runner, ON, "--by", "unit"), asked(runner, ON, "--unit", reorganised.OLD)]
    assert after == before
    again = runner.invoke(args=["reorganise", "undo", key])
    assert (again.exit_code, again.stdout) == (1, "")


def test_a_sealed_report_of_the_day_before_is_reproduced(
    plan: Path, runner: FlaskCliRunner
) -> None:
    programme = db.session.scalars(select(Programme)).one()
    country = db.session.scalars(select(Unit).where(Unit.key == "vn")).one()
    key = sealed(programme, country, day=BEFORE).key
    db.session.commit()
    answered(runner, plan)
    result = runner.invoke(args=["coverage", "reproduce", key])
    assert result.exit_code == 0, result.stderr
    assert db.session.scalars(select(Seal)).one().key == key


def test_units_whose_lives_end_by_themselves_are_continued(
    app: Flask, tmp_path: Path, runner: FlaskCliRunner
) -> None:
    reorganised.load_province(tmp_path, with_open_lives=False)
    path = tmp_path / "plan.csv"
    path.write_bytes(reorganised.plan_file(reorganised.successions()))
    assert members(ON) == 0
    done = answered(runner, path)
    assert (done["units_ended"], done["people"]) == (0, members(BEFORE))
    assert members(ON) == members(BEFORE)
    assert counted(ON, reorganised.NEW) == counted(BEFORE, reorganised.OLD)
    assert answered(runner, path)["state"] == "nothing_to_do"


def test_renames_are_applied_from_a_file(plan: Path, runner: FlaskCliRunner) -> None:
    answered(runner, plan)
    renames = plan.with_name("renames.csv")
    renames.write_text(
        "key,effective_on,name\n2025-22-06712,2026-04-30,Phường Trà Cổ\n", encoding="utf-8"
    )
    day = date(2026, 4, 30)
    assert run(runner, renames, on=day).exit_code == 0
    (hit, *_rest) = search_units("Trà Cổ", day, EVERYTHING, 5)
    assert (hit.key, hit.starts_on) == ("2025-22-06712", day)
    assert "nothing to do" in run(runner, renames, on=day).stdout


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2024-99,2025-22,2025-07-01,1", "Dòng 2, cột predecessor_key"),
        ("2024-22,2025-22,2025-07-02,1", "Dòng 2, cột effective_on"),
        ("2024-22,2024-22-193,2025-07-01,1\n2024-22-193,2025-22,2025-07-01,1", "Dòng 2, cột succ"),
    ],
)
def test_a_plan_with_a_fault_is_refused_by_line_and_column(
    plan: Path, runner: FlaskCliRunner, row: str, told: str
) -> None:
    bad = plan.with_name("bad.csv")
    bad.write_text("predecessor_key,successor_key,effective_on,is_default\n" + row, "utf-8")
    result = run(runner, bad)
    assert result.exit_code == 1
    assert told in result.stderr
    assert db.session.scalar(select(func.count()).select_from(Choice)) == 0
    assert db.session.scalar(select(func.count()).select_from(Person)) == members(BEFORE)


@pytest.mark.parametrize("words", [["plan.csv"], ["plan.csv", "--document", "1", "--on", "soon"]])
@pytest.mark.parametrize("engine", ["sqlite"])
def test_wrong_usage_exits_with_2(runner: FlaskCliRunner, words: list[str]) -> None:
    assert runner.invoke(args=["reorganise", *words]).exit_code == 2


def test_the_list_is_one_answer_in_the_order_they_were_done(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    listed = ["reorganise", "list", "--json"]
    assert json.loads(runner.invoke(args=listed).stdout) == []
    makers.unit("u1")
    db.session.commit()
    plan = tmp_path / "renames.csv"
    for name, on in (("Tên hai", ON), ("Tên một", BEFORE)):
        plan.write_text(f"key,effective_on,name\nu1,{on},{name}\n", encoding="utf-8")
        assert run(runner, plan, on=on).exit_code == 0
    rows = json.loads(runner.invoke(args=listed).stdout)
    assert [(row["on"], row["undone"]) for row in rows] == [
        (ON.isoformat(), False),
        (BEFORE.isoformat(), False),
    ]
