"""Counters of limits that all worker processes share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, not logged: it may be empty after a crash."""
    op.create_table(
        "spent_limit",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_spent_limit")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_spent_limit_over_at", "spent_limit", ["over_at"])


def downgrade() -> None:
    """Everybody starts at nothing again."""
    op.drop_table("spent_limit")
