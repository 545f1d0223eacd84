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


class Reason(StrEnum):
    """What speaks for or against a row being somebody known."""

    SAME_NAME = "same_name"
    OTHER_NAME = "other_name"
    SAME_CARD = "same_card"
    OTHER_CARD = "other_card"
    SAME_BIRTH = "same_birth"
    BIRTH_AGREES = "birth_agrees"
    BIRTH_UNKNOWN = "birth_unknown"
    OTHER_BIRTH = "other_birth"
    SAME_CONTACT = "same_contact"
    SAME_UNIT = "same_unit"
    OTHER_UNIT = "other_unit"
    OUTSIDE = "outside"


# What somebody may say of a row that needed review, beside the key of who it is.
NEW_PERSON = "*"
SAME_ROW = "="

# The fields a column may be said to hold.
COLUMN_FIELDS = (
    *("full_name", "family", "given", "birth_date", "birth_day", "birth_month", "birth_year"),
    *("gender", "male", "female", "position", "unit", "phone", "email", "national_id", "group"),
    *("number", "note"),
)


@dataclass(frozen=True)
class Columns:
    """How somebody says a sheet is to be read: where its header stands, which column holds what.

    ``header_row`` counts from 1, and is 0 for a sheet to be left out; ``fields`` has a name of
    `COLUMN_FIELDS`, or "", for every column from the first.
    """

    header_row: int
    header_rows: int = 1
    fields: tuple[str, ...] = ()

    def as_values(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "header_row": self.header_row,
            "header_rows": self.header_rows,
            "fields": list(self.fields),
        }

    @classmethod
    def of_values(cls, values: Mapping[str, Any]) -> "Columns":
        """The columns back from their plain values."""
        return cls(values["header_row"], values["header_rows"], tuple(values["fields"]))

    @property
    def has_name(self) -> bool:
        """Whether a name can be read at all."""
        return "full_name" in self.fields or "given" in self.fields


@dataclass(frozen=True)
class Entry:
    """A person row that can be read. ``national_id`` leaves it (`sealed`) before it is kept.

    ``decided`` is what somebody said of a row that needed review: `NEW_PERSON`, or who it is;
    ``moves``: that the person, until now at another unit, goes on at this one.
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
    moves: bool = False

    def written(self) -> dict[str, str]:
        """What the row says, field by field."""
        return {name: str(getattr(self, name)) for name in FIELDS}

    def as_values(self) -> dict[str, Any]:
        """Plain values, field by field; `dataclasses.asdict` takes six times as long."""
        return dict(vars(self))

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
    ``reasons`` are codes of what speaks for and against it.
    """

    full_name: str
    person: str = ""
    birth_date: str = ""
    row: int | None = None
    reasons: tuple[str, ...] = ()


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
    person: str = ""
    may_move: bool = False
    clashing_unit_id: int = 0

    def as_values(self) -> dict[str, Any]:
        """Plain values, empty ones left out; the place of the row is not among them."""
        values = {name: value for name, value in asdict(self).items() if value}
        return {name: value for name, value in values.items() if name not in ("sheet", "row")}

    @classmethod
    def of_values(cls, sheet: str, row: int, values: Mapping[str, Any]) -> "Complaint":
        """The complaint back from its plain values."""
        more = dict(values)
        candidates = tuple(
            Candidate(**{**one, "reasons": tuple(one.get("reasons", ()))})
            for one in more.pop("candidates", ())
        )
        choices, code = tuple(more.pop("choices", ())), Code(more.pop("code"))
        return cls(sheet, row, code=code, candidates=candidates, choices=choices, **more)


@dataclass(frozen=True)
class SheetReading:
    """A sheet as understood: ``header_row`` is None where no header was found.

    ``written`` keeps, for rows that were refused, what their cells say, field by field; ``hidden``
    are the numbers of rows with people that are hidden in the file, and were read all the same.
    """

    sheet: str
    header_row: int | None
    columns: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    complaints: tuple[Complaint, ...]
    written: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    hidden: tuple[int, ...] = ()


# What a row says, field by field, in the order of the spreadsheet of refused rows.
FIELDS = (
    *("full_name", "birth_date", "gender", "position", "unit_text"),
    *("phone", "email", "national_id", "group_text"),
)
