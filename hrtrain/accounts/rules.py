"""Roles and what they are called, passwords, tokens; who may be tried how often."""

import hashlib
import ipaddress
import re
import secrets
from datetime import timedelta
from enum import StrEnum

SIGN_IN_LASTS = timedelta(hours=12)
INVITATION_LASTS = timedelta(days=7)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200

TRIES_MINUTES = 15
TRIES_A_NAME = 10
# A whole office often shares one address, and only tries that failed count against it.
TRIES_AN_ADDRESS = 30

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


class Role(StrEnum):
    """What a user may be, each for a unit and everything below it, or for everything."""

    ADMINISTRATOR = "administrator"
    PROGRAMME_MANAGER = "programme_manager"
    ORGANIZER = "organizer"
    FOCAL_POINT = "focal_point"
    LEADERSHIP = "leadership"
    ATTENDEE = "attendee"


def known_username(text: str) -> str:
    """The user name as it is kept: lower case, without outer spaces."""
    return text.strip().lower()


def is_username(text: str) -> bool:
    """Whether it may be a user name: 2 to 64 of a-z, 0-9, ``.``, ``_``, ``@`` and ``-``."""
    return _USERNAME.fullmatch(text) is not None


def new_token() -> str:
    """A secret for a cookie or a link, 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def network_of(address: str) -> str:
    """What tries are counted against: an IPv4 address, or the /64 an IPv6 host chooses from."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return address


# The first that a browser's own words hold names it: most claim to be Chrome and Safari as well.
_BROWSERS = {
    "coc_coc_browser": "Cốc Cốc",
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def browser_named(agent: str) -> str:
    """``Firefox · Windows`` from what a browser says of itself; its first words when unknown."""
    found = [
        next((name for mark, name in names.items() if mark in agent), "")
        for names in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(name for name in found if name) or agent[:40]
