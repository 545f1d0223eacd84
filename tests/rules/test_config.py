"""Settings, and what of them processes that open strangers' files may know."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hrtrain.core.config import PRIVATE, ROOT, environ_of_children, read_settings
from hrtrain.core.errors import Refusal

CORE = ROOT / "hrtrain" / "core"


def test_children_are_not_told_what_only_the_site_may_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in PRIVATE:
        monkeypatch.setenv(name, "secret")
    told = environ_of_children()
    assert "PATH" in told and "secret" not in told.values()


@pytest.mark.parametrize("path", sorted(CORE.rglob("*.py")), ids=lambda path: Path(path).name)
def test_every_child_of_the_core_is_given_this_environment(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    started = [call for call in calls if ast.unparse(call.func).startswith("subprocess.")]
    for call in started:
        given = {word.arg: ast.unparse(word.value) for word in call.keywords}
        assert given.get("env") == "environ_of_children()"


@pytest.mark.parametrize(
    "name", ["HRTRAIN_DATA_DIR", "DATABASE_URL", "SECRET_KEY", "TRUSTED_PROXIES"]
)
def test_wrong_setting_is_refused_by_name(tmp_path: Path, name: str) -> None:
    file = tmp_path / "file"
    file.touch()
    wrong = {
        "HRTRAIN_DATA_DIR": {"HRTRAIN_DATA_DIR": str(file / "below")},
        "DATABASE_URL": {"DATABASE_URL": "mysql://root:geheim@db/x"},
        "SECRET_KEY": {"DATABASE_URL": "postgres://db/x"},
        "TRUSTED_PROXIES": {"TRUSTED_PROXIES": "²"},
    }
    with pytest.raises(Refusal) as refused:
        read_settings({"HRTRAIN_DATA_DIR": str(tmp_path), **wrong[name]})
    assert str(refused.value).startswith(f"{name}: ") and "geheim" not in str(refused.value)


def test_command_says_in_a_sentence_what_is_wrong_with_the_settings(tmp_path: Path) -> None:
    environ = os.environ | {"HRTRAIN_DATA_DIR": str(tmp_path), "TRUSTED_PROXIES": "many"}
    command = [sys.executable, "-m", "flask", "--app", "app", "coverage", "verify"]
    ended = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "Error: TRUSTED_PROXIES: a count is needed, not 'many'\n"
