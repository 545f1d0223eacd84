"""Sealed reports as the pages make them, without a page."""

from datetime import date, datetime

from hrtrain.core import clock
from hrtrain.core.db import db, new_key
from hrtrain.coverage.models import Programme
from hrtrain.coverage.seals import actions
from hrtrain.coverage.seals.facts import Sought
from hrtrain.coverage.seals.models import Seal
from hrtrain.coverage.seals.queries import frozen, sought_of
from hrtrain.units.models import Unit

DAY = date(2026, 11, 22)


def sealed(
    programme: Programme, unit: Unit | None = None, *, day: date = DAY, at: datetime | None = None
) -> Seal:
    """The programme's figures at the unit and below, sealed as known now."""
    db.session.flush()
    sought = Sought(programme.key, day, unit.key if unit else None)
    ready = frozen(programme, sought, at or clock.now())
    return actions.seal(new_key("seal"), ready, title="Báo cáo quý", note="", by=None)


def restated(old: Seal) -> Seal:
    """The seal's next version, as known now."""
    db.session.flush()
    ready = frozen(old.programme, sought_of(old), clock.now())
    return actions.restate(old, new_key("seal"), ready, note="Lập lại", by=None)
