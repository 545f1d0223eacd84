"""The one way to a user by name, for administrators; foreign answers like absent."""

from flask import abort

from hrtrain.accounts.models import Grant, User
from hrtrain.accounts.queries import UnitIds, find_managed_user


def user_or_404(username: str, units: UnitIds) -> User:
    """The user, if an administrator of these units (None: of everything) manages it."""
    user = find_managed_user(username, units)
    if user is None:
        abort(404)
    return user


def grant_or_404(user: User, grant_id: int) -> Grant:
    """One of the user's grants."""
    grant = next((grant for grant in user.grants if grant.id == grant_id), None)
    if grant is None:
        abort(404)
    return grant
