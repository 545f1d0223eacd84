"""Let a roster be read by a job, explained by hand, compared with who is known, and taken back."""
from alembic import op
import sqlalchemy as sa


revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    # Added in place: on SQLite the rows of an upload would not let its table be made anew.
    op.add_column('roster_upload', sa.Column('act_id', sa.Integer(), nullable=True))
    op.add_column(
        'roster_upload',
        sa.Column('covers', sa.String(length=10), nullable=False, server_default='units'),
    )
    op.add_column('roster_upload', sa.Column('fault', sa.Text(), nullable=False, server_default=''))
    op.add_column(
        'roster_upload', sa.Column('turn', sa.String(length=40), nullable=False, server_default='')
    )
    op.add_column('roster_row', sa.Column('person_id', sa.Integer(), nullable=True))
    op.add_column('roster_row', sa.Column('unit_id', sa.Integer(), nullable=True))
    op.create_index('ix_roster_row_upload_person', 'roster_row', ['upload_id', 'person_id'])

    op.create_table('roster_columns',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_roster_columns_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_columns')),
    sa.UniqueConstraint('user_id', 'fingerprint', name=op.f('uq_roster_columns_user_id_fingerprint'))
    )

    op.create_table('roster_leaving',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('upload_id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['upload_id'], ['roster_upload.id'], name=op.f('fk_roster_leaving_upload_id_roster_upload')),
    sa.ForeignKeyConstraint(['membership_id'], ['membership.id'], name=op.f('fk_roster_leaving_membership_id_membership')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_leaving')),
    sa.UniqueConstraint('upload_id', 'membership_id', name=op.f('uq_roster_leaving_upload_id_membership_id'))
    )
    op.create_index('ix_roster_leaving_upload', 'roster_leaving', ['upload_id', 'id'])


def downgrade() -> None:
    op.drop_table('roster_leaving')
    op.drop_table('roster_columns')
    op.drop_index('ix_roster_row_upload_person', 'roster_row')
    for name in ('unit_id', 'person_id'):
        op.drop_column('roster_row', name)
    for name in ('turn', 'fault', 'covers', 'act_id'):
        op.drop_column('roster_upload', name)
