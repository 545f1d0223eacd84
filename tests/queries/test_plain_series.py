"""A unit that set no series up can still issue, from the command line and from a bare package."""

import json

import pytest
from flask.testing import FlaskCliRunner

from hrtrain.certificates.models import CertificateSeries
from hrtrain.certificates.rules import plain_series
from hrtrain.core.db import db
from tests import makers
from tests.makers.certificates import closed_session


@pytest.mark.parametrize(
    ("name", "short_name", "notation"),
    [
        ("Sở Văn hóa, Thể thao và Du lịch", "Sở VHTTDL", "GCN-SOVHTTDL"),
        ("Ủy ban nhân dân phường Đồng Phú", "", "GCN-UBNDPDP"),
    ],
)
def test_plain_notation_comes_from_the_units_name(
    name: str, short_name: str, notation: str
) -> None:
    assert plain_series(name, short_name, "").notation == notation


def test_command_issues_for_a_session_nobody_made_a_series_for(runner: FlaskCliRunner) -> None:
    above = makers.unit(name="Tỉnh Tây Ninh")
    unit = makers.unit(name="Sở Tư pháp", under=above)
    session = closed_session("Nguyễn Thị Hoa", unit=unit)
    answer = runner.invoke(args=["certificates", "issue", "--session", session.key, "--json"])
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["certificates"][0]["number"] == "01/GCN-STP"
    series = db.session.query(CertificateSeries).one()
    assert (series.issuer_name, series.place) == ("Sở Tư pháp", "Tây Ninh")
