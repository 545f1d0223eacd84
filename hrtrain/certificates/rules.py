"""Rules of certificates: states, verdicts, codes, numbers. Pure: the day is always an argument."""

import re
import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hrtrain.core.text import search_key


class State(StrEnum):
    """What became of a certificate; nothing is deleted."""

    ISSUED = "issued"
    REPLACED = "replaced"
    REVOKED = "revoked"


class Verdict(StrEnum):
    """What the public check answers."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SeriesDetails:
    """What is set for a series: its notation, the names on the face, who signs."""

    notation: str
    superior_name: str
    issuer_name: str
    place: str
    signing_authority: str
    signatory: str
    layout: str
    basis: str = ""
    issuer_name_en: str = ""
    signing_authority_en: str = ""


def plain_series(unit_name: str, short_name: str, above: str) -> SeriesDetails:
    """The series of a unit that set none up: its own names, and room for a signature by hand.

    The notation is the short name, else the initials of the name without marks.
    """
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]\w*|\d+", search_key(unit_name)))
    notation = re.sub(r"[^0-9A-Z]", "", search_key(short_name).upper()) or initials.upper()
    return SeriesDetails(
        notation=f"GCN-{notation}",
        superior_name=above,
        issuer_name=unit_name,
        place=re.sub(r"^(Tỉnh|Thành phố|Xã|Phường|Đặc khu) ", "", above or unit_name),
        signing_authority="Thủ trưởng đơn vị",
        signatory="",
        layout="vi",
    )


@dataclass(frozen=True)
class Revocation:
    """A decision to revoke. ``is_void``: the completion never counted, else not from the day on."""

    reason: str
    document_no: str
    revoked_on: date
    is_void: bool = False


def verdict(state: str, valid_through: date | None, day: date) -> Verdict:
    """Whether a certificate counts on the day; ``valid_through`` is its last day, inclusive."""
    if state == State.REVOKED:
        return Verdict.REVOKED
    if state == State.REPLACED:
        return Verdict.REPLACED
    if valid_through is not None and valid_through < day:
        return Verdict.EXPIRED
    return Verdict.VALID


# Crockford's alphabet: no I, L, O, U, so that what is typed from paper is read one way.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 16
_MISREAD = str.maketrans("OIL", "011")
_TYPED = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}\b")
_LINKED = re.compile(r"/verify/([A-Za-z0-9_-]{24})(?![A-Za-z0-9_-])")


def new_check_code() -> str:
    """A code people can type: 80 random bits, ``7K2M-X9QP-04TV-HN3C``."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def new_qr_code() -> str:
    """A code for the QR: 144 random bits, 24 characters fit for an address."""
    return secrets.token_urlsafe(18)


def read_typed_code(text: str) -> str:
    """The typed code as it is kept, whatever its case, spaces and dashes; empty when it is none."""
    letters = re.sub(r"[\s\-–—.]", "", text).upper().translate(_MISREAD)
    if len(letters) != _CODE_LENGTH or set(letters) - set(ALPHABET):
        return ""
    return "-".join(letters[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def codes_in(text: str) -> list[str]:
    """The codes a document's text or links carry, those of links first."""
    return _LINKED.findall(text) + _TYPED.findall(text)


def number_text(value: int, notation: str) -> str:
    """``05/GCN-SVHTTDL``: below ten with a leading zero (Decree 30/2020, annex I)."""
    return f"{value:02d}/{kind_text(notation)}"


def kind_text(notation: str) -> str:
    """``GCN-SVHTTDL``, whether the notation was entered with or without what all begin with."""
    return notation if notation.startswith("GCN") else f"GCN-{notation}"


def register_text(value: int, year: int) -> str:
    """``05/2026``: the line of the register book of the year."""
    return f"{value:02d}/{year}"


def number_value(number: str, notation: str) -> int | None:
    """The running number in ``05/GCN-SVHTTDL``; None when it is not one of this notation."""
    value, _slash, _kind = number.partition("/")
    if not (value.isascii() and value.isdigit()) or len(value) > 9:
        return None
    return int(value) if number_text(int(value), notation) == number else None


def administrative_date(day: date) -> str:
    """``ngày 05 tháng 01 năm 2026``: days below 10 and months 1, 2 with a zero (Decree 30/2020)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


_UNSAFE = re.compile(r"[^\w.\- ]+")


def file_name(number: str, issued_on: date, full_name: str) -> str:
    """``05-GCN-SVHTTDL-2026 Nguyễn Văn An.pdf``: names alone are not single, numbers are."""
    whole = f"{number.replace('/', '-')}-{issued_on.year} {full_name}"
    return f"{_UNSAFE.sub('-', whole)[:120].strip()}.pdf"
