"""Takes a reorganisation back as one, the decisions made since first."""

from sqlalchemy import delete, select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import Grant, User
from hrtrain.core.acts import undoing
from hrtrain.core.acts.models import Act, ActChange
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.people.models import Membership, Person
from hrtrain.reorganising.models import Reorganisation
from hrtrain.reorganising.queries.reorganisations import act_of
from hrtrain.reorganising.rules import CHOICE
from hrtrain.units.models import Unit

MOST_NAMED = 5


def undo(plan: Reorganisation, *, by: User | None) -> None:
    """The same facts are known as before; refused where one was changed by hand since."""
    lock(plan)
    act = act_of(plan)
    if act is None:
        raise Refusal(_("Quyết định này chưa được thực hiện."))
    by_id = by.id if by else None
    for choice in choices_of(act):
        _undo_or_named(choice, by_id)
    _undo_or_named(act, by_id)
    made = select(ActChange.row_id).where(
        ActChange.act_id == act.id,
        ActChange.table_name == Grant.__tablename__,
        ActChange.before.is_(None),
    )
    db.session.execute(delete(Grant).where(Grant.id.in_(made)))
    db.session.flush()
    summary = _("Hoàn tác sắp xếp đơn vị: %(title)s", title=plan.title)
    record(by, "reorganisation_undone", ("reorganisation", plan.key), summary)


def choices_of(act: Act) -> list[Act]:
    """What was decided of the act's queue and stands, the last first."""
    since = select(Act).where(Act.kind == CHOICE, Act.id > act.id, Act.undone_at.is_(None))
    found = db.session.scalars(since.order_by(Act.id.desc()))
    return [one for one in found if one.details.get("act") == act.key]


def _undo_or_named(act: Act, by_id: int | None) -> None:
    later = undoing.changed_since(act) if act.undone_at is None else []
    if later:
        raise Refusal(
            _(
                "Không hoàn tác được vì sau đó đã có người sửa: %(names)s. Hãy sửa lại trước.",
                names="; ".join(_names(later)),
            )
        )
    undoing.undo(act, by_id=by_id)


def _names(later: list[undoing.Later]) -> list[str]:
    names: list[str] = []
    for one in later:
        some = one.ids[:MOST_NAMED]
        if one.table_name == Membership.__tablename__:
            asked = select(Person.full_name).join(Membership, Membership.person_id == Person.id)
            names += db.session.scalars(asked.where(Membership.id.in_(some)).distinct())
        else:
            names += _unit_names(one.table_name, some)
        if len(one.ids) > MOST_NAMED:
            names.append(_("và %(n)s dòng khác", n=len(one.ids) - MOST_NAMED))
    return names


def _unit_names(table_name: str, ids: tuple[int, ...]) -> list[str]:
    table = undoing.table_named(table_name)
    column = "predecessor_id" if "predecessor_id" in table.c else "unit_id"
    asked = select(Unit.name).join(table, table.c[column] == Unit.id)
    return list(db.session.scalars(asked.where(table.c.id.in_(ids)).distinct()))
