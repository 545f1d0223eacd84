"""The demo's reorganisation: a press office divided again, with people left to decide on."""

from datetime import date

from sqlalchemy import select

from hrtrain.accounts.models import User
from hrtrain.core.db import db
from hrtrain.reorganising.actions.applying import apply
from hrtrain.reorganising.actions.choosing import choose
from hrtrain.reorganising.actions.drafting import Heading, draft
from hrtrain.reorganising.models import Choice
from hrtrain.reorganising.queries.reorganisations import find_reorganisation
from hrtrain.reorganising.rules import NEW, Does, Entry
from hrtrain.units.models import Unit

KEY, OFFICE = "demo-bao-dai-can-tho", "ct-bpttt"
DAY = date(2026, 10, 1)
_PAPER, _STATION = NEW + "bao", NEW + "dai"


def _founded(new: str, name: str) -> Entry:
    return Entry(1, Does.FOUND, new, name=name, tier="province", kind="press")


_ENTRIES = (
    _founded(_PAPER, "Báo Cần Thơ"),
    _founded(_STATION, "Đài Phát thanh và Truyền hình Cần Thơ"),
    Entry(1, Does.BECOME, OFFICE, _PAPER, is_default=True),
    Entry(1, Does.BECOME, OFFICE, _STATION),
)


def reorganise_once(by: User) -> None:
    """Divide the office, and decide about one of its people."""
    if find_reorganisation(KEY) is not None:
        return
    heading = Heading("Chia Báo và Phát thanh, Truyền hình Cần Thơ", "2210/QĐ-UBND", DAY)
    plan = draft(KEY, heading, _ENTRIES, by=by)
    act = apply(plan, by=by)
    if act is None:
        return
    first = db.session.scalars(
        select(Choice).where(Choice.act_id == act.id).order_by(Choice.id).limit(1)
    ).all()
    station = select(Unit).where(Unit.key == act.details["founded"][_STATION])
    choose(plan, first, db.session.scalars(station).one(), by=by)
