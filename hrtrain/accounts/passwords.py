"""Passwords: hashed by argon2id, never inside a write transaction (a hash takes 0.1 s and more)."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hrtrain.accounts.rules import new_token

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether it is the password of the kept hash; takes as long when there is no hash."""
    nobodys = _nobodys_hash()
    try:
        return _hasher.verify(kept or nobodys, password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash(new_token())
