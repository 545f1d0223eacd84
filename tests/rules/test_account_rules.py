"""What accounts know without a database."""

import pytest

from hrtrain.accounts.rules import browser_named, is_username, known_username

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome · Windows"),
        (CHROME + " Edg/142.0", "Edge · Windows"),
        (CHROME.replace("Chrome", "coc_coc_browser/142.0 Chrome"), "Cốc Cốc · Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox · Linux",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("curl/8.0", "curl/8.0"),
        ("", ""),
    ],
)
def test_browser_is_named_by_its_own_words(agent: str, name: str) -> None:
    assert browser_named(agent) == name


@pytest.mark.parametrize("name", ["lan", "nguyen.van-a_1", "a@tayninh.gov.vn", "0123456789"])
def test_username_is_taken(name: str) -> None:
    assert is_username(name)


@pytest.mark.parametrize(
    "name", ["", "a", "Lan", "-", ".lan", "lan huong", "hường", "a" * 65, "a\n"]
)
def test_username_is_refused(name: str) -> None:
    assert not is_username(name)


def test_username_is_kept_in_lower_case() -> None:
    assert known_username(" LAN ") == "lan"
