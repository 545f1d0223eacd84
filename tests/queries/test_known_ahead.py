"""Facts that are to be known, or no longer known, at an instant still to come."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from pytest import MonkeyPatch

from hrtrain.cli.coverage import row_of
from hrtrain.cli.upkeep import look_after
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.queries import Question, standings
from tests import makers

DAY = date(2025, 6, 1)


class Place:
    """A unit below another with an untrained member, and a plan that asks the group."""

    def __init__(self) -> None:
        self.top, self.group = makers.unit("top"), makers.group()
        self.unit, self.person = makers.unit(), makers.person()
        self.plan, self.course = makers.programme("plan", authority_unit=self.top), makers.course()
        makers.target(self.plan, self.group)
        makers.requirement(self.plan, self.group, self.course)

    def say(self, kind: str, **when: Any) -> None:
        """The fact of the kind is dated ahead; what it needs is known."""
        below = when if kind == "edge" else {}
        makers.parent(self.unit, self.top, **below)
        member = when if kind == "membership" else {}
        makers.membership(self.person, self.group, self.unit, **member)
        if kind == "exemption":
            makers.exemption(self.person, self.plan, self.group, **when)
        if kind == "headcount":
            makers.headcount(self.unit, self.group, 7, **when)
        if kind == "requirement":
            makers.requirement(self.plan, self.group, makers.course(), "more", **when)
        if kind in ("completion", "requirement"):
            done = when if kind == "completion" else {}
            makers.completion(self.person, self.course, date(2025, 1, 1), **done)


KINDS = ("membership", "edge", "completion", "exemption", "headcount", "requirement")


def figures() -> list[dict[str, object]]:
    """As known now, which live counting must answer, too."""
    now = [row_of(one) for one in standings(Question("plan", DAY))]
    assert now == [row_of(one) for one in standings(Question("plan", DAY, known_at=clock.now()))]
    db.session.rollback()
    return now


@pytest.mark.parametrize("ends", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_fact_dated_ahead_counts_from_its_instant_on(
    app: Flask, monkeypatch: MonkeyPatch, kind: str, ends: bool
) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    Place().say(kind, **{"retracted_at" if ends else "recorded_at": tomorrow})
    db.session.commit()
    assert is_ready()
    before = figures()
    later = tomorrow + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not is_ready()
    after = figures()
    assert after != before
    look_after()
    assert is_ready()
    assert figures() == after
