"""Give duplicates and merges of people their tables."""
from alembic import op
import sqlalchemy as sa


revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index(
        'ix_person_set_aside', 'person', ['id'],
        sqlite_where=sa.text("is_set_aside = 1"), postgresql_where=sa.text("is_set_aside"),
    )

    # Added in place: making the table anew would lose the triggers that hang on it.
    op.add_column('person', sa.Column('merged_into_id', sa.Integer(), nullable=True))
    op.create_index('ix_person_merged_into_id', 'person', ['merged_into_id'])

    op.create_table('person_merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('merged_id', sa.Integer(), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('act_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('merged_by_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('merged_id <> kept_id', name=op.f('ck_person_merge_two')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_person_merge_act_id_act')),
    sa.ForeignKeyConstraint(['kept_id'], ['person.id'], name=op.f('fk_person_merge_kept_id_person')),
    sa.ForeignKeyConstraint(['merged_by_id'], ['user_account.id'], name=op.f('fk_person_merge_merged_by_id_user_account')),
    sa.ForeignKeyConstraint(['merged_id'], ['person.id'], name=op.f('fk_person_merge_merged_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_merge'))
    )
    op.create_index('ix_person_merge_act_id', 'person_merge', ['act_id'])
    op.create_index('ix_person_merge_kept', 'person_merge', ['kept_id'])
    op.create_index(
        'uq_person_merge_merged', 'person_merge', ['merged_id'], unique=True,
        sqlite_where=sa.text('retracted_at IS NULL'), postgresql_where=sa.text('retracted_at IS NULL'),
    )

    op.create_table('duplicate_pair',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=20), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_duplicate_pair_order')),
    sa.CheckConstraint("state IN ('open', 'later', 'apart')", name=op.f('ck_duplicate_pair_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_duplicate_pair_decided_by_id_user_account')),
    sa.ForeignKeyConstraint(['first_id'], ['person.id'], name=op.f('fk_duplicate_pair_first_id_person')),
    sa.ForeignKeyConstraint(['second_id'], ['person.id'], name=op.f('fk_duplicate_pair_second_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate_pair')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_duplicate_pair_first_id_second_id')),
    sa.UniqueConstraint('key', name=op.f('uq_duplicate_pair_key'))
    )
    op.create_index('ix_duplicate_pair_second', 'duplicate_pair', ['second_id'])
    op.create_index('ix_duplicate_pair_state', 'duplicate_pair', ['state', 'score', 'id'])

    op.create_table('person_block',
    sa.Column('block', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_block_person_id_person')),
    sa.PrimaryKeyConstraint('block', 'person_id', name=op.f('pk_person_block'))
    )
    op.create_index('ix_person_block_person', 'person_block', ['person_id'])

    op.create_table('person_looked_at',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_looked_at_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_person_looked_at'))
    )


def downgrade() -> None:
    for table in ('person_looked_at', 'person_block', 'duplicate_pair', 'person_merge'):
        op.drop_table(table)
    op.drop_index('ix_person_merged_into_id', 'person')
    op.drop_column('person', 'merged_into_id')
    op.drop_index('ix_person_set_aside', 'person')
