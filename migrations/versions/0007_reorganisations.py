"""Give reorganisations their tables, and let a succession that was retracted be recorded again."""
from alembic import op
import sqlalchemy as sa


revision = "0007"
down_revision = "0006"

KNOWN = sa.text("retracted_at IS NULL")
SUCCESSION = ['predecessor_id', 'successor_id', 'effective_on']


def upgrade() -> None:
    # The table has no triggers, so that SQLite may make it anew without the constraint.
    with op.batch_alter_table('unit_succession') as batch_op:
        batch_op.drop_constraint(
            op.f('uq_unit_succession_predecessor_id_successor_id_effective_on'), type_='unique'
        )
        batch_op.create_index('uq_unit_succession_known', SUCCESSION, unique=True,
                              sqlite_where=KNOWN, postgresql_where=KNOWN)


def downgrade() -> None:
    # What was retracted and recorded again did not fit before: the row that is known stays.
    op.execute(
        "DELETE FROM unit_succession WHERE retracted_at IS NOT NULL AND EXISTS (SELECT 1 "
        "FROM unit_succession other WHERE other.id <> unit_succession.id "
        "AND other.predecessor_id = unit_succession.predecessor_id "
        "AND other.successor_id = unit_succession.successor_id "
        "AND other.effective_on = unit_succession.effective_on "
        "AND (other.retracted_at IS NULL OR other.id > unit_succession.id))"
    )
    with op.batch_alter_table('unit_succession') as batch_op:
        batch_op.drop_index('uq_unit_succession_known', sqlite_where=KNOWN, postgresql_where=KNOWN)
        batch_op.create_unique_constraint(
            op.f('uq_unit_succession_predecessor_id_successor_id_effective_on'), SUCCESSION
        )
