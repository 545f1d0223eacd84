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


    op.create_table('reorganisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('document_no', sa.String(length=120), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('act_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['user_account.id'], name=op.f('fk_reorganisation_made_by_id_user_account')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_reorganisation_job_id_job')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_reorganisation_act_id_act')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reorganisation')),
    sa.UniqueConstraint('key', name=op.f('uq_reorganisation_key'))
    )
    op.create_index('ix_reorganisation_act', 'reorganisation', ['act_id'])

    op.create_table('reorganisation_choice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('act_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('old_unit_id', sa.Integer(), nullable=False),
    sa.Column('placed_unit_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('chosen_unit_id', sa.Integer(), nullable=True),
    sa.Column('chosen_by_id', sa.Integer(), nullable=True),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_reorganisation_choice_act_id_act')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reorganisation_choice_person_id_person')),
    sa.ForeignKeyConstraint(['group_id'], ['cadre_group.id'], name=op.f('fk_reorganisation_choice_group_id_cadre_group')),
    sa.ForeignKeyConstraint(['old_unit_id'], ['unit.id'], name=op.f('fk_reorganisation_choice_old_unit_id_unit')),
    sa.ForeignKeyConstraint(['placed_unit_id'], ['unit.id'], name=op.f('fk_reorganisation_choice_placed_unit_id_unit')),
    sa.ForeignKeyConstraint(['chosen_unit_id'], ['unit.id'], name=op.f('fk_reorganisation_choice_chosen_unit_id_unit')),
    sa.ForeignKeyConstraint(['chosen_by_id'], ['user_account.id'], name=op.f('fk_reorganisation_choice_chosen_by_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reorganisation_choice'))
    )
    op.create_index('ix_reorganisation_choice_act', 'reorganisation_choice', ['act_id', 'old_unit_id'])
    op.create_index('ix_act_fact_fact', 'act_fact', ['fact_id', 'table_name'])


def downgrade() -> None:
    op.drop_index('ix_act_fact_fact', 'act_fact')
    op.drop_table('reorganisation_choice')
    op.drop_table('reorganisation')
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
