"""The demo: the same at every load, true to the plans, and with something to show everywhere."""

from collections import Counter
from datetime import date

import pytest
from flask.testing import FlaskCliRunner

from hrtrain.core.db import db
from hrtrain.coverage.queries import Question, standings
from hrtrain.exchange.demo.loading import load_demo
from hrtrain.exchange.demo.package import demo_rows
from tests import makers

TODAY = date(2026, 11, 22)


def statuses(programme: str, unit: str | None = None) -> dict[str, str]:
    asked = Question(programme, TODAY, unit)
    return {standing.group: str(standing.status) for standing in standings(asked)}


def test_demo_is_the_same_every_time() -> None:
    assert demo_rows() == demo_rows()


def test_demo_has_450_people_of_long_an_and_tay_ninh_and_namesakes() -> None:
    rows = demo_rows()
    prefixes = ("la-", "tx-", "tn-", "vhxh-2025-80", "mttq-2025-80")
    there = {row["person"] for row in rows["memberships"] if row["unit"].startswith(prefixes)}
    assert len(there) >= 450
    names = Counter(row["full_name"] for row in rows["people"])
    assert names.most_common(1)[0][1] >= 2
    assert {"H'Hen Niê", "Thạch Sô Phia"} & set(names)
    assert {len(row["birth_date"]) for row in rows["people"]} == {0, 4, 7, 10}


@pytest.mark.usefixtures("app")
def test_demo_shows_every_status_and_has_no_target_where_none_is_stated() -> None:
    load_demo("only for tests")
    db.session.commit()
    long_an = statuses("long_an_2023")
    assert long_an["press_external_info"] == "met"
    assert long_an["spo_key_official"] == "met_named_only"
    assert long_an["hr_officer"] == "short"
    assert set(statuses("soc_trang_2024").values()) == {"not_stated"}
    assert statuses("can_tho_2024") == {}
    assert set(statuses("qd1079", "2025-80")) >= set(long_an)


@pytest.mark.usefixtures("app")
def test_same_people_are_counted_on_both_sides_of_the_merger() -> None:
    load_demo("only for tests")
    db.session.commit()
    days = (date(2025, 6, 30), date(2025, 7, 1))
    before, after = ([(s.group, s.trained) for s in standings(Question("qd1079", d))] for d in days)
    assert before == after


def test_demo_is_refused_beside_other_data(runner: FlaskCliRunner) -> None:
    makers.unit()
    db.session.commit()
    refused = runner.invoke(args=["demo", "load"])
    assert refused.exit_code == 1 and "holds other data" in refused.stderr
