"""Count what figures are to be trusted less for, and note who signs a declaration and as what.

Spans and ledger get their new columns empty: `flask coverage rebuild` fills them (a small country
is built with the next change), and until then figures are counted from the facts.
"""
from alembic import op
import sqlalchemy as sa


revision = "0008"
down_revision = "0007"

MARKS = ("unsure", "no_birth", "no_identity", "no_evidence")
# table -> the unit that a new row tells of
HEARD = {"membership": "unit_id", "headcount": "unit_id", "unit_parent": "parent_id"}
SIGNED = {"signed_name": sa.String(200), "signed_position": sa.String(200),
          "signed_at": sa.DateTime(timezone=True)}
LACKS = ("birth_date", "national_id_hash")


def empty_derived() -> None:
    for table in ("coverage_pending", "coverage_ledger", "coverage_span", "coverage_measure",
                  "coverage_state"):
        op.execute(f"DELETE FROM {table}")


def note_on_sqlite() -> None:
    lacks = " OR ".join(f"(OLD.{name} = '') <> (NEW.{name} = '')" for name in LACKS)
    op.execute(
        f"CREATE TRIGGER touch_person_update AFTER UPDATE OF {', '.join(LACKS)} ON person "
        f"WHEN {lacks} BEGIN "
        "INSERT INTO touched (kind, a, b) VALUES ('person', NEW.id, 0); END"
    )
    for event, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        op.execute(
            f"CREATE TRIGGER touch_certificate_{event} AFTER {event.upper()} ON certificate "
            f"WHEN {row}.training_session_id IS NULL BEGIN "
            f"INSERT INTO touched (kind, a, b) VALUES ('person', {row}.person_id, 0); END"
        )


def note_on_postgresql() -> None:
    lacks = " OR ".join(f"(before.{name} = '') <> (written.{name} = '')" for name in LACKS)
    op.execute(
        "CREATE FUNCTION touch_person() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO touched (kind, a, b) SELECT 'person', written.id, 0 FROM written "
        f"JOIN before ON before.id = written.id WHERE {lacks}; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER touch_person_update AFTER UPDATE ON person "
        "REFERENCING OLD TABLE AS before NEW TABLE AS written FOR EACH STATEMENT "
        "EXECUTE FUNCTION touch_person()"
    )
    op.execute(
        "CREATE FUNCTION touch_certificate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO touched (kind, a, b) SELECT DISTINCT 'person', person_id, 0 FROM written "
        "WHERE training_session_id IS NULL; RETURN NULL; END $$"
    )
    for event, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        op.execute(
            f"CREATE TRIGGER touch_certificate_{event} AFTER {event.upper()} ON certificate "
            f"REFERENCING {rows} TABLE AS written FOR EACH STATEMENT "
            "EXECUTE FUNCTION touch_certificate()"
        )


def make_silent_units(is_postgresql: bool) -> None:
    """Units nobody ever heard from: every new one, until its first member, declaration, or unit
    below it, through which it is heard from then on.
    """
    op.create_table(
        "silent_unit",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_silent_unit")),
    )
    op.execute(
        "INSERT INTO silent_unit SELECT id FROM unit "
        "WHERE NOT EXISTS (SELECT 1 FROM membership WHERE unit_id = unit.id) "
        "AND NOT EXISTS (SELECT 1 FROM headcount WHERE unit_id = unit.id) "
        "AND NOT EXISTS (SELECT 1 FROM unit_parent WHERE parent_id = unit.id)"
    )
    if not is_postgresql:
        op.execute("CREATE TRIGGER hear_unit AFTER INSERT ON unit BEGIN "
                   "INSERT OR IGNORE INTO silent_unit VALUES (NEW.id); END")
        for table, unit in HEARD.items():
            op.execute(f"CREATE TRIGGER hear_{table} AFTER INSERT ON {table} BEGIN "
                       f"DELETE FROM silent_unit WHERE unit_id = NEW.{unit}; END")
        return
    acts = {"unit": "INSERT INTO silent_unit SELECT id FROM written ON CONFLICT DO NOTHING"}
    acts |= {table: f"DELETE FROM silent_unit WHERE unit_id IN (SELECT {unit} FROM written)"
             for table, unit in HEARD.items()}
    for table, act in acts.items():
        op.execute(f"CREATE FUNCTION hear_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                   f"{act}; RETURN NULL; END $$")
        op.execute(f"CREATE TRIGGER hear_{table} AFTER INSERT ON {table} REFERENCING NEW TABLE "
                   f"AS written FOR EACH STATEMENT EXECUTE FUNCTION hear_{table}()")


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    empty_derived()
    make_silent_units(is_postgresql)
    op.create_index("ix_unit_tier_life", "unit", ["tier", "starts_on", "ends_on", "is_set_aside"])
    for name in MARKS:
        for table in ("coverage_ledger", "coverage_pending"):
            op.add_column(table, sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("coverage_span", sa.Column("gaps", sa.SmallInteger(), nullable=False,
                                             server_default="0"))
    op.create_index(
        "ix_coverage_span_gaps", "coverage_span",
        ["measure_id", "unit_id", "starts", "ends", "gaps", "person_id"],
        sqlite_where=sa.text("gaps > 0"), postgresql_where=sa.text("gaps > 0"),
    )
    note_on_postgresql() if is_postgresql else note_on_sqlite()
    for name, kind in SIGNED.items():
        op.add_column("headcount", sa.Column(name, kind, nullable=True))
    op.create_index("ix_headcount_declared_by", "headcount", ["declared_by_id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION touch_person CASCADE")
        op.execute("DROP FUNCTION touch_certificate CASCADE")
        for table in ("unit", *HEARD):
            op.execute(f"DROP FUNCTION hear_{table} CASCADE")
    else:
        for name in ("person_update", "certificate_insert", "certificate_update",
                     "certificate_delete"):
            op.execute(f"DROP TRIGGER touch_{name}")
        for table in ("unit", *HEARD):
            op.execute(f"DROP TRIGGER hear_{table}")
    op.drop_table("silent_unit")
    op.drop_index("ix_unit_tier_life", "unit")
    op.drop_index("ix_headcount_declared_by", "headcount")
    for name in SIGNED:
        op.drop_column("headcount", name)
    empty_derived()
    op.drop_index("ix_coverage_span_gaps", "coverage_span")
    op.drop_column("coverage_span", "gaps")
    for name in MARKS:
        for table in ("coverage_ledger", "coverage_pending"):
            op.drop_column(table, name)
