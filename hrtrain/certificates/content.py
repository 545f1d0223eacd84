"""What a certificate says, frozen at issue as plain values, and what of it a stranger may read."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from hrtrain.certificates.rules import Verdict, administrative_date, verdict


@dataclass(frozen=True)
class Content:
    """The face of a certificate. Days are ISO text; ``birth_date`` is cut to what is known.

    ``evidence`` says why it was issued: the rule's answer, attendance, the completion's source.
    """

    full_name: str
    course: str
    issued_on: str
    number: str
    register_no: str = ""
    honorific: str = "Ông/Bà"
    birth_date: str = ""
    position: str = ""
    unit: str = ""
    course_en: str = ""
    title: str = ""
    place: str = ""
    starts_on: str = ""
    last_on: str = ""
    hours: int | None = None
    completed_on: str = ""
    valid_through: str | None = None
    basis: str = ""
    superior_name: str = ""
    issuer_name: str = ""
    issuer_name_en: str = ""
    signing_authority: str = ""
    signing_authority_en: str = ""
    signatory: str = ""
    locality: str = ""
    check_code: str = ""
    verify_url: str = ""
    layout: str = "vi"
    layout_version: int = 0
    evidence: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """The values as the database keeps them."""
        return asdict(self)


_NAMES = {each.name for each in fields(Content)}


def read_content(values: dict[str, Any]) -> Content:
    """The content back from kept values; unknown names of a newer layout are passed by."""
    return Content(**{name: value for name, value in values.items() if name in _NAMES})


@dataclass(frozen=True)
class Statement:
    """What the public check says of a certificate (Law 91/2025/QH15: no more than is needed)."""

    verdict: Verdict
    full_name: str
    course: str
    title: str
    starts_on: date | None
    last_on: date | None
    hours: int | None
    number: str
    issuer: str
    issued_on: date
    valid_through: date | None
    revoked_on: date | None
    revocation_document_no: str
    replaced_by: str


def public_statement(
    content: Content,
    state: str,
    day: date,
    *,
    revocation: tuple[date | None, str] = (None, ""),
    replaced_by: str = "",
) -> Statement:
    """What a stranger may read: no birth date, no position, no unit, no reason of a revocation."""
    through = _day(content.valid_through)
    return Statement(
        verdict=verdict(state, through, day),
        full_name=content.full_name,
        course=content.course,
        title=content.title,
        starts_on=_day(content.starts_on),
        last_on=_day(content.last_on),
        hours=content.hours,
        number=content.number,
        issuer=content.issuer_name,
        issued_on=date.fromisoformat(content.issued_on),
        valid_through=through,
        revoked_on=revocation[0],
        revocation_document_no=revocation[1],
        replaced_by=replaced_by,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def written_day(text: str) -> str:
    """``04/05/2026`` from ISO text; a birth date as far as it is known; empty stays empty."""
    return "/".join(reversed(text.split("-")))


def days_text(starts_on: str, last_on: str) -> str:
    """``từ ngày 04/05/2026 đến ngày 05/05/2026``, or one day."""
    if not starts_on:
        return ""
    if starts_on == last_on:
        return f"ngày {written_day(starts_on)}"
    return f"từ ngày {written_day(starts_on)} đến ngày {written_day(last_on)}"


def issued_text(content: Content) -> str:
    """``Tây Ninh, ngày 05 tháng 01 năm 2026``."""
    day = administrative_date(date.fromisoformat(content.issued_on))
    return f"{content.locality}, {day}" if content.locality else day.capitalize()


def differing_fields(content: Content, text: str) -> list[str]:
    """Which fields of the certificate its supposed text does not say; spaces do not count."""
    said = "".join(text.split()).casefold()
    printed = {
        "full_name": content.full_name,
        "birth_date": written_day(content.birth_date),
        "unit": content.unit,
        "course": content.course,
        "title": content.title,
        "days": days_text(content.starts_on, content.last_on),
        "number": content.number,
        "issued_on": issued_text(content),
        "issuer": content.issuer_name,
        "signatory": content.signatory,
        "check_code": content.check_code,
    }
    return [
        name for name, value in printed.items() if "".join(value.split()).casefold() not in said
    ]
