"""How each figure was computed is kept beside the figures, so that lists of designs need not read it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the steps; those of earlier versions stay empty, as their figures stay what they were."""
    op.add_column(
        "design_version",
        sa.Column(
            "effect_steps",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    """Take the steps away again; they can be computed anew."""
    op.drop_column("design_version", "effect_steps")
