"""The house rules that can be read from the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "hrtrain").rglob("*.py"))
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
MAY_COMMIT = ("views", "cli", "jobs")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, FUNCTION))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_file_keeps_to_four_hundred_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_functions_keep_to_forty_lines_and_import_nothing(path: Path) -> None:
    for function in functions(ast.parse(path.read_text())):
        assert (function.end_lineno or 0) - function.lineno < 40, function.name
        inner = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert not inner, function.name


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_only_views_commands_and_jobs_commit(path: Path) -> None:
    calls = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]
    commits = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "commit"]
    assert not commits or set(MAY_COMMIT) & set(path.parts), [c.lineno for c in commits]


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_module_has_a_speaking_name(path: Path) -> None:
    assert path.stem not in {"util", "utils", "helper", "helpers", "common", "misc", "manager"}


def test_nothing_names_the_machine_it_was_written_on() -> None:
    folders = ("hrtrain", "templates", "tests", "migrations", "tools", "benchmarks", ".ci")
    files = [f for name in folders for f in (ROOT / name).rglob("*") if f.suffix != ".pyc"]
    texts = [f for f in files if f.is_file() and f.suffix in {".py", ".sh", ".html", ".json", ""}]
    assert not [named(f) for f in texts if "/work" + "/main" in f.read_text(errors="ignore")]
