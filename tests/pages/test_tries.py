"""Counted tries: exact under real threads, in GET requests as well, open again by themselves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from hrtrain.accounts.actions import count_try, forgive_try
from hrtrain.accounts.models import Tries
from hrtrain.accounts.rules import network_of
from hrtrain.core import clock
from hrtrain.core.db import db, reading
from hrtrain.core.errors import TooManyTries


def is_let_through(key: str = "k", limit: int = 10) -> bool:
    try:
        count_try(key, limit, 15)
    except TooManyTries:
        return False
    return True


def in_threads(app: Flask, act: Callable[[], bool], times: int) -> list[bool]:
    def once(_number: int) -> bool:
        with app.app_context(), reading():
            return act()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(once, range(times)))


def test_limit_is_never_exceeded_by_threads(app: Flask) -> None:
    db.session.commit()
    assert sum(in_threads(app, is_let_through, 60)) == 10
    assert db.session.scalar(select(Tries.count)) == 60


def test_tries_are_counted_apart_by_key(app: Flask) -> None:
    assert [is_let_through("a", 1), is_let_through("b", 1), is_let_through("a", 1)] == [
        True,
        True,
        False,
    ]


def test_new_window_begins_when_the_old_one_is_over(app: Flask) -> None:
    assert [is_let_through(limit=1), is_let_through(limit=1)] == [True, False]
    db.session.execute(update(Tries).values(window_ends_at=clock.now() - timedelta(seconds=1)))
    db.session.commit()
    assert is_let_through(limit=1)
    assert db.session.scalar(select(Tries.count)) == 1


def test_windows_that_are_over_are_swept_away(app: Flask) -> None:
    is_let_through("old")
    db.session.execute(update(Tries).values(window_ends_at=clock.now() - timedelta(seconds=1)))
    db.session.commit()
    is_let_through("new")
    assert db.session.scalar(select(func.count(Tries.id))) == 1


def test_forgiven_try_makes_room(app: Flask) -> None:
    assert is_let_through(limit=1)
    forgive_try("k")
    assert is_let_through(limit=1)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_host_cannot_count_anew_by_changing_its_last_half(
    address: str, network: str
) -> None:
    assert network_of(address) == network
