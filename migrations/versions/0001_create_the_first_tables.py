"""Create the first tables.

What no overlap of days means is enforced here, by exclusion constraints on PostgreSQL and by
triggers on SQLite: one membership per person, group and day; one parent, one name and one
declaration per group on a day; counted only while both rows are known.
"""
from alembic import op
import sqlalchemy as sa


revision = "0001"
down_revision = None


# table -> columns that must be equal for two rows to exclude each other's days
NO_OVERLAP = {
    "membership": ("person_id", "group_id"),
    "unit_parent": ("unit_id",),
    "unit_name": ("unit_id",),
    "headcount": ("unit_id", "group_id"),
}


def forbid_overlap(table: str, columns: tuple[str, ...]) -> None:
    """Refuse two rows of ``table``, equal in ``columns``, known together and sharing a day."""
    name = f"ex_{table}_days"
    if op.get_bind().dialect.name == "postgresql":
        # Integer ranges of one number stand for "=", which spares the btree_gist extension.
        same = ", ".join(f"int4range({column}, {column}, '[]') WITH &&" for column in columns)
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({same}, "
            "daterange(starts_on, ends_on) WITH &&, tstzrange(recorded_at, retracted_at) WITH &&)"
        )
        return
    # The first column finds the few rows there are; a plus keeps SQLite from searching by another,
    # such as the group of a hundred thousand members.
    same = " AND +".join(f"other.{column} = NEW.{column}" for column in columns)
    for event, not_itself in (("INSERT", ""), ("UPDATE", " AND other.id <> NEW.id")):
        op.execute(
            f"""CREATE TRIGGER {name}_{event.lower()} BEFORE {event} ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} other WHERE {same}{not_itself}
              AND (other.ends_on IS NULL OR NEW.starts_on IS NULL OR NEW.starts_on < other.ends_on)
              AND (NEW.ends_on IS NULL OR other.starts_on IS NULL OR other.starts_on < NEW.ends_on)
              AND (other.retracted_at IS NULL OR NEW.recorded_at < other.retracted_at)
              AND (NEW.retracted_at IS NULL OR other.recorded_at < NEW.retracted_at))
            BEGIN SELECT RAISE(ABORT, '{name}'); END"""
        )


