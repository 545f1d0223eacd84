"""What the worker's verification finds is told on the dashboard until a check finds nothing."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from hrtrain.accounts.rules import Role
from hrtrain.cli import upkeep
from hrtrain.core.db import db
from hrtrain.coverage.derived import verifying
from hrtrain.coverage.derived.rebuilding import rebuild
from hrtrain.coverage.derived.standing import is_ready, read_state
from hrtrain.coverage.derived.tables import ledger
from tests import makers
from tests.cast import sign_in

pytestmark = pytest.mark.usefixtures("app")


def small_country() -> None:
    unit, group, course = makers.unit(), makers.group(), makers.course()
    programme = makers.programme(authority_unit_id=unit.id)
    makers.target(programme, group)
    makers.requirement(programme, group, course)
    makers.membership(makers.person(), group, unit)
    db.session.commit()


def check_today(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(upkeep, "any_day", lambda: date(2026, 11, 22))
    return upkeep.check()


def test_wrong_figure_raises_an_alarm_on_the_dashboard(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_country()
    db.session.connection().execute(update(ledger).values(trained=ledger.c.trained + 1))
    db.session.commit()
    assert "trained 1 where the spans give 0" in check_today(monkeypatch)
    sign_in(client, makers.user(Role.LEADERSHIP))
    assert "lệch với dữ kiện" in client.get("/").get_data(as_text=True)
    rebuild()
    db.session.commit()
    assert check_today(monkeypatch) == ""
    assert "lệch với dữ kiện" not in client.get("/").get_data(as_text=True)


def test_worker_checks_by_itself_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    small_country()
    looked: list[date] = []

    def noted(day: date) -> verifying.Looked:
        looked.append(day)
        return verifying.spot_check(day)

    monkeypatch.setattr(upkeep, "spot_check", noted)
    upkeep.look_after()
    upkeep.look_after()
    state = read_state()
    assert len(looked) == 1
    assert state is not None
    assert state.checked_at is not None


def test_worker_counts_what_was_written_past_the_application() -> None:
    small_country()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE membership SET starts_on = '2021-05-05'")
    assert not is_ready()
    db.session.rollback()
    upkeep.look_after()
    assert is_ready()
    assert verifying.verify().differences == []
