"""Why a person is counted as they are, in a sentence for pages and sheets."""

from hrtrain.core import formats
from hrtrain.core.language import gettext as _
from hrtrain.core.period import day_before
from hrtrain.coverage import words
from hrtrain.coverage.names import Named
from hrtrain.coverage.states import Reason, State


def why(person: Named) -> str:
    """What explains the person's state."""
    if person.state is State.UNTRAINED:
        return _why_untrained(person)
    if person.state is State.TRAINED:
        return _why_trained(person)
    if person.state is State.IN_GRACE:
        return str(_("Bị tính từ %(day)s", day=formats.day(person.due_on)))
    return _why_exempt(person)


def _why_untrained(person: Named) -> str:
    reason = str(words.REASONS[person.reason or Reason.NEVER_ENROLLED])
    if person.reason is Reason.ITEM_MISSING:
        return f"{reason}: {', '.join(person.missing)}"
    return reason


def _why_trained(person: Named) -> str:
    done = _("Hoàn thành ngày %(day)s", day=formats.day(person.completed_on))
    if person.valid_through is None:
        return str(done)
    ends = _("hiệu lực đến hết %(day)s", day=formats.day(person.valid_through))
    return f"{done}, {ends}"


def _why_exempt(person: Named) -> str:
    by = _("Theo %(document)s", document=person.exempt_by) if person.exempt_by else ""
    if person.exempt_until is None:
        return str(by)
    until = _("đến hết %(day)s", day=formats.day(day_before(person.exempt_until)))
    return f"{by}, {until}" if by else str(until)
