"""Beside the band of a voter's address the name of its neighbourhood: turnout by neighbourhood can be told.

Empty in what is there already, and wherever no address is known. The tables keep their triggers: ballots are
still only added to.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("ballot", "paper_ballot", "letter_code")
CHECK = "neighbourhood IS NULL OR band IS NOT NULL AND length(neighbourhood) BETWEEN 1 AND 120"


def upgrade() -> None:
    """A column that is empty takes no time to add."""
    for table in TABLES:
        op.add_column(table, sa.Column("neighbourhood", sa.Text(), nullable=True))
        op.create_check_constraint(op.f(f"ck_{table}_neighbourhood"), table, CHECK)


def downgrade() -> None:
    """Without them."""
    for table in TABLES:
        op.drop_constraint(op.f(f"ck_{table}_neighbourhood"), table, type_="check")
        op.drop_column(table, "neighbourhood")
