"""The start-up self-test tells SQLite's wrong rows from right ones."""

import sqlite3

import pytest

from hrtrain.core import sqlite_check


def test_bounded_question_is_answered_rightly_by_this_sqlite() -> None:
    assert sqlite_check.wrong_rows(sqlite_check.BOUNDED) == 0
    sqlite_check.refuse_if_wrong()


@pytest.mark.skipif(sqlite3.sqlite_version_info > (3, 41, 2), reason="this SQLite has no fault")
def test_recipe_shows_the_fault_where_it_is() -> None:
    assert sqlite_check.wrong_rows(sqlite_check.OPEN) > 0


def test_sqlite_that_answers_wrongly_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_check, "BOUNDED", "day <= ? + 1")
    with pytest.raises(SystemExit, match="rows beyond a day's bound"):
        sqlite_check.refuse_if_wrong()
