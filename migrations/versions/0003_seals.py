"""Give sealed reports their table; what is sealed is never changed, so the database refuses it.

Rows may be deleted: a backup that is restored in place of other data takes the whole table out.
"""
from alembic import op
import sqlalchemy as sa


revision = "0003"
down_revision = "0002"


def refuse_updates() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION coverage_seal_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'a sealed report is never changed'; END $$"
        )
        op.execute(
            "CREATE TRIGGER coverage_seal_is_sealed BEFORE UPDATE ON coverage_seal "
            "FOR EACH ROW EXECUTE FUNCTION coverage_seal_is_sealed()"
        )
    else:
        op.execute(
            "CREATE TRIGGER coverage_seal_is_sealed BEFORE UPDATE ON coverage_seal "
            "BEGIN SELECT RAISE(ABORT, 'a sealed report is never changed'); END"
        )


def upgrade() -> None:
    op.create_table('coverage_seal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('title', sa.String(length=250), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('inputs_hash', sa.String(length=64), nullable=False),
    sa.Column('packed', sa.LargeBinary(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['user_account.id'], name=op.f('fk_coverage_seal_made_by_id_user_account')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_coverage_seal_programme_id_programme')),
    sa.ForeignKeyConstraint(['replaces_id'], ['coverage_seal.id'], name=op.f('fk_coverage_seal_replaces_id_coverage_seal')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_coverage_seal_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coverage_seal')),
    sa.UniqueConstraint('key', name=op.f('uq_coverage_seal_key')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_coverage_seal_replaces_id'))
    )
    op.create_index('ix_coverage_seal_programme', 'coverage_seal', ['programme_id', 'id'])
    op.create_index(op.f('ix_coverage_seal_unit_id'), 'coverage_seal', ['unit_id'])
    refuse_updates()


def downgrade() -> None:
    op.drop_table('coverage_seal')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION coverage_seal_is_sealed")
