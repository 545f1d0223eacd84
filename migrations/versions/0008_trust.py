"""Count what figures are to be trusted less for, and note who signs a declaration and as what.

Spans and ledger get their new columns empty: `flask coverage rebuild` fills them (a small country
is built with the next change), and until then figures are counted from the facts.
"""
from alembic import op
import sqlalchemy as sa


revision = "0008"
down_revision = "0007"

MARKS = ("unsure", "no_birth", "no_identity", "no_evidence")
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


def upgrade() -> None:
    empty_derived()
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
    note_on_postgresql() if op.get_bind().dialect.name == "postgresql" else note_on_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION touch_person CASCADE")
        op.execute("DROP FUNCTION touch_certificate CASCADE")
    else:
        for name in ("person_update", "certificate_insert", "certificate_update",
                     "certificate_delete"):
            op.execute(f"DROP TRIGGER touch_{name}")
    empty_derived()
    op.drop_index("ix_coverage_span_gaps", "coverage_span")
    op.drop_column("coverage_span", "gaps")
    for name in MARKS:
        for table in ("coverage_ledger", "coverage_pending"):
            op.drop_column(table, name)
