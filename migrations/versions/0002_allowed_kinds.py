"""An assignment may say which kinds of elements residents can place; null: all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Existing assignments allow everything, as before."""
    op.add_column("assignment", sa.Column("allowed_kinds", postgresql.ARRAY(sa.Text()), nullable=True))
    op.create_check_constraint(
        op.f("ck_assignment_allowed_kinds"), "assignment", "cardinality(allowed_kinds) > 0"
    )


def downgrade() -> None:
    """Every assignment allows everything again."""
    op.drop_constraint(op.f("ck_assignment_allowed_kinds"), "assignment", type_="check")
    op.drop_column("assignment", "allowed_kinds")
