"""The demo command, by the site that the other browser tests visit: loaded, then started again."""

import pytest

from hrtrain.exchange.demo.loading import USERS
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


def test_demo_command_issues_certificates_and_changes_nothing_the_second_time(site: Site) -> None:
    first, second = site.loads
    assert all(user.username in site.greeting for user in USERS)
    assert first["issued"] >= 60 and first["revoked"] == first["replaced"] == 1
    assert first["without document"] == 0
    assert min(first[kind] for kind in ("units", "people", "sessions")) > 0
    assert second == first
