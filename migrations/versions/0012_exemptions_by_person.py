"""Find a person's exemptions by the person: every write about somebody read all there are."""
from alembic import op


revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_index("ix_exemption_person", "exemption", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_exemption_person", "exemption")
