"""Give acts that are undone as one their tables, and people and units a way out of the lists."""
from alembic import op
import sqlalchemy as sa


revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table('act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('done_by_id', sa.Integer(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['done_by_id'], ['user_account.id'], name=op.f('fk_act_done_by_id_user_account')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['user_account.id'], name=op.f('fk_act_undone_by_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act')),
    sa.UniqueConstraint('key', name=op.f('uq_act_key'))
    )
    op.create_index('ix_act_kind', 'act', ['kind', 'id'])

    op.create_table('act_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('act_id', sa.Integer(), nullable=False),
    sa.Column('table_name', sa.String(length=40), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_act_change_act_id_act')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act_change'))
    )
    op.create_index('ix_act_change_act', 'act_change', ['act_id', 'id'])

    op.create_table('act_fact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('act_id', sa.Integer(), nullable=False),
    sa.Column('table_name', sa.String(length=40), nullable=False),
    sa.Column('fact_id', sa.Integer(), nullable=False),
    sa.Column('is_recorded', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_act_fact_act_id_act')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act_fact'))
    )
    op.create_index('ix_act_fact_act', 'act_fact', ['act_id', 'table_name', 'is_recorded'])

    # Added in place: making the tables anew would lose the triggers that hang on them.
    for table in ('person', 'unit'):
        op.add_column(
            table, sa.Column('is_set_aside', sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    for table in ('unit', 'person'):
        op.drop_column(table, 'is_set_aside')
    for table in ('act_fact', 'act_change', 'act'):
        op.drop_table(table)
