# ruff: noqa: E501 - SQL
"""Indexes for every foreign key and for an address that somebody types; what changed of who decides, with its
reason; and the browser of each of the two who read a paper ballot, until they agree."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Keys that were looked up without an index whenever the row that they point to went.
KEYS = (
    ("assignment", "created_by"),
    ("design", "remix_of_id"),
    ("own_threshold", "set_by"),
)
# As people type it: `kade  1` is `Kade 1`.
ADDRESS = r"lower(regexp_replace(btrim(label), '\s+', ' ', 'g'))"


def upgrade() -> None:
    """One table, two columns, five indexes."""
    for table, column in KEYS:
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_index("ix_round_conflict_round_id_b", "round_conflict", ["round_id", "b"])
    op.create_index(
        "ix_place_address",
        "place",
        ["neighbourhood_id", sa.text(ADDRESS)],
        postgresql_where=sa.text("kind = 'address'"),
    )
    # Numbers of one kind with those of moved dates: a follower knows how far they were told by one of them.
    op.execute(
        """
        CREATE TABLE promise_change (
            id bigint NOT NULL DEFAULT nextval('phase_move_id_seq'),
            assignment_id uuid NOT NULL,
            what text NOT NULL,
            old text NOT NULL,
            new text NOT NULL,
            reason text NOT NULL,
            by_role text NOT NULL,
            changed_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_promise_change PRIMARY KEY (id),
            CONSTRAINT fk_promise_change_assignment_id FOREIGN KEY (assignment_id) REFERENCES assignment (id) ON DELETE CASCADE,
            CONSTRAINT ck_promise_change_what CHECK (what IN ('degree', 'who_decides')),
            CONSTRAINT ck_promise_change_differs CHECK (old <> new)
        )
        """
    )
    op.create_index("ix_promise_change_assignment_id", "promise_change", ["assignment_id"])
    for name in ("first_browser", "second_browser"):
        op.add_column("paper_ballot", sa.Column(name, sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        "two_browsers",
        "paper_ballot",
        "first_browser <> second_browser AND octet_length(first_browser) = 32 AND octet_length(second_browser) = 32",
    )
    op.create_check_constraint(
        "browsers_forgotten",
        "paper_ballot",
        "state IN ('waiting', 'differs') OR first_browser IS NULL AND second_browser IS NULL",
    )


def downgrade() -> None:
    """Without them."""
    op.drop_constraint(op.f("ck_paper_ballot_browsers_forgotten"), "paper_ballot", type_="check")
    op.drop_constraint(op.f("ck_paper_ballot_two_browsers"), "paper_ballot", type_="check")
    for name in ("first_browser", "second_browser"):
        op.drop_column("paper_ballot", name)
    op.drop_table("promise_change")
    op.drop_index("ix_place_address", table_name="place")
    op.drop_index("ix_round_conflict_round_id_b", table_name="round_conflict")
    for table, column in KEYS:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
