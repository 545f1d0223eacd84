"""Keyset paging: a page begins after the last row of the one before, however deep it lies."""

import base64
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _

SIZE = 50
T = TypeVar("T")
Place = tuple[str | int | None, ...]


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, the cursor of the next page if there is one, and the count of all."""

    rows: list[T]
    after: str | None = None
    total: int | None = None


def page_of(
    rows: Sequence[T],
    place: Callable[[T], Place],
    *,
    size: int = SIZE,
    total: int | None = None,
) -> Page[T]:
    """The page from up to ``size + 1`` fetched rows; ``place`` gives a row's ordering values."""
    kept = list(rows[:size])
    after = cursor(*place(kept[-1])) if len(rows) > size else None
    return Page(kept, after, total)


def cursor(*place: str | int | None) -> str:
    """The ordering values of a row, fit for ``?after=``."""
    text = json.dumps(place, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str | None, *kinds: type) -> Place | None:
    """The ordering values back, of these types; None without a cursor, refused when it is none."""
    if not text:
        return None
    try:
        place = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        place = None
    if not isinstance(place, list) or [type(part) for part in place] != list(kinds):
        raise bad_cursor()
    if not all(map(_is_storable, place)):
        raise bad_cursor()
    return tuple(place)


def _is_storable(part: str | int | None) -> bool:
    """Whether a database can be asked about it: neither an endless number nor broken text."""
    if isinstance(part, int):
        return abs(part) < 2**31
    return not part or re.search("[\x00\ud800-\udfff]", part) is None


def bad_cursor() -> Refusal:
    """What to say of a cursor that no page of ours gave."""
    return Refusal(_("Địa chỉ trang tiếp theo không đúng. Hãy mở lại danh sách từ đầu."))
