"""What a page of figures is asked: the day, the instant known at, the unit, out of the address."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from flask import abort, request, url_for
from sqlalchemy import Select, select

from hrtrain.accounts.access import current_user
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import YEARS, read_day
from hrtrain.core.language import gettext as _
from hrtrain.coverage.gates import READERS
from hrtrain.coverage.models import Programme
from hrtrain.coverage.queries import Question
from hrtrain.coverage.rules import Standing
from hrtrain.units.models import Unit
from hrtrain.units.queries import unit_of_text
from hrtrain.units.scope import Scope, reach, scope_of


@dataclass(frozen=True)
class Asked:
    """A day, an instant if not now, a unit if not everything, and what the asker may see."""

    as_of: date
    known_at: datetime | None
    unit: Unit | None
    own_units: list[Unit]
    scope: Scope
    tree: str = ""
    """``today``: a past day's figures are summed up by today's tree."""
    _addresses: dict[Any, str] = field(default_factory=dict, repr=False, compare=False)

    def names_behind(
        self, row: Standing, state: str, *, day: date | None = None, only: str | None = None
    ) -> str:
        """The address of the names behind a count of the row, on its own day unless one is said."""
        unit = None if row.part else row.unit
        on = (day or self.as_of).isoformat()
        asked = self.args(unit=unit, only=row.part or only, as_of=on)
        return self._of_target("coverage.people_behind", row, asked, state=state)

    def trust_behind(self, row: Standing) -> str:
        """The address of what is missing under the row's figure."""
        return self._of_target("coverage.trust_page", row, self.args(unit=row.unit))

    def target_page(self, endpoint: str, row: Standing) -> str:
        """The address of a page of the row's programme on which its group is the chosen one."""
        return self._of_target(endpoint, row, self.args())

    def _of_target(self, endpoint: str, row: Standing, asked: dict[str, Any], **more: str) -> str:
        """An address of three parts, each built once: a province's page has a thousand of them."""
        place, built = (endpoint, row.programme), self._addresses
        if place not in built:
            built[place] = url_for(endpoint, programme=row.programme)
        what = {"group": row.group, **more}
        return f"{built[place]}?{self._query(asked)}&{self._query(what)}"

    def _query(self, values: dict[str, Any]) -> str:
        key = tuple(values.items())
        if key not in self._addresses:
            self._addresses[key] = urlencode(values)
        return self._addresses[key]

    @property
    def unit_key(self) -> str | None:
        """The unit's key, as the queries take it."""
        return self.unit.key if self.unit else None

    @property
    def reached(self) -> Select[int] | None:
        """The units whose names the asker may read; None: all."""
        return reach(self.scope)

    @property
    def naming(self) -> Select[int] | None:
        """The units among which names are told; None: all below the unit asked about.

        Who reaches a unit reaches whatever lies below it by today's tree, so nothing is hidden.
        """
        is_todays = self.known_at is None and self.as_of == clock.today()
        return None if self.unit is not None and is_todays else self.reached

    def args(self, **more: Any) -> dict[str, Any]:
        """The query string that asks the same again, changed by ``more``; None leaves out."""
        known_at = self.known_at.isoformat() if self.known_at else None
        asked = {"unit": self.unit_key, "as_of": self.as_of.isoformat(), "known_at": known_at}
        asked["tree"] = self.tree
        return {name: value for name, value in {**asked, **more}.items() if value not in (None, "")}


def read_asked() -> Asked:
    """What the request asks; 404 for a unit out of scope, refused when a day cannot be read.

    Somebody whose grants are for units begins at the first of them.
    """
    scope = scope_of(current_user(), *READERS)
    if scope.is_empty:
        abort(404)
    own = _own_units(scope)
    text = request.values.get("unit", "").strip()
    unit = _unit(text, scope) if text else next(iter(own), None)
    return Asked(
        as_of=_day(request.values.get("as_of", "").strip()),
        known_at=read_known_at(),
        unit=unit,
        own_units=own,
        scope=scope,
    )


def read_known_at() -> datetime | None:
    """The instant the request asks about; None: as known now. Refused when it cannot be read."""
    return _instant(request.values.get("known_at", "").strip())


def with_tree(asked: Asked) -> Asked:
    """The same by the tree the request names; of today and later there is one tree only."""
    text = request.values.get("tree", "").strip()
    if text not in ("", "today"):
        raise Refusal(_("Hãy chọn cây đơn vị của ngày được hỏi hoặc của hôm nay."))
    return replace(asked, tree=text if asked.as_of < clock.today() else "")


def question_of(programme: Programme, asked: Asked, **more: Any) -> Question:
    """What is asked, of this programme; ``group`` and ``by`` may be added."""
    return Question(programme.key, asked.as_of, asked.unit_key, known_at=asked.known_at, **more)


def _unit(text: str, scope: Scope) -> Unit:
    """The unit in scope of this key, or typed by name; several of a name are refused by name."""
    return unit_of_text(text, clock.today(), scope) or abort(404)


def _own_units(scope: Scope) -> list[Unit]:
    if scope.everything:
        return []
    return list(
        db.session.scalars(select(Unit).where(Unit.id.in_(scope.roots)).order_by(Unit.search_key))
    )


def _day(text: str) -> date:
    try:
        return read_day(text) if text else clock.today()
    except ValueError as error:
        raise Refusal(str(error), where=_("Tính đến ngày")) from None


def _instant(text: str) -> datetime | None:
    """An instant in Viet Nam's time; a day alone means its end."""
    if not text:
        return None
    try:
        return _read_instant(text)
    except (ValueError, OverflowError):
        raise Refusal(
            _("Hãy ghi thời điểm theo dạng 04/05/2026 07:30."), where=_("Theo dữ liệu lúc")
        ) from None


def _read_instant(text: str) -> datetime:
    if "T" in text:
        instant = datetime.fromisoformat(text)
        if instant.year not in YEARS:
            raise ValueError
        return instant if instant.tzinfo else instant.replace(tzinfo=clock.LOCAL)
    day, _space, hours = text.partition(" ")
    at = time.fromisoformat(hours) if hours else time(23, 59, 59, 999999)
    return datetime.combine(read_day(day), at, tzinfo=clock.LOCAL)
