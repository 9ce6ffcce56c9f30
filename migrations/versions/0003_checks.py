"""Verdicts beside changes, findings with versions, and a municipality's own thresholds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns with a default (no rewrite of rows), one index and one table."""
    op.add_column("change", sa.Column("verdict", sa.Text(), server_default="unchecked", nullable=False))
    op.create_check_constraint(
        op.f("ck_change_verdict"), "change", "verdict IN ('fits', 'conditional', 'conflict', 'unchecked')"
    )
    op.add_column(
        "design_version",
        sa.Column(
            "checks",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
    )
    op.create_index(
        "ix_street_object_neighbourhood_imported", "street_object", ["neighbourhood_id", "imported_at"]
    )
    op.create_table(
        "own_threshold",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("value IS NULL OR value BETWEEN 0 AND 10000", name=op.f("ck_own_threshold_value")),
        sa.ForeignKeyConstraint(
            ["set_by"], ["person.id"], name=op.f("fk_own_threshold_set_by_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_threshold")),
    )
    op.create_index("ix_own_threshold_rule_key", "own_threshold", ["rule", "key", "id"])


def downgrade() -> None:
    """Take them away again; the findings can be computed anew, own thresholds are lost."""
    op.drop_index("ix_own_threshold_rule_key", table_name="own_threshold")
    op.drop_table("own_threshold")
    op.drop_index("ix_street_object_neighbourhood_imported", table_name="street_object")
    op.drop_column("design_version", "checks")
    op.drop_constraint(op.f("ck_change_verdict"), "change", type_="check")
    op.drop_column("change", "verdict")