def upgrade() -> None:
    op.create_table('cadre_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=250), nullable=False),
    sa.Column('name_en', sa.String(length=250), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cadre_group')),
    sa.UniqueConstraint('key', name=op.f('uq_cadre_group_key'))
    )
    op.create_table('course',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=True),
    sa.Column('validity_months', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('training', 'briefing', 'material')", name=op.f('ck_course_kind')),
    sa.CheckConstraint('hours IS NULL OR hours >= 0', name=op.f('ck_course_hours')),
    sa.CheckConstraint('validity_months IS NULL OR validity_months > 0', name=op.f('ck_course_validity_months')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course')),
    sa.UniqueConstraint('key', name=op.f('uq_course_key'))
    )
    op.create_table('document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('sha256', name=op.f('uq_document_sha256'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('full_name', sa.String(length=200), nullable=False),
    sa.Column('sort_key', sa.String(length=600).with_variant(sa.String(length=600, collation='C'), 'postgresql'), nullable=False),
    sa.Column('search_key', sa.String(length=200), nullable=False),
    sa.Column('gender', sa.String(length=10), nullable=False),
    sa.Column('birth_date', sa.String(length=10), nullable=False),
    sa.Column('birth_precision', sa.String(length=10), nullable=False),
    sa.Column('position', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('national_id_hash', sa.String(length=64), nullable=False),
    sa.Column('national_id_last4', sa.String(length=4), nullable=False),
    sa.Column('access_code', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("birth_precision IN ('day', 'month', 'year', '')", name=op.f('ck_person_birth_precision')),
    sa.CheckConstraint("gender IN ('male', 'female', '')", name=op.f('ck_person_gender')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('access_code', name=op.f('uq_person_access_code')),
    sa.UniqueConstraint('key', name=op.f('uq_person_key'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index('ix_person_national_id_hash', ['national_id_hash'], unique=False)
        batch_op.create_index('ix_person_search_key', ['search_key'], unique=False)
        batch_op.create_index('ix_person_sort_key', ['sort_key', 'id'], unique=False)

    op.create_table('tries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('window_ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tries')),
    sa.UniqueConstraint('key', name=op.f('uq_tries_key'))
    )
    with op.batch_alter_table('tries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tries_window_ends_at'), ['window_ends_at'], unique=False)

    op.create_table('unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('tier', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=250), nullable=False),
    sa.Column('short_name', sa.String(length=120), nullable=False),
    sa.Column('search_key', sa.String(length=250), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('state', 'party', 'mass_organisation', 'press', 'area')", name=op.f('ck_unit_kind')),
    sa.CheckConstraint("tier IN ('central', 'province', 'district', 'commune')", name=op.f('ck_unit_tier')),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on < ends_on', name=op.f('ck_unit_period')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('key', name=op.f('uq_unit_key'))
    )
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_search_key'), ['search_key'], unique=False)

    op.create_table('certificate_series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('notation', sa.String(length=60), nullable=False),
    sa.Column('superior_name', sa.String(length=250), nullable=False),
    sa.Column('issuer_name', sa.String(length=250), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('signing_authority', sa.String(length=250), nullable=False),
    sa.Column('signatory', sa.String(length=200), nullable=False),
    sa.Column('layout', sa.String(length=20), nullable=False),
    sa.Column('basis', sa.String(length=300), nullable=False),
    sa.Column('issuer_name_en', sa.String(length=250), nullable=False),
    sa.Column('signing_authority_en', sa.String(length=250), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("layout IN ('vi', 'bilingual')", name=op.f('ck_certificate_series_layout')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_certificate_series_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_series')),
    sa.UniqueConstraint('key', name=op.f('uq_certificate_series_key')),
    sa.UniqueConstraint('notation', name=op.f('uq_certificate_series_notation'))
    )
    op.create_table('membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.String(length=200), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on < ends_on', name=op.f('ck_membership_period')),
    sa.ForeignKeyConstraint(['group_id'], ['cadre_group.id'], name=op.f('fk_membership_group_id_cadre_group')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id_person')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_membership_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index('ix_membership_group_unit', ['group_id', 'unit_id', 'starts_on', 'ends_on', 'person_id', 'recorded_at', 'retracted_at'], unique=False)
        batch_op.create_index('ix_membership_person_group', ['person_id', 'group_id'], unique=False)
        batch_op.create_index('ix_membership_unit', ['unit_id'], unique=False)

    op.create_table('programme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('document_no', sa.String(length=120), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('authority_unit_id', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on < ends_on', name=op.f('ck_programme_period')),
    sa.ForeignKeyConstraint(['authority_unit_id'], ['unit.id'], name=op.f('fk_programme_authority_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme')),
    sa.UniqueConstraint('key', name=op.f('uq_programme_key'))
    )
    op.create_table('training_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('state_reason', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('open', 'closed', 'cancelled')", name=op.f('ck_training_session_state')),
    sa.CheckConstraint('capacity IS NULL OR capacity > 0', name=op.f('ck_training_session_capacity')),
    sa.CheckConstraint('starts_on < ends_on', name=op.f('ck_training_session_period')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_training_session_course_id_course')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_training_session_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_session')),
    sa.UniqueConstraint('key', name=op.f('uq_training_session_key'))
    )
    with op.batch_alter_table('training_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_session_course_id'), ['course_id'], unique=False)
        batch_op.create_index('ix_training_session_starts_on', ['starts_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_session_unit_id'), ['unit_id'], unique=False)

    op.create_table('unit_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('scheme', sa.String(length=30), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on < ends_on', name=op.f('ck_unit_code_period')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_unit_code_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_code'))
    )
    with op.batch_alter_table('unit_code', schema=None) as batch_op:
        batch_op.create_index('ix_unit_code_scheme_code', ['scheme', 'code'], unique=False)
        batch_op.create_index('ix_unit_code_unit', ['unit_id'], unique=False)

    op.create_table('unit_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=250), nullable=False),
    sa.Column('short_name', sa.String(length=120), nullable=False),
    sa.Column('search_key', sa.String(length=250), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on < ends_on', name=op.f('ck_unit_name_period')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_unit_name_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_name'))
    )
    with op.batch_alter_table('unit_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_name_search_key'), ['search_key'], unique=False)
        batch_op.create_index('ix_unit_name_unit', ['unit_id', 'starts_on'], unique=False)

    op.create_table('unit_parent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on < ends_on', name=op.f('ck_unit_parent_period')),
    sa.CheckConstraint('unit_id <> parent_id', name=op.f('ck_unit_parent_not_itself')),
    sa.ForeignKeyConstraint(['parent_id'], ['unit.id'], name=op.f('fk_unit_parent_parent_id_unit')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_unit_parent_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_parent'))
    )
    with op.batch_alter_table('unit_parent', schema=None) as batch_op:
        batch_op.create_index('ix_unit_parent_parent', ['parent_id'], unique=False)
        batch_op.create_index('ix_unit_parent_unit', ['unit_id'], unique=False)

    op.create_table('unit_succession',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('predecessor_id', sa.Integer(), nullable=False),
    sa.Column('successor_id', sa.Integer(), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['predecessor_id'], ['unit.id'], name=op.f('fk_unit_succession_predecessor_id_unit')),
    sa.ForeignKeyConstraint(['successor_id'], ['unit.id'], name=op.f('fk_unit_succession_successor_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_succession')),
    sa.UniqueConstraint('predecessor_id', 'successor_id', 'effective_on', name=op.f('uq_unit_succession_predecessor_id_successor_id_effective_on'))
    )
    with op.batch_alter_table('unit_succession', schema=None) as batch_op:
        batch_op.create_index('ix_unit_succession_successor', ['successor_id'], unique=False)

    op.create_table('user_account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('username', sa.String(length=120), nullable=False),
    sa.Column('full_name', sa.String(length=200), nullable=False),
    sa.Column('search_key', sa.String(length=330), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('is_disabled', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_user_account_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account')),
    sa.UniqueConstraint('person_id', name=op.f('uq_user_account_person_id')),
    sa.UniqueConstraint('username', name=op.f('uq_user_account_username'))
    )
    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('act', sa.String(length=60), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_key', sa.String(length=120), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_audit_entry_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entry_at', ['at'], unique=False)
        batch_op.create_index('ix_audit_entry_subject', ['subject_kind', 'subject_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_user_id'), ['user_id'], unique=False)

    op.create_table('certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=True),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('register_no', sa.String(length=80), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('check_code', sa.String(length=40), nullable=False),
    sa.Column('qr_code', sa.String(length=60), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('layout', sa.String(length=20), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('revoked_on', sa.Date(), nullable=True),
    sa.Column('revocation_reason', sa.Text(), nullable=False),
    sa.Column('revocation_document_no', sa.String(length=120), nullable=False),
    sa.Column('issued_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('issued', 'replaced', 'revoked')", name=op.f('ck_certificate_state')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_certificate_course_id_course')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_certificate_document_id_document')),
    sa.ForeignKeyConstraint(['issued_by_id'], ['user_account.id'], name=op.f('fk_certificate_issued_by_id_user_account')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_certificate_person_id_person')),
    sa.ForeignKeyConstraint(['replaces_id'], ['certificate.id'], name=op.f('fk_certificate_replaces_id_certificate')),
    sa.ForeignKeyConstraint(['training_session_id'], ['training_session.id'], name=op.f('fk_certificate_training_session_id_training_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('check_code', name=op.f('uq_certificate_check_code')),
    sa.UniqueConstraint('key', name=op.f('uq_certificate_key')),
    sa.UniqueConstraint('qr_code', name=op.f('uq_certificate_qr_code')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_certificate_replaces_id'))
    )
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.create_index('ix_certificate_number', ['number'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificate_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_certificate_training_session', ['training_session_id'], unique=False)
        batch_op.create_index('uq_certificate_live', ['person_id', 'course_id', 'training_session_id'], unique=True, sqlite_where=sa.text("state = 'issued'"), postgresql_where=sa.text("state = 'issued'"))

    op.create_table('certificate_counter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['series_id'], ['certificate_series.id'], name=op.f('fk_certificate_counter_series_id_certificate_series')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_counter')),
    sa.UniqueConstraint('series_id', 'year', name=op.f('uq_certificate_counter_series_id_year'))
    )
    op.create_table('completion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('completed_on', sa.Date(), nullable=False),
    sa.Column('valid_through', sa.Date(), nullable=True),
    sa.Column('revoked_from', sa.Date(), nullable=True),
    sa.Column('is_void', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_completion_course_id_course')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_completion_person_id_person')),
    sa.ForeignKeyConstraint(['training_session_id'], ['training_session.id'], name=op.f('fk_completion_training_session_id_training_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_completion'))
    )
    with op.batch_alter_table('completion', schema=None) as batch_op:
        batch_op.create_index('ix_completion_person_course', ['person_id', 'course_id', 'completed_on', 'valid_through', 'revoked_from', 'is_void', 'recorded_at', 'retracted_at'], unique=False)
        batch_op.create_index('ix_completion_training_session', ['training_session_id'], unique=False)

    op.create_table('enrolment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('attended', sa.Boolean(), nullable=True),
    sa.Column('seat', sa.Integer(), nullable=True),
    sa.Column('state_reason', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('booked', 'waiting', 'completed', 'incomplete', 'withdrawn', 'cancelled')", name=op.f('ck_enrolment_state')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_enrolment_person_id_person')),
    sa.ForeignKeyConstraint(['training_session_id'], ['training_session.id'], name=op.f('fk_enrolment_training_session_id_training_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment')),
    sa.UniqueConstraint('training_session_id', 'person_id', name=op.f('uq_enrolment_training_session_id_person_id')),
    sa.UniqueConstraint('training_session_id', 'seat', name=op.f('uq_enrolment_training_session_id_seat'))
    )
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.create_index('ix_enrolment_person', ['person_id'], unique=False)

    op.create_table('exemption',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('approver', sa.String(length=200), nullable=False),
    sa.Column('document_no', sa.String(length=120), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on < ends_on', name=op.f('ck_exemption_period')),
    sa.ForeignKeyConstraint(['group_id'], ['cadre_group.id'], name=op.f('fk_exemption_group_id_cadre_group')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_exemption_person_id_person')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_exemption_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exemption'))
    )
    with op.batch_alter_table('exemption', schema=None) as batch_op:
        batch_op.create_index('ix_exemption_programme_group_person', ['programme_id', 'group_id', 'person_id'], unique=False)

    op.create_table('headcount',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('declared', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('declared_by_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('declared >= 0', name=op.f('ck_headcount_declared')),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on < ends_on', name=op.f('ck_headcount_period')),
    sa.ForeignKeyConstraint(['declared_by_id'], ['user_account.id'], name=op.f('fk_headcount_declared_by_id_user_account')),
    sa.ForeignKeyConstraint(['group_id'], ['cadre_group.id'], name=op.f('fk_headcount_group_id_cadre_group')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_headcount_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_headcount'))
    )
    with op.batch_alter_table('headcount', schema=None) as batch_op:
        batch_op.create_index('ix_headcount_group_unit', ['group_id', 'unit_id'], unique=False)
        batch_op.create_index('ix_headcount_unit', ['unit_id'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_invitation_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_user_id'), ['user_id'], unique=False)

    op.create_table('job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('once', sa.String(length=120), nullable=False),
    sa.Column('lease_holder', sa.String(length=40), nullable=False),
    sa.Column('lease_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f('ck_job_state')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user_account.id'], name=op.f('fk_job_asked_by_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('key', name=op.f('uq_job_key'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_state', ['state'], unique=False)
        batch_op.create_index('uq_job_once', ['once'], unique=True, sqlite_where=sa.text("once <> '' AND state IN ('waiting', 'running')"), postgresql_where=sa.text("once <> '' AND state IN ('waiting', 'running')"))

    op.create_table('requirement_option',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=120), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('accepts_from', sa.Date(), nullable=True),
    sa.Column('accepts_to', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on < ends_on', name=op.f('ck_requirement_option_period')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_requirement_option_course_id_course')),
    sa.ForeignKeyConstraint(['group_id'], ['cadre_group.id'], name=op.f('fk_requirement_option_group_id_cadre_group')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_requirement_option_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requirement_option'))
    )
    with op.batch_alter_table('requirement_option', schema=None) as batch_op:
        batch_op.create_index('ix_requirement_option_programme_group', ['programme_id', 'group_id'], unique=False)

    op.create_table('role_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=30), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_role_grant_unit_id_unit')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_role_grant_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant')),
    sa.UniqueConstraint('user_id', 'role', 'unit_id', name=op.f('uq_role_grant_user_id_role_unit_id'), postgresql_nulls_not_distinct=True)
    )
    op.create_table('sign_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address', sa.String(length=60), nullable=False),
    sa.Column('agent', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_sign_in_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_token_hash'))
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_user_id'), ['user_id'], unique=False)

    op.create_table('target',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=True),
    sa.Column('deadline', sa.Date(), nullable=True),
    sa.Column('origin', sa.String(length=20), nullable=False),
    sa.Column('scope_unit_id', sa.Integer(), nullable=True),
    sa.Column('tiers', sa.String(length=60), nullable=False),
    sa.Column('grace_days', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("origin IN ('stated', 'inherited', 'not_stated')", name=op.f('ck_target_origin')),
    sa.CheckConstraint('grace_days >= 0', name=op.f('ck_target_grace_days')),
    sa.CheckConstraint('percent IS NULL OR (percent >= 0 AND percent <= 100)', name=op.f('ck_target_percent')),
    sa.ForeignKeyConstraint(['group_id'], ['cadre_group.id'], name=op.f('fk_target_group_id_cadre_group')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_target_programme_id_programme')),
    sa.ForeignKeyConstraint(['scope_unit_id'], ['unit.id'], name=op.f('fk_target_scope_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target')),
    sa.UniqueConstraint('programme_id', 'group_id', name=op.f('uq_target_programme_id_group_id'))
    )
    op.create_table('certificate_number',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=False),
    sa.CheckConstraint("(certificate_id IS NULL) <> (void_reason = '')", name=op.f('ck_certificate_number_used_or_void')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_number_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['series_id'], ['certificate_series.id'], name=op.f('fk_certificate_number_series_id_certificate_series')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_number')),
    sa.UniqueConstraint('certificate_id', name=op.f('uq_certificate_number_certificate_id')),
    sa.UniqueConstraint('series_id', 'year', 'value', name=op.f('uq_certificate_number_series_id_year_value'))
    )
    op.create_table('job_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('deaths', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f('ck_job_item_state')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_job_item_job_id_job')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_item')),
    sa.UniqueConstraint('job_id', 'position', name=op.f('uq_job_item_job_id_position'))
    )
    with op.batch_alter_table('job_item', schema=None) as batch_op:
        batch_op.create_index('ix_job_item_job_state', ['job_id', 'state'], unique=False)

    op.create_table('roster_upload',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('file_name', sa.String(length=250), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reading', sa.JSON(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=True),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['cadre_group.id'], name=op.f('fk_roster_upload_group_id_cadre_group')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_roster_upload_job_id_job')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_roster_upload_unit_id_unit')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['user_account.id'], name=op.f('fk_roster_upload_uploaded_by_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_upload')),
    sa.UniqueConstraint('key', name=op.f('uq_roster_upload_key'))
    )
    op.create_table('roster_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('upload_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('sheet', sa.String(length=250), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('entry', sa.JSON(), nullable=False),
    sa.Column('complaints', sa.JSON(), nullable=False),
    sa.CheckConstraint("state IN ('new', 'changed', 'unchanged', 'refused')", name=op.f('ck_roster_row_state')),
    sa.ForeignKeyConstraint(['upload_id'], ['roster_upload.id'], name=op.f('fk_roster_row_upload_id_roster_upload')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_row')),
    sa.UniqueConstraint('upload_id', 'position', name=op.f('uq_roster_row_upload_id_position'))
    )
    with op.batch_alter_table('roster_row', schema=None) as batch_op:
        batch_op.create_index('ix_roster_row_upload_state', ['upload_id', 'state', 'position'], unique=False)


    for table, columns in NO_OVERLAP.items():
        forbid_overlap(table, columns)


def downgrade() -> None:
    with op.batch_alter_table('roster_row', schema=None) as batch_op:
        batch_op.drop_index('ix_roster_row_upload_state')

    op.drop_table('roster_row')
    op.drop_table('roster_upload')
    with op.batch_alter_table('job_item', schema=None) as batch_op:
        batch_op.drop_index('ix_job_item_job_state')

    op.drop_table('job_item')
    op.drop_table('certificate_number')
    op.drop_table('target')
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_user_id'))

    op.drop_table('sign_in')
    op.drop_table('role_grant')
    with op.batch_alter_table('requirement_option', schema=None) as batch_op:
        batch_op.drop_index('ix_requirement_option_programme_group')

    op.drop_table('requirement_option')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('uq_job_once', sqlite_where=sa.text("once <> '' AND state IN ('waiting', 'running')"), postgresql_where=sa.text("once <> '' AND state IN ('waiting', 'running')"))
        batch_op.drop_index('ix_job_state')

    op.drop_table('job')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_user_id'))

    op.drop_table('invitation')
    with op.batch_alter_table('headcount', schema=None) as batch_op:
        batch_op.drop_index('ix_headcount_unit')
        batch_op.drop_index('ix_headcount_group_unit')

    op.drop_table('headcount')
    with op.batch_alter_table('exemption', schema=None) as batch_op:
        batch_op.drop_index('ix_exemption_programme_group_person')

    op.drop_table('exemption')
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_index('ix_enrolment_person')

    op.drop_table('enrolment')
    with op.batch_alter_table('completion', schema=None) as batch_op:
        batch_op.drop_index('ix_completion_training_session')
        batch_op.drop_index('ix_completion_person_course')

    op.drop_table('completion')
    op.drop_table('certificate_counter')
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.drop_index('uq_certificate_live', sqlite_where=sa.text("state = 'issued'"), postgresql_where=sa.text("state = 'issued'"))
        batch_op.drop_index('ix_certificate_training_session')
        batch_op.drop_index(batch_op.f('ix_certificate_person_id'))
        batch_op.drop_index('ix_certificate_number')

    op.drop_table('certificate')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entry_user_id'))
        batch_op.drop_index('ix_audit_entry_subject')
        batch_op.drop_index('ix_audit_entry_at')

    op.drop_table('audit_entry')
    op.drop_table('user_account')
    with op.batch_alter_table('unit_succession', schema=None) as batch_op:
        batch_op.drop_index('ix_unit_succession_successor')

    op.drop_table('unit_succession')
    with op.batch_alter_table('unit_parent', schema=None) as batch_op:
        batch_op.drop_index('ix_unit_parent_unit')
        batch_op.drop_index('ix_unit_parent_parent')

    op.drop_table('unit_parent')
    with op.batch_alter_table('unit_name', schema=None) as batch_op:
        batch_op.drop_index('ix_unit_name_unit')
        batch_op.drop_index(batch_op.f('ix_unit_name_search_key'))

    op.drop_table('unit_name')
    with op.batch_alter_table('unit_code', schema=None) as batch_op:
        batch_op.drop_index('ix_unit_code_unit')
        batch_op.drop_index('ix_unit_code_scheme_code')

    op.drop_table('unit_code')
    with op.batch_alter_table('training_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_session_unit_id'))
        batch_op.drop_index('ix_training_session_starts_on')
        batch_op.drop_index(batch_op.f('ix_training_session_course_id'))

    op.drop_table('training_session')
    op.drop_table('programme')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index('ix_membership_unit')
        batch_op.drop_index('ix_membership_person_group')
        batch_op.drop_index('ix_membership_group_unit')

    op.drop_table('membership')
    op.drop_table('certificate_series')
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_unit_search_key'))

    op.drop_table('unit')
    with op.batch_alter_table('tries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tries_window_ends_at'))

    op.drop_table('tries')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index('ix_person_sort_key')
        batch_op.drop_index('ix_person_search_key')
        batch_op.drop_index('ix_person_national_id_hash')

    op.drop_table('person')
    op.drop_table('document')
    op.drop_table('course')
    op.drop_table('cadre_group')
