"""Closed by default: a view is reached only if it says to whom it is open.

Roles are plain strings here; what they mean is the accounts feature's.
"""

from collections.abc import Callable
from typing import Any

PUBLIC = frozenset({"*"})
SIGNED_IN = frozenset({"+"})

View = Callable[..., Any]


def public(view: View) -> View:
    """Open the view to everybody, signed in or not."""
    view.open_to = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Open the view to every signed-in user."""
    view.open_to = SIGNED_IN  # type: ignore[attr-defined]
    return view


def open_to(*roles: str) -> Callable[[View], View]:
    """Open the view to users who hold one of the roles, for whatever unit."""

    def mark(view: View) -> View:
        view.open_to = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def roles_of(view: View) -> frozenset[str]:
    """To whom the view is open; empty: to nobody, because it does not say."""
    return getattr(view, "open_to", frozenset())
