"""Whatever is wrong, a command answers in a sentence on stderr and exits 1: never a traceback."""

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from hrtrain.factory import create_app
from tests.conftest import settings_for

QUESTION = ["--programme", "qd1079", "--as-of", "2026-11-22"]
ROSTER = str(Path(__file__).parents[1] / "files" / "rosters" / "simple-1.xlsx")


@pytest.mark.parametrize(
    "arguments",
    [
        ["coverage", *QUESTION],
        ["roster", "check", ROSTER],
        ["roster", "import", ROSTER],
        ["certificates", "issue", "--session", "x"],
        ["certificates", "verify", "x"],
        ["user", "add", "an.nguyen", "--name", "An", "--role", "organizer"],
        ["jobs", "run", "--once"],
    ],
    ids=" ".join,
)
def test_database_without_tables_is_answered_in_a_sentence(
    tmp_path: Path, arguments: list[str]
) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path))
    done = app.test_cli_runner().invoke(args=arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no such table" in done.stderr and "flask db upgrade" in done.stderr


@pytest.mark.parametrize(
    "wrong",
    [("--name", "A" * 201), ("--name", " "), ("--email", "nobody"), ("--email", "a@b\x00")],
    ids=["long name", "no name", "no address", "no text"],
)
def test_user_nobody_could_be_is_refused(runner: FlaskCliRunner, wrong: tuple[str, str]) -> None:
    arguments = ["user", "add", "an.nguyen", "--name", "An", "--role", "organizer", *wrong]
    done = runner.invoke(args=arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert wrong[0] in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["certificates", "verify", "\udcff"],
        ["certificates", "issue", "--session", "\udcff"],
        ["roster", "check", ROSTER, "--unit", "\udcff"],
        ["coverage", *QUESTION, "--unit", "\udcff"],
        ["data", "import", "\udcff"],
        ["restore", "\udcff"],
    ],
    ids=ascii,
)
def test_argument_that_is_no_text_gives_no_traceback(
    app: object, runner: FlaskCliRunner, arguments: list[str]
) -> None:
    done = runner.invoke(args=arguments)
    assert done.exit_code in (0, 1)
    assert isinstance(done.exception, SystemExit | None)


def test_code_too_long_for_a_file_name_is_unknown(app: object, runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["certificates", "verify", "x" * 5000, "--json"])
    assert (done.exit_code, done.stdout) == (0, '{"state": "unknown"}\n')
