"""Give personal data their tables: who looked, requests, incidents, the notice, rules of retention.

What was looked at is never changed, so the database refuses it. Rows may be deleted: they are kept
only as long as the rule of retention says.
"""
from alembic import op
import sqlalchemy as sa


revision = "0009"
down_revision = "0008"


def refuse_updates() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION data_access_is_appended() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'who looked at what is never changed'; END $$"
        )
        op.execute(
            "CREATE TRIGGER data_access_is_appended BEFORE UPDATE ON data_access "
            "FOR EACH ROW EXECUTE FUNCTION data_access_is_appended()"
        )
    else:
        op.execute(
            "CREATE TRIGGER data_access_is_appended BEFORE UPDATE ON data_access "
            "BEGIN SELECT RAISE(ABORT, 'who looked at what is never changed'); END"
        )


def upgrade() -> None:
    op.create_table('data_access',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('purpose', sa.String(length=10), nullable=False),
    sa.Column('what', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('filters', sa.JSON(), nullable=False),
    sa.Column('shown_count', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("purpose IN ('page', 'print', 'export')", name=op.f('ck_data_access_purpose')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_data_access_person_id_person')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_data_access_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_access'))
    )
    op.create_index('ix_data_access_at', 'data_access', ['at'])
    op.create_index('ix_data_access_person', 'data_access', ['person_id', 'id'])
    op.create_index('ix_data_access_user', 'data_access', ['user_id', 'id'])
    refuse_updates()

    op.create_table('data_access_person',
    sa.Column('access_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['access_id'], ['data_access.id'], name=op.f('fk_data_access_person_access_id_data_access')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_data_access_person_person_id_person')),
    sa.PrimaryKeyConstraint('access_id', 'person_id', name=op.f('pk_data_access_person'))
    )
    op.create_index('ix_data_access_person_of', 'data_access_person', ['person_id', 'access_id'])

    op.create_table('subject_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('via', sa.String(length=20), nullable=False),
    sa.Column('through_processor', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('acknowledge_by', sa.Date(), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=False),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('extended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('extension_reason', sa.Text(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ground', sa.String(length=30), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('view', 'correct', 'copy', 'withdraw', 'restrict', 'object', 'erase', 'protect')", name=op.f('ck_subject_request_kind')),
    sa.CheckConstraint("state IN ('received', 'acknowledged', 'done', 'refused')", name=op.f('ck_subject_request_state')),
    sa.CheckConstraint("via IN ('account', 'link', 'office')", name=op.f('ck_subject_request_via')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['user_account.id'], name=op.f('fk_subject_request_entered_by_id_user_account')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_subject_request_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_request')),
    sa.UniqueConstraint('key', name=op.f('uq_subject_request_key'))
    )
    op.create_index('ix_subject_request_person', 'subject_request', ['person_id', 'id'])
    op.create_index('ix_subject_request_state', 'subject_request', ['state', 'answer_by'])

    op.create_table('data_incident',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('people_count', sa.Integer(), nullable=True),
    sa.Column('measures', sa.Text(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('report_no', sa.String(length=120), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entered_by_id'], ['user_account.id'], name=op.f('fk_data_incident_entered_by_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_incident')),
    sa.UniqueConstraint('key', name=op.f('uq_data_incident_key'))
    )
    op.create_index('ix_data_incident_noticed_at', 'data_incident', ['noticed_at'])

    op.create_table('privacy_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('controller', sa.String(length=250), nullable=False),
    sa.Column('contact', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_notice'))
    )

    op.create_table('retention_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('months', sa.Integer(), nullable=True),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('months IS NULL OR months > 0', name=op.f('ck_retention_rule_months')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_rule')),
    sa.UniqueConstraint('kind', name=op.f('uq_retention_rule_kind'))
    )

    # Added in place: making the table anew would lose the triggers that hang on it.
    op.add_column('person', sa.Column('anonymised_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('person', 'anonymised_at')
    for table in ('retention_rule', 'privacy_notice', 'data_incident', 'subject_request', 'data_access_person', 'data_access'):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION data_access_is_appended")
