"""The brief of an assignment, its phases with every move of a date, its zones, and who follows it.

An assignment that exists gets one phase, from its first moment to its last, that opens what is open today.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXTS = ("what_is_fixed", "what_is_open", "who_decides", "contact", "planning")
DEGREES = "('inform', 'consult', 'advise', 'co-produce', 'decide')"


def upgrade() -> None:
    """Columns with a default (no rewrite of rows), and four tables."""
    # For phases that may not overlap; a trusted extension, so the owner of the database may make it.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    _brief()
    _phases()
    _zones()
    op.create_table(
        "assignment_follower",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("follows", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("told", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_assignment_follower_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_assignment_follower_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assignment_id", "person_id", name=op.f("pk_assignment_follower")),
    )
    op.create_index(op.f("ix_assignment_follower_person_id"), "assignment_follower", ["person_id"])


def _brief() -> None:
    op.add_column("assignment", sa.Column("degree", sa.Text(), server_default="advise", nullable=False))
    for name in TEXTS:
        op.add_column("assignment", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("assignment", sa.Column("budget_eur", sa.Numeric(12, 2, asdecimal=False), nullable=True))
    op.add_column("assignment", sa.Column("min_parking_bays", sa.Integer(), nullable=True))
    op.add_column("assignment", sa.Column("min_clear_width_m", sa.Double(), nullable=True))
    op.add_column("assignment", sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE assignment SET published_at = created_at")
    op.create_check_constraint(op.f("ck_assignment_degree"), "assignment", f"degree IN {DEGREES}")
    op.create_check_constraint(op.f("ck_assignment_budget"), "assignment", "budget_eur > 0")
    op.create_check_constraint(
        op.f("ck_assignment_bays"), "assignment", "min_parking_bays BETWEEN 0 AND 10000"
    )
    op.create_check_constraint(
        op.f("ck_assignment_clear_width"), "assignment", "min_clear_width_m BETWEEN 0.5 AND 20"
    )


def _phases() -> None:
    op.create_table(
        "phase",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_phase_dates")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_phase_assignment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
    )
    op.create_index("ix_phase_assignment_type", "phase", ["assignment_id", "type"])
    op.execute(
        "ALTER TABLE phase ADD CONSTRAINT phase_apart EXCLUDE USING gist"
        " (assignment_id WITH =, type WITH =, tstzrange(starts_at, ends_at) WITH &&)"
        " DEFERRABLE INITIALLY DEFERRED"
    )
    op.execute(
        "INSERT INTO phase (assignment_id, type, starts_at, ends_at)"
        " SELECT id, 'draw', opens_at, closes_at FROM assignment"
    )
    op.create_table(
        "phase_move",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("phase_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("old_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("old_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "old_starts_at IS NOT NULL OR new_starts_at IS NOT NULL", name=op.f("ck_phase_move_something")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_phase_move_assignment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_move")),
    )
    op.create_index(op.f("ix_phase_move_assignment_id"), "phase_move", ["assignment_id"])


def _zones() -> None:
    op.create_table(
        "zone",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.CheckConstraint("kind IN ('fixed', 'free')", name=op.f("ck_zone_kind")),
        sa.CheckConstraint(
            "ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90",
            name=op.f("ck_zone_in_degrees"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_zone_assignment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
    )
    op.create_index(op.f("ix_zone_assignment_id"), "zone", ["assignment_id"])
    op.create_index("idx_zone_geom", "zone", ["geom"], postgresql_using="gist")


def downgrade() -> None:
    """Take them away: concepts become public, the dates span the phases. The extension stays."""
    for table in ("assignment_follower", "zone", "phase_move", "phase"):
        op.drop_table(table)
    for name in ("clear_width", "bays", "budget", "degree"):
        op.drop_constraint(op.f(f"ck_assignment_{name}"), "assignment", type_="check")
    for column in ("published_at", "min_clear_width_m", "min_parking_bays", "budget_eur", *TEXTS, "degree"):
        op.drop_column("assignment", column)
