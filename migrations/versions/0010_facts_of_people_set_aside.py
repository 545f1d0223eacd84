"""Let no fact be recorded of a person set aside, whoever writes it and in whatever instant.

On PostgreSQL the triggers come after the statement and so after the checks of its foreign keys,
which wait for a merge that holds the person: then they see what the merge made of it. They take
no lock of their own, so nobody can wait for another because of them.
"""
from alembic import op


revision = "0010"
down_revision = "0009"

FACTS = ("membership", "completion", "exemption")


def refuse_on_sqlite() -> None:
    for table in FACTS:
        op.execute(
            f"CREATE TRIGGER aside_{table} BEFORE INSERT ON {table} "
            "WHEN NEW.retracted_at IS NULL "
            "AND (SELECT is_set_aside FROM person WHERE id = NEW.person_id) "
            "BEGIN SELECT RAISE(ABORT, 'person_is_set_aside'); END"
        )


def refuse_on_postgresql() -> None:
    # Each row looks its person up: a plan kept from a large import would read everybody.
    op.execute(
        "CREATE FUNCTION refuse_set_aside() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM written WHERE written.retracted_at IS NULL "
        "AND (SELECT is_set_aside FROM person WHERE person.id = written.person_id)) "
        "THEN RAISE EXCEPTION 'person_is_set_aside' USING ERRCODE = 'check_violation'; "
        "END IF; RETURN NULL; END $$"
    )
    for table in FACTS:
        op.execute(
            f"CREATE TRIGGER aside_{table} AFTER INSERT ON {table} "
            "REFERENCING NEW TABLE AS written FOR EACH STATEMENT "
            "EXECUTE FUNCTION refuse_set_aside()"
        )


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        refuse_on_postgresql()
    else:
        refuse_on_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_set_aside CASCADE")
    else:
        for table in FACTS:
            op.execute(f"DROP TRIGGER aside_{table}")
