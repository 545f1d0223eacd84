"""Settings, and what of them processes that open strangers' files may know."""

import ast
from pathlib import Path

import pytest

from hrtrain.core.config import PRIVATE, ROOT, environ_of_children

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
