"""What a roster sheet says: entries, complaints, and how its columns were understood. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """What may be wrong with a row."""

    MISSING_NAME = "missing_name"
    BAD_BIRTH_DATE = "bad_birth_date"
    AMBIGUOUS_BIRTH_DATE = "ambiguous_birth_date"
    BAD_NATIONAL_ID = "bad_national_id"
    BAD_PHONE = "bad_phone"
    BAD_EMAIL = "bad_email"
    BAD_GENDER = "bad_gender"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_GROUP = "unknown_group"
    DUPLICATE_IN_FILE = "duplicate_in_file"
    OVERLAPPING_MEMBERSHIP = "overlapping_membership"
    NEEDS_REVIEW = "needs_review"


class Warn(StrEnum):
    """What was noticed of a row that stands."""

    NATIONAL_ID_DISAGREES = "national_id_disagrees"
    ZERO_RESTORED = "zero_restored"
    OLD_IDENTITY_NUMBER = "old_identity_number"
    ETH_READ_AS_D = "eth_read_as_d"


NEW_PERSON = "*"


@dataclass(frozen=True)
class Entry:
    """A person row that can be read. ``national_id`` leaves it (`sealed`) before it is kept.

    ``decided`` is what somebody said of a row that needed review: `NEW_PERSON`, or who it is.
    """

    sheet: str
    row: int
    full_name: str
    gender: str = ""
    birth_date: str = ""
    birth_precision: str = ""
    position: str = ""
    unit_text: str = ""
    phone: str = ""
    email: str = ""
    national_id: str = ""
    warnings: tuple[str, ...] = ()
    group_text: str = ""
    folded_name: str = ""
    national_id_hash: str = ""
    national_id_last4: str = ""
    decided: str = ""

    def written(self) -> dict[str, str]:
        """What the row says, field by field."""
        return {name: str(getattr(self, name)) for name in FIELDS}

    def sealed(self, national_id_hash: str) -> "Entry":
        """The same without the national ID: its keyed hash and last four digits stay."""
        return replace(
            self,
            national_id="",
            national_id_hash=national_id_hash,
            national_id_last4=self.national_id[-4:],
        )


@dataclass(frozen=True)
class Candidate:
    """Somebody a row may be: a known person by key, or another row of the file.

    Of people outside the asker's scope no more than the name, which the file itself has, is told.
    """

    full_name: str
    person: str = ""
    birth_date: str = ""
    row: int | None = None


@dataclass(frozen=True)
class Complaint:
    """Why a row is refused: where, what stands there, and with whom it clashes."""

    sheet: str
    row: int
    column: str
    code: Code
    value: str = ""
    same_as_row: int | None = None
    same_as_sheet: str = ""
    candidates: tuple[Candidate, ...] = ()
    choices: tuple[str, ...] = ()

    def as_values(self) -> dict[str, Any]:
        """Plain values, empty ones left out; the place of the row is not among them."""
        values = {name: value for name, value in asdict(self).items() if value}
        return {name: value for name, value in values.items() if name not in ("sheet", "row")}

    @classmethod
    def of_values(cls, sheet: str, row: int, values: Mapping[str, Any]) -> "Complaint":
        """The complaint back from its plain values."""
        more = dict(values)
        candidates = tuple(Candidate(**one) for one in more.pop("candidates", ()))
        choices, code = tuple(more.pop("choices", ())), Code(more.pop("code"))
        return cls(sheet, row, code=code, candidates=candidates, choices=choices, **more)


@dataclass(frozen=True)
class SheetReading:
    """A sheet as understood: ``header_row`` is None where no header was found.

    ``written`` keeps, for rows that were refused, what their cells say, field by field.
    """

    sheet: str
    header_row: int | None
    columns: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    complaints: tuple[Complaint, ...]
    written: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


# What a row says, field by field, in the order of the spreadsheet of refused rows.
FIELDS = (
    *("full_name", "birth_date", "gender", "position", "unit_text"),
    *("phone", "email", "national_id", "group_text"),
)
