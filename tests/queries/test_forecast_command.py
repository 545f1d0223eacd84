"""`flask coverage forecast`: its shape, its words, its refusals."""

import json
from datetime import date, timedelta

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

from hrtrain.core import clock
from hrtrain.core.db import db
from tests import makers
from tests.makers.province import province

FIGURES = [
    "trained",
    "untrained",
    "in_grace",
    "required",
    "rate",
    "unnamed",
    "strict_rate",
    "status",
]


@pytest.fixture
def soon(app: object) -> date:
    """The province's deadline, a month ahead; one of two missing people is booked before."""
    deadline = clock.today() + timedelta(30)
    here = province(100, deadline=deadline)
    days = {"starts_on": deadline - timedelta(9), "ends_on": deadline - timedelta(8)}
    makers.enrolment(makers.training_session(here.course, here.top, **days), here.people[3])
    db.session.commit()
    return deadline


def ask(runner: FlaskCliRunner, *options: str) -> Result:
    return runner.invoke(args=["coverage", "forecast", *options])


def test_an_answer_says_what_comes_and_what_is_needed(runner: FlaskCliRunner, soon: date) -> None:
    result = ask(runner, "--programme", "kh175", "--unit", "u0", "--json")
    assert result.exit_code == 0, result.output
    (row,) = json.loads(result.stdout)["rows"]
    assert (row["group"], row["day"], row["deadline"]) == ("hr_officer", f"{soon}", f"{soon}")
    assert list(row["today"].values()) == [2, 2, 0, 4, "50.0", 0, "50.0", "short"]
    assert list(row["with_planned"]) == FIGURES and row["with_planned"]["rate"] == "75.0"
    (course,) = row["need"]["courses"]
    assert course == {"course": "qcn", "seats": 1, "free": 39, "to_organise": 0}
    assert {one["unit"]: one["seats"] for one in row["units"]} == {"u0": 0, "u1": 1, "u2": 0}


def test_an_answer_in_words(runner: FlaskCliRunner, soon: date) -> None:
    result = ask(runner, "--programme", "kh175")
    assert f"hr_officer, by {soon}, target 100 %:" in result.stdout
    assert "with what is planned      75.0  (3 of 4)" in result.stdout
    assert "seats still needed: 1" in result.stdout


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--programme", "khác"), "khác"),
        (("--programme", "kh175", "--unit", "khác"), "khác"),
        (("--programme", "kh175", "--on", "2026-02-31"), "2026-02-31 is no day"),
        (("--programme", "kh175", "--on", "2020-01-01"), "trước hôm nay"),
    ],
)
def test_what_is_unknown_is_refused_by_name(
    runner: FlaskCliRunner, options: tuple[str, ...], said: str
) -> None:
    result = ask(runner, *options)
    assert result.exit_code == 1 and said in result.stderr and not result.stdout


@pytest.mark.usefixtures("soon")
def test_the_calendars_last_day_can_be_forecast(runner: FlaskCliRunner) -> None:
    result = ask(runner, "--programme", "kh175", "--on", "9999-12-31")
    assert result.exit_code == 0 and "by 9999-12-31" in result.stdout, result.output


@pytest.mark.usefixtures("app")
def test_without_a_programme_it_is_used_wrongly(runner: FlaskCliRunner) -> None:
    assert ask(runner).exit_code == 2


def test_a_programme_without_targets_says_so(runner: FlaskCliRunner, app: object) -> None:
    makers.programme("trống")
    db.session.commit()
    assert "no targets" in ask(runner, "--programme", "trống").stdout
