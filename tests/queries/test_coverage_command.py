"""`flask coverage` as the contract says: shapes, order, refusals and exit codes."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

from hrtrain.core.db import db
from tests import makers

COUNTS = ["in_scope", "exempt", "in_grace", "trained", "untrained", "required"]
RATES = ["rate", "unnamed", "strict_rate", "target", "met", "shortfall", "status"]
FIELDS = ["group", "unit", *COUNTS, *RATES]


@pytest.fixture
def plan(app: object) -> None:
    """Province 80 with two communes; two groups, one of them without a stated percentage."""
    province = makers.unit("80")
    communes = [makers.unit(key, under=province) for key in ("80-b", "80-a")]
    programme = makers.programme("qd1079", authority_unit_id=province.id)
    course = makers.course("c")
    for key, percent in (("vn_reporter", None), ("hr_officer", 70)):
        group = makers.group(key)
        makers.target(programme, group, percent)
        makers.requirement(programme, group, course)
        for unit, count in ((province, 1), (communes[0], 2)):
            for _each in range(count):
                makers.membership(makers.person(), group, unit)
    trained = makers.person()
    makers.membership(trained, group, communes[1])
    makers.completion(trained, course, date(2026, 1, 1))
    db.session.commit()


def ask(runner: FlaskCliRunner, *options: str) -> Result:
    return runner.invoke(args=["coverage", *options])


ON = ("--programme", "qd1079", "--as-of", "2026-11-22")


@pytest.mark.usefixtures("plan")
def test_an_answer_has_the_contracts_shape(runner: FlaskCliRunner) -> None:
    result = ask(runner, *ON, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert list(answer) == ["programme", "unit", "as_of", "known_at", "rows"]
    assert (answer["unit"], answer["known_at"]) == (None, None)
    assert [row["group"] for row in answer["rows"]] == ["hr_officer", "vn_reporter"]
    assert [list(row) for row in answer["rows"]] == [FIELDS, FIELDS]
    values = ["hr_officer", "80", 4, 0, 0, 1, 3, 4, "25.0", 0, "25.0", 70, False, 2, "short"]
    assert list(answer["rows"][0].values()) == values
    not_stated = answer["rows"][1]
    assert [not_stated[name] for name in ("target", "met", "shortfall")] == [None, None, None]
    assert not_stated["status"] == "not_stated"


@pytest.mark.usefixtures("plan")
def test_rows_by_unit_come_in_the_order_of_keys_and_add_up(runner: FlaskCliRunner) -> None:
    result = ask(runner, *ON, "--unit", "80", "--by", "unit", "--json")
    rows = json.loads(result.stdout)["rows"]
    assert [(row["group"], row["unit"], row["in_scope"]) for row in rows] == [
        ("hr_officer", "80-a", 1),
        ("hr_officer", "80-b", 2),
        ("hr_officer", "80", 1),
        ("vn_reporter", "80-a", 0),
        ("vn_reporter", "80-b", 2),
        ("vn_reporter", "80", 1),
    ]


@pytest.mark.usefixtures("plan")
def test_people_get_a_table(runner: FlaskCliRunner) -> None:
    lines = ask(runner, *ON, "--unit", "80-a").stdout.splitlines()
    assert lines[0] == "Coverage of qd1079 in 80-a on 2026-11-22."
    assert lines[3].split() == ["hr_officer", "80-a", "1", "1", "100.0", "0", "100.0", "70", "%",
                                "met_named_only"]  # fmt: skip


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    "options",
    [
        ("--programme", "qd1080", "--as-of", "2026-11-22"),
        (*ON, "--unit", "81"),
        (*ON, "--group", "nobody"),
        ("--programme", "qd1079", "--as-of", "2026-11-31"),
        (*ON, "--known-at", "yesterday"),
    ],
    ids=lambda options: options[-1],
)
def test_what_is_not_known_is_refused_by_name(
    runner: FlaskCliRunner, options: tuple[str, ...]
) -> None:
    result = ask(runner, *options, "--json")
    wrong = next(value for value in options if value in result.stderr)
    assert (result.exit_code, result.stdout) == (1, "")
    assert wrong in ("qd1080", "81", "nobody", "2026-11-31", "yesterday")


@pytest.mark.parametrize(
    "options",
    [(), ("--as-of", "2026-11-22"), (*ON, "--by", "person"), ("--batch",)],
    ids=["nothing", "no programme", "by person", "no file named"],
)
def test_wrong_usage_exits_with_2(
    app: object, runner: FlaskCliRunner, options: tuple[str, ...]
) -> None:
    assert ask(runner, *options).exit_code == 2


def test_batch_that_is_no_file_is_refused_by_name(app: object, runner: FlaskCliRunner) -> None:
    result = ask(runner, "--batch", "no such file")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "no such file: No such file or directory\n"


def batch(runner: FlaskCliRunner, folder: Path, *lines: str) -> Result:
    file = folder / "questions.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogateescape")
    return ask(runner, "--batch", str(file))


@pytest.mark.usefixtures("plan")
def test_a_batch_answers_a_line_for_a_line(runner: FlaskCliRunner, tmp_path: Path) -> None:
    asked = {"programme": "qd1079", "as_of": "2026-11-22"}
    more = {"unit": "80", "group": "hr_officer", "by": "unit", "known_at": "2100-01-01T00:00:00Z"}
    questions = [asked, asked | more, asked | dict.fromkeys(more)]
    result = batch(runner, tmp_path, *map(json.dumps, questions))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [len(answer["rows"]) for answer in answers] == [2, 3, 2]
    assert answers[1]["known_at"] == "2100-01-01T00:00:00Z"
    assert answers[0] == answers[2] == json.loads(ask(runner, *ON, "--json").stdout)


@pytest.mark.usefixtures("plan")
def test_a_bad_line_of_a_batch_is_named_and_the_others_are_answered(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    good = json.dumps({"programme": "qd1079", "as_of": "2026-11-22"})
    bad = (
        '{"programme": "qd1080", "as_of": "2026-11-22"}',
        '{"programme": "qd1079", "as_of": "2026-11-22", "unit": 80}',
        '{"programme": "qd1079", "as_of": "2026-11-22", "units": "80"}',
        '{"programme": "qd1079", "as_of": "2026-11-22", "unit": "8\\u00000"}',
        '{"as_of": "2026-11-22"}',
        "[1]",
        "{",
        "[" * 100_000,
        '{"programme": "qd1079", "as_of": "2026-11-22", "\\ud800": "80"}',
        '{"programme": "qd1079", "as_of": "2026-11-22", "unit": "\udce9"}',
    )
    result = batch(runner, tmp_path, good, *bad, good)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [answer.get("line") for answer in answers] == [None, *range(2, 12), None]
    assert "qd1080" in answers[1]["error"]
    assert list(answers[2]) == ["line", "error"]


@pytest.mark.usefixtures("plan")
def test_a_blank_line_between_questions_is_answered_and_one_at_the_end_is_not(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    good = json.dumps({"programme": "qd1079", "as_of": "2026-11-22"})
    ended = batch(runner, tmp_path, good, good, "", "  ")
    assert (ended.exit_code, len(ended.stdout.splitlines())) == (0, 2)
    between = batch(runner, tmp_path, good, "", good)
    answers = [json.loads(line) for line in between.stdout.splitlines()]
    assert (between.exit_code, answers[0]) == (1, answers[2])
    assert answers[1] == {"line": 2, "error": "the line is not JSON"}
