"""A plan entered: its document and day, step by step or from a file, until it is done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.language import gettext as _
from hrtrain.reorganising.models import Reorganisation
from hrtrain.reorganising.plans import entries_of, keep_entries
from hrtrain.reorganising.queries.reorganisations import find_reorganisation
from hrtrain.reorganising.rules import Entry


@dataclass(frozen=True)
class Heading:
    """What a reorganisation is by: title, document and the day it takes effect."""

    title: str
    document_no: str
    on: date


def draft(
    key: str, heading: Heading, entries: Iterable[Entry] = (), *, by: User | None
) -> Reorganisation:
    """A new plan; the same form sent twice makes one."""
    known = find_reorganisation(key)
    if known is not None:
        return known
    plan = Reorganisation(key=key, made_by_id=by.id if by else None)
    _describe(plan, heading)
    keep_entries(plan, entries)
    db.session.add(plan)
    db.session.flush()
    summary = _("Soạn phương án sắp xếp: %(title)s", title=plan.title)
    record(by, "reorganisation_drafted", ("reorganisation", key), summary)
    return plan


def describe(plan: Reorganisation, heading: Heading) -> None:
    """Another title, document or day."""
    _open(plan)
    _describe(plan, heading)
    keep_entries(plan, entries_of(plan))
    db.session.flush()


def add_step(plan: Reorganisation, entries: Collection[Entry]) -> int:
    """Add a step, which gets the next number, the new units it founds with it."""
    _open(plan)
    kept = entries_of(plan)
    line = max((entry.line for entry in kept), default=0) + 1
    keep_entries(plan, [*kept, *(entry._replace(line=line) for entry in entries)])
    db.session.flush()
    return line


def remove_step(plan: Reorganisation, line: int) -> None:
    """Take a step out; the others keep their numbers."""
    _open(plan)
    kept = entries_of(plan)
    left = [entry for entry in kept if entry.line != line]
    if len(left) == len(kept):
        raise Stale(_("Bước này đã được bỏ."))
    keep_entries(plan, left)
    db.session.flush()


def replace_plan(plan: Reorganisation, entries: Iterable[Entry]) -> None:
    """The plan is what a file says."""
    _open(plan)
    keep_entries(plan, entries)
    db.session.flush()


def discard(plan: Reorganisation, *, by: User) -> None:
    """Forget a plan that was not done."""
    _open(plan)
    summary = _("Bỏ phương án sắp xếp: %(title)s", title=plan.title)
    record(by, "reorganisation_discarded", ("reorganisation", plan.key), summary)
    db.session.delete(plan)
    db.session.flush()


def _open(plan: Reorganisation) -> None:
    lock(plan)
    if plan.act_id is not None:
        raise Refusal(_("Quyết định đã được thực hiện nên không sửa được nữa."))
    plan.version += 1


def _describe(plan: Reorganisation, heading: Heading) -> None:
    plan.title, plan.document_no = heading.title, heading.document_no
    plan.effective_on = heading.on
