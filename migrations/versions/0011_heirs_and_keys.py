# ruff: noqa: E501 - SQL
"""After a count no guest's ballot changes hands, past the application too; and keys to people are found fast.

A guest who signs in is deleted, and the database then looks for everything that names them: without these
indexes it reads every paper ballot for it.
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Under the lock that a count takes alone, as for ballots: what it counted stays what counts.
HEIR_ADDED = """
CREATE FUNCTION ballot_heir_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(round_lock(NEW.round_id));
    IF NOT EXISTS (SELECT FROM round WHERE id = NEW.round_id AND electorate = 'guest'
                   AND frozen_at IS NOT NULL AND counted_at IS NULL) THEN
        RAISE EXCEPTION 'ballots of this round do not change hands' USING ERRCODE = 'SK001';
    END IF;
    RETURN NEW;
END $$
"""
KEYS = (
    ("round", "created_by"),
    ("letter_batch", "made_by"),
    ("paper_ballot", "first_by"),
    ("paper_ballot", "second_by"),
)


def upgrade() -> None:
    """A trigger, and indexes on tables that are small when this runs."""
    op.execute(HEIR_ADDED)
    op.execute(
        "CREATE TRIGGER ballot_heir_added BEFORE INSERT ON ballot_heir FOR EACH ROW EXECUTE FUNCTION ballot_heir_added()"
    )
    for table, column in KEYS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    """Without them."""
    for table, column in KEYS:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    op.execute("DROP TRIGGER ballot_heir_added ON ballot_heir")
    op.execute("DROP FUNCTION ballot_heir_added()")
