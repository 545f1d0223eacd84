"""Note which units were heard from instead of taking them out at once.

Two who write of two units, each in its own order, would wait for each other at these rows; what is
noted is taken before the commit, by number (`core.derived`).
"""
from alembic import op


revision = "0011"
down_revision = "0010"

# table -> the unit that a new row tells of
HEARD = {"membership": "unit_id", "headcount": "unit_id", "unit_parent": "parent_id"}
NOTE = "INSERT INTO touched (kind, a, b) SELECT DISTINCT 'heard', unit_id, 0 FROM silent_unit"
TAKE = "DELETE FROM silent_unit"


def on_sqlite(act: str) -> None:
    for table, unit in HEARD.items():
        op.execute(f"DROP TRIGGER hear_{table}")
        op.execute(f"CREATE TRIGGER hear_{table} AFTER INSERT ON {table} BEGIN "
                   f"{act} WHERE unit_id = NEW.{unit}; END")


def on_postgresql(act: str) -> None:
    for table, unit in HEARD.items():
        op.execute(f"CREATE OR REPLACE FUNCTION hear_{table}() RETURNS trigger LANGUAGE plpgsql "
                   f"AS $$ BEGIN {act} WHERE unit_id IN (SELECT {unit} FROM written); "
                   "RETURN NULL; END $$")


def upgrade() -> None:
    on_postgresql(NOTE) if op.get_bind().dialect.name == "postgresql" else on_sqlite(NOTE)


def downgrade() -> None:
    on_postgresql(TAKE) if op.get_bind().dialect.name == "postgresql" else on_sqlite(TAKE)
