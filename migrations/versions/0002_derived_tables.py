"""Create the derived tables of coverage, and the triggers that note what facts touch.

The tables begin in step only where there is nobody to count; elsewhere `flask coverage rebuild`
fills them, and until then figures are counted from the facts.
"""
from alembic import op
import sqlalchemy as sa


revision = "0002"
down_revision = "0001"

COUNTERS = ("in_scope", "exempt", "in_grace", "trained", "unnamed", "unconfirmed")
# table -> what a written row touches: kind and two columns or numbers
NOTED = {
    "membership": ("person", "person_id", "0"),
    "completion": ("person", "person_id", "0"),
    "exemption": ("person", "person_id", "0"),
    "unit_parent": ("edge", "unit_id", "0"),
    "unit": ("unit", "id", "0"),
    "headcount": ("headcount", "unit_id", "group_id"),
    "requirement_option": ("plan", "programme_id", "0"),
    "target": ("plan", "programme_id", "0"),
    "programme": ("plan", "id", "0"),
}
# A unit's name changes no figure.
COLUMNS = {"unit": "tier"}
SQLITE_EVENTS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
# event -> the transition table that holds the rows, which PostgreSQL names once per trigger
POSTGRESQL_EVENTS = (
    ("insert", "NEW"), ("update", "OLD"), ("update", "NEW"), ("delete", "OLD")
)


def note_on_sqlite(table: str, kind: str, a: str, b: str) -> None:
    for event, rows in SQLITE_EVENTS.items():
        of = f" OF {COLUMNS[table]}" if event == "update" and table in COLUMNS else ""
        notes = ""
        for row in rows:
            second = b if b == "0" else f"{row}.{b}"
            notes += f"INSERT INTO touched (kind, a, b) VALUES ('{kind}', {row}.{a}, {second}); "
        op.execute(
            f"CREATE TRIGGER touch_{table}_{event} AFTER {event.upper()}{of} ON {table} "
            f"BEGIN {notes}END"
        )


def note_on_postgresql(table: str, kind: str, a: str, b: str) -> None:
    op.execute(
        f"CREATE FUNCTION touch_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"INSERT INTO touched (kind, a, b) SELECT DISTINCT '{kind}', {a}, {b} FROM written; "
        "RETURN NULL; END $$"
    )
    for event, rows in POSTGRESQL_EVENTS:
        op.execute(
            f"CREATE TRIGGER touch_{table}_{event}_{rows.lower()} AFTER {event.upper()} "
            f"ON {table} REFERENCING {rows} TABLE AS written FOR EACH STATEMENT "
            f"EXECUTE FUNCTION touch_{table}()"
        )


def counters_of() -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in COUNTERS]


def upgrade() -> None:
    op.create_table('touched',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('a', sa.Integer(), nullable=False),
    sa.Column('b', sa.Integer(), nullable=False)
    )
    op.create_table('unit_closure',
    sa.Column('ancestor_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('descendant_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('starts', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('ends', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('ancestor_id', 'descendant_id', 'starts', name=op.f('pk_unit_closure')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_unit_closure_descendant', 'unit_closure', ['descendant_id', 'ancestor_id', 'starts', 'ends'])
    op.create_table('coverage_measure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=120), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coverage_measure')),
    sa.UniqueConstraint('programme_id', 'target_id', 'item', name=op.f('uq_coverage_measure_programme_id_target_id_item'))
    )
    op.create_table('coverage_span',
    sa.Column('person_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('measure_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('starts', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('unit_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('ends', sa.Integer(), nullable=False),
    sa.Column('state', sa.SmallInteger(), nullable=False),
    sa.PrimaryKeyConstraint('person_id', 'measure_id', 'starts', 'unit_id', name=op.f('pk_coverage_span')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_coverage_span_unit', 'coverage_span', ['measure_id', 'unit_id', 'state', 'starts', 'ends', 'person_id'])
    op.create_index('ix_coverage_span_shared', 'coverage_span', ['measure_id', 'starts'],
                    sqlite_where=sa.text('state > 4'), postgresql_where=sa.text('state > 4'))
    op.create_table('coverage_ledger',
    sa.Column('measure_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('unit_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('part', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('day', sa.Integer(), autoincrement=False, nullable=False),
    *counters_of(),
    sa.PrimaryKeyConstraint('measure_id', 'unit_id', 'part', 'day', name=op.f('pk_coverage_ledger')),
    sqlite_with_rowid=False
    )
    op.create_table('coverage_pending',
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Integer(), nullable=False),
    *counters_of()
    )
    instant = sa.DateTime(timezone=True)
    op.create_table('coverage_state',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('is_built', sa.Boolean(), nullable=False),
    sa.Column('valid_until', instant, nullable=True),
    sa.Column('checked_at', instant, nullable=True),
    sa.Column('alarm', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coverage_state'))
    )
    dialect = op.get_bind().dialect.name
    note = note_on_postgresql if dialect == "postgresql" else note_on_sqlite
    for table, what in NOTED.items():
        note(table, *what)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in NOTED:
        if dialect == "postgresql":
            op.execute(f"DROP FUNCTION touch_{table} CASCADE")
        else:
            for event in SQLITE_EVENTS:
                op.execute(f"DROP TRIGGER touch_{table}_{event}")
    for table in ("coverage_state", "coverage_pending", "coverage_ledger", "coverage_span",
                  "coverage_measure", "unit_closure", "touched"):
        op.drop_table(table)
