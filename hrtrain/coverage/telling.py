"""A person's history in words: each piece as a row, and what made it begin as a sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hrtrain.core import formats
from hrtrain.core.language import gettext as _
from hrtrain.core.period import OPEN_END
from hrtrain.coverage import words
from hrtrain.coverage.person_strips import PersonStrip
from hrtrain.coverage.spans import EXEMPT, IN_GRACE, TRAINED, UNTRAINED
from hrtrain.coverage.strip import NOT_COUNTED, Cause, Kind, Piece, is_refused
from hrtrain.coverage.strip_facts import Done

STATES = {EXEMPT: "exempt", TRAINED: "trained", IN_GRACE: "in_grace", UNTRAINED: "untrained"}


@dataclass(frozen=True)
class Told:
    """What happened, and the completion it speaks of, whose papers may be opened."""

    text: str
    done: Done | None = None


@dataclass(frozen=True)
class Row:
    """A piece of a history: the first and the last day as people write them, and why."""

    first: date
    last: date | None
    state: str
    unit: str
    causes: list[Told]
    met: list[tuple[str, Done]]
    missing: list[tuple[str, date]]
    is_now: bool
    note: str = ""


def state_name(state: int) -> str:
    """A state's number in words."""
    return str(words.STATES[STATES[state]]) if state in STATES else str(_("Không tính"))


def rows_of(strip: PersonStrip, today: date) -> list[Row]:
    """The history's rows, the newest first."""
    return [_row(strip, piece, today.toordinal()) for piece in reversed(strip.pieces)]


def _row(strip: PersonStrip, piece: Piece, today: int) -> Row:
    last = None if piece.ends >= OPEN_END else date.fromordinal(piece.ends - 1)
    is_counted = piece.state != NOT_COUNTED
    return Row(
        first=date.fromordinal(piece.starts),
        last=last,
        state=STATES.get(piece.state, ""),
        unit=strip.facts.unit_name(piece.unit_id, piece.starts) if is_counted else "",
        causes=[_told(strip, cause, piece) for cause in piece.causes],
        met=[(item, strip.facts.done[number]) for item, number in piece.met],
        missing=[(item, date.fromordinal(since)) for item, since in _missing(piece)],
        is_now=piece.starts <= today < piece.ends,
        note=_note(strip, piece),
    )


def _missing(piece: Piece) -> Iterable[tuple[str, int]]:
    return piece.missing if is_refused(piece) else ()


def _note(strip: PersonStrip, piece: Piece) -> str:
    """What else holds in these days: the document that exempts, or the day grace ends."""
    if piece.state == EXEMPT:
        row = strip.facts.exemptions[piece.exempt_by]
        return str(_("Theo %(document)s", document=row.document_no or row.reason or "—"))
    if piece.state == IN_GRACE:
        due = date.fromordinal(piece.due)
        return str(_("Bị tính từ %(day)s", day=formats.day(due)))
    return ""


def _told(strip: PersonStrip, cause: Cause, piece: Piece) -> Told:
    sentence = str(words.CAUSES[cause.kind])
    if cause.kind in _OF_COMPLETIONS:
        done = strip.facts.done[cause.number]
        return Told(sentence % {"course": done.course}, done)
    if cause.kind in _OF_EXEMPTIONS:
        row = strip.facts.exemptions[cause.number]
        return Told(sentence % {"document": row.document_no or row.reason or "—"})
    if cause.kind in _OF_UNITS:
        return Told(sentence % {"unit": strip.facts.unit_name(cause.number, piece.starts)})
    return Told(sentence % {"item": cause.item})


_OF_COMPLETIONS = {Kind.COMPLETED, Kind.EXPIRED, Kind.REVOKED}
_OF_EXEMPTIONS = {Kind.EXEMPTED, Kind.EXEMPTION_ENDED}
_OF_UNITS = {
    Kind.JOINED,
    Kind.TRANSFERRED,
    Kind.LEFT,
    Kind.CAME_IN_SCOPE,
    Kind.WENT_OUT_OF_SCOPE,
}
