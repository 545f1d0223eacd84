"""The data package: which files it has, which columns, and what each column means.

Pure description, in the order in which files refer to each other. Reading, checking, writing and
`datapackage.json` all follow it; a new column is one line here and one in the model.
"""

from dataclasses import dataclass, field
from functools import cached_property

TEXT, KEY, DAY, INSTANT, WHOLE, FLAG, CHOICE, LIST, BIRTH = (
    "text",
    "key",
    "day",
    "instant",
    "whole",
    "flag",
    "choice",
    "list",
    "birth",
)
TIERS = ("central", "province", "district", "commune")


@dataclass(frozen=True)
class Column:
    """A column of a file, kept in ``attribute`` of the file's table.

    ``references`` names the sheet whose key it holds. ``low`` and ``high`` bound a whole number.
    """

    name: str
    kind: str = TEXT
    attribute: str = ""
    required: bool = False
    references: str = ""
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 2_147_483_647
    length: int = 0
    default: object = None
    is_exported: bool = True

    @property
    def stored_as(self) -> str:
        """The name of the table's column."""
        return self.attribute or self.name


@dataclass(frozen=True)
class Sheet:
    """A file of the package.

    ``identity`` are the columns that say which row it is (facts have none but their content, and
    then it is their owner); ``apart``: rows equal in these columns may not share a day while both
    are known; ``frozen``: a known row is never changed but for ``may_change``; ``on_new_only`` are
    columns of the table that a known row keeps, whatever the file says.
    """

    name: str
    table: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    is_fact: bool = False
    apart: tuple[str, ...] = ()
    periods: tuple[tuple[str, str], ...] = ()
    frozen: bool = False
    may_change: tuple[str, ...] = ()
    on_new_only: tuple[str, ...] = ()
    index: dict[str, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Number the columns, once."""
        numbers = {column.name: number for number, column in enumerate(self.columns)}
        object.__setattr__(self, "index", numbers)

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"

    @cached_property
    def content(self) -> tuple[Column, ...]:
        """The columns that say what a fact is, without when it was known."""
        return tuple(c for c in self.columns if c.name not in ("recorded_at", "retracted_at"))


def _key(name: str) -> Column:
    return Column(name, KEY, "key", required=True, length=120)


def _to(sheet: str, name: str, *, attribute: str = "", required: bool = True) -> Column:
    return Column(name, KEY, attribute or f"{name}_id", required, references=sheet, length=120)


def _text(name: str, length: int = 0, *, required: bool = False) -> Column:
    return Column(name, TEXT, required=required, length=length, default="")


def _period(*, required: bool = False) -> tuple[Column, Column]:
    return (
        Column("valid_from", DAY, "starts_on", required=required),
        Column("valid_to", DAY, "ends_on"),
    )


_KNOWN = (Column("recorded_at", INSTANT), Column("retracted_at", INSTANT))
_VALID = (("valid_from", "valid_to"),)


def _fact(
    name: str,
    table: str,
    *columns: Column,
    apart: tuple[str, ...] = (),
    periods: tuple[tuple[str, str], ...] = _VALID,
) -> Sheet:
    owner = (columns[0].name,)
    return Sheet(name, table, (*columns, *_KNOWN), owner, True, apart, periods)


UNITS = Sheet(
    "units",
    "unit",
    (
        _key("unit"),
        _text("name", 250, required=True),
        _text("short_name", 120),
        Column("tier", CHOICE, required=True, choices=TIERS),
        Column(
            "kind",
            CHOICE,
            required=True,
            choices=("state", "party", "mass_organisation", "press", "area"),
        ),
        *_period(),
    ),
    ("unit",),
    periods=_VALID,
    # The names of a known unit have periods; `exchange.names` sees to them.
    on_new_only=("name", "short_name", "search_key"),
)
UNIT_NAMES = _fact(
    "unit_names",
    "unit_name",
    _to("units", "unit"),
    _text("name", 250, required=True),
    _text("short_name", 120),
    *_period(required=False),
    apart=("unit",),
)
UNIT_CODES = _fact(
    "unit_codes",
    "unit_code",
    _to("units", "unit"),
    _text("scheme", 30, required=True),
    _text("code", 30, required=True),
    *_period(),
)
UNIT_PARENTS = _fact(
    "unit_parents",
    "unit_parent",
    _to("units", "unit"),
    _to("units", "parent"),
    *_period(),
    apart=("unit",),
)
UNIT_SUCCESSIONS = _fact(
    "unit_successions",
    "unit_succession",
    _to("units", "predecessor"),
    _to("units", "successor"),
    Column("effective_on", DAY, required=True),
    Column("is_default", FLAG, default=False),
    periods=(),
)
GROUPS = Sheet(
    "groups",
    "cadre_group",
    (_key("group"), _text("name", 250, required=True), _text("name_en", 250)),
    ("group",),
)
PEOPLE = Sheet(
    "people",
    "person",
    (
        _key("person"),
        _text("full_name", 200, required=True),
        Column("gender", CHOICE, choices=("male", "female"), default=""),
        Column("birth_date", BIRTH, default=""),
        Column("birth_precision", CHOICE, choices=("day", "month", "year"), default=""),
        _text("position", 200),
        _text("phone", 20),
        _text("email", 200),
        Column("national_id", TEXT, default="", is_exported=False),
        _text("national_id_hash", 64),
        _text("national_id_last4", 4),
    ),
    ("person",),
)
MEMBERSHIPS = _fact(
    "memberships",
    "membership",
    _to("people", "person"),
    _to("groups", "group"),
    _to("units", "unit"),
    _text("position", 200),
    *_period(required=True),
    apart=("person", "group"),
)
COURSES = Sheet(
    "courses",
    "course",
    (
        _key("course"),
        _text("name", 300, required=True),
        _text("name_en", 300),
        Column("kind", CHOICE, choices=("training", "briefing", "material"), default="training"),
        Column("hours", WHOLE),
        Column("validity_months", WHOLE, low=1),
    ),
    ("course",),
)
PROGRAMMES = Sheet(
    "programmes",
    "programme",
    (
        _key("programme"),
        _text("title", required=True),
        _text("document_no", 120),
        Column("issued_on", DAY),
        _to("units", "authority_unit", required=False),
        *_period(),
    ),
    ("programme",),
    periods=_VALID,
)
TARGETS = Sheet(
    "targets",
    "target",
    (
        _to("programmes", "programme"),
        _to("groups", "group"),
        Column("percent", WHOLE, high=100),
        Column("deadline", DAY),
        Column("origin", CHOICE, choices=("stated", "inherited", "not_stated"), default="stated"),
        _to("units", "scope_unit", required=False),
        Column("tiers", LIST, choices=TIERS, default=""),
        Column("grace_days", WHOLE, default=0),
        Column("valid_from", DAY, "starts_on"),
    ),
    ("programme", "group"),
)
REQUIREMENTS = _fact(
    "requirements",
    "requirement_option",
    _to("programmes", "programme"),
    _to("groups", "group"),
    _text("item", 120, required=True),
    _to("courses", "course"),
    *_period(),
    Column("accepts_from", DAY),
    Column("accepts_to", DAY),
    periods=(*_VALID, ("accepts_from", "accepts_to")),
)
SESSIONS = Sheet(
    "sessions",
    "training_session",
    (
        _key("session"),
        _to("courses", "course"),
        _text("title", 300, required=True),
        _to("units", "unit"),
        Column("starts_on", DAY, required=True),
        Column("ends_on", DAY, required=True),
        Column("capacity", WHOLE, low=1),
        _text("place", 300),
    ),
    ("session",),
    periods=(("starts_on", "ends_on"),),
)
COMPLETIONS = _fact(
    "completions",
    "completion",
    _to("people", "person"),
    _to("courses", "course"),
    Column("completed_on", DAY, required=True),
    Column("valid_through", DAY),
    Column("revoked_from", DAY),
    Column("void", FLAG, "is_void", default=False),
    _text("source", 200),
    _to("sessions", "session", attribute="training_session_id", required=False),
    periods=(),
)
EXEMPTIONS = _fact(
    "exemptions",
    "exemption",
    _to("people", "person"),
    _to("programmes", "programme"),
    _to("groups", "group"),
    *_period(),
    _text("reason"),
    _text("document_no", 120),
)
HEADCOUNTS = _fact(
    "headcounts",
    "headcount",
    _to("units", "unit"),
    _to("groups", "group"),
    Column("declared", WHOLE, required=True, high=1_000_000),
    *_period(),
    apart=("unit", "group"),
)
ENROLMENTS = Sheet(
    "enrolments",
    "enrolment",
    (
        _to("sessions", "session", attribute="training_session_id"),
        _to("people", "person"),
        Column(
            "state",
            CHOICE,
            choices=("booked", "waiting", "completed", "incomplete", "withdrawn", "cancelled"),
            default="booked",
        ),
        Column("attended", FLAG),
    ),
    ("session", "person"),
)
CERTIFICATES = Sheet(
    "certificates",
    "certificate",
    (
        _key("certificate"),
        _to("people", "person"),
        _to("sessions", "session", attribute="training_session_id", required=False),
        _to("courses", "course"),
        _text("number", 80, required=True),
        _text("register_no", 80),
        Column("issued_on", DAY, required=True),
        Column("state", CHOICE, choices=("issued", "replaced", "revoked"), default="issued"),
        _text("sha256", 64),
    ),
    ("certificate",),
    frozen=True,
    may_change=("state",),
)

# In the order of loading: every reference points at a file before it.
SHEETS = (
    UNITS,
    UNIT_NAMES,
    UNIT_CODES,
    UNIT_PARENTS,
    UNIT_SUCCESSIONS,
    GROUPS,
    PEOPLE,
    MEMBERSHIPS,
    COURSES,
    PROGRAMMES,
    TARGETS,
    REQUIREMENTS,
    SESSIONS,
    COMPLETIONS,
    EXEMPTIONS,
    HEADCOUNTS,
    ENROLMENTS,
    CERTIFICATES,
)
