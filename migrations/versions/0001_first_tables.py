"""People, neighbourhoods, assignments, the present situation, designs, comments and support."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All tables of the first version."""
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "neighbourhood",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("boundary", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=True),
        sa.Column("metric_srid", sa.Integer(), nullable=False),
        sa.Column("attribution", sa.Text(), server_default="", nullable=False),
        sa.Column("is_example", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbourhood")),
        sa.UniqueConstraint("slug", name=op.f("uq_neighbourhood_slug")),
    )
    op.create_index(
        "idx_neighbourhood_boundary", "neighbourhood", ["boundary"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role = 'guest' OR email IS NOT NULL", name=op.f("ck_person_signed_in_has_email")),
        sa.CheckConstraint(
            "role IN ('guest', 'resident', 'planner', 'moderator')", name=op.f("ck_person_role_known")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("neighbourhood_id", sa.BigInteger(), nullable=False),
        sa.Column("area", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("is_example", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_assignment_slug")),
        sa.CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name=op.f("ck_assignment_dates")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_assignment_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_assignment_neighbourhood_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("slug", name=op.f("uq_assignment_slug")),
    )
    op.create_index("idx_assignment_area", "assignment", ["area"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_assignment_neighbourhood_id"), "assignment", ["neighbourhood_id"], unique=False)
    op.create_table(
        "login_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("claims_person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("next_path", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IS NULL OR role IN ('planner', 'moderator')", name=op.f("ck_login_link_role_known")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_login_link_email_lower_case")),
        sa.ForeignKeyConstraint(
            ["claims_person_id"],
            ["person.id"],
            name=op.f("fk_login_link_claims_person_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_link")),
    )
    op.create_index("ix_login_link_claims_person_id", "login_link", ["claims_person_id"], unique=False)
    op.create_index("ix_login_link_expires_at", "login_link", ["expires_at"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_login_session_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    op.create_index("ix_login_session_person_id", "login_session", ["person_id"], unique=False)
    op.create_table(
        "place",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("neighbourhood_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("house_number", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.CheckConstraint("kind IN ('street', 'address')", name=op.f("ck_place_kind")),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_place_neighbourhood_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint(
            "neighbourhood_id", "source", "source_id", name=op.f("uq_place_neighbourhood_id_source_source_id")
        ),
    )
    op.create_index("idx_place_geom", "place", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(
        "ix_place_label_trgm",
        "place",
        ["label"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"label": "gin_trgm_ops"},
    )
    op.create_table(
        "street_object",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("neighbourhood_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("attributes", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
        sa.Column(
            "geom_3857",
            Geometry("GEOMETRY", srid=3857, spatial_index=False),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        sa.Column("imported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("certainty IN ('measured', 'estimated')", name=op.f("ck_street_object_certainty")),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_street_object_neighbourhood_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street_object")),
        sa.UniqueConstraint(
            "neighbourhood_id",
            "source",
            "source_id",
            name=op.f("uq_street_object_neighbourhood_id_source_source_id"),
        ),
    )
    op.create_index(
        "idx_street_object_geom", "street_object", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_index(
        "idx_street_object_geom_3857", "street_object", ["geom_3857"], unique=False, postgresql_using="gist"
    )
    op.create_index(
        "ix_street_object_neighbourhood_kind", "street_object", ["neighbourhood_id", "kind"], unique=False
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("target_type", sa.Text(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("sentiment", sa.Text(), server_default="neutral", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column(
            "geom_3857",
            Geometry("GEOMETRY", srid=3857, spatial_index=False),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        sa.Column("status", sa.Text(), server_default="visible", nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sentiment IN ('for', 'against', 'neutral')", name=op.f("ck_comment_sentiment")),
        sa.CheckConstraint("status IN ('visible', 'removed')", name=op.f("ck_comment_status")),
        sa.CheckConstraint("(target_type IS NULL) = (target_id IS NULL)", name=op.f("ck_comment_target")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_comment_assignment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_comment_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["comment.id"], name=op.f("fk_comment_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("idx_comment_geom", "comment", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("idx_comment_geom_3857", "comment", ["geom_3857"], unique=False, postgresql_using="gist")
    op.create_index("ix_comment_assignment", "comment", ["assignment_id", "created_at"], unique=False)
    op.create_index(op.f("ix_comment_author_id"), "comment", ["author_id"], unique=False)
    op.create_index(op.f("ix_comment_parent_id"), "comment", ["parent_id"], unique=False)
    op.create_index("ix_comment_target", "comment", ["target_type", "target_id"], unique=False)
    op.create_table(
        "design",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("remix_of_id", sa.Uuid(), nullable=True),
        sa.Column("remix_of_version", sa.Integer(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("is_example", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('draft', 'submitted', 'withdrawn')", name=op.f("ck_design_status")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_design_assignment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_design_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["remix_of_id"], ["design.id"], name=op.f("fk_design_remix_of_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design")),
        sa.UniqueConstraint("author_id", "idempotency_key", name=op.f("uq_design_author_id_idempotency_key")),
    )
    op.create_index("ix_design_assignment_status", "design", ["assignment_id", "status"], unique=False)
    op.create_index(op.f("ix_design_author_id"), "design", ["author_id"], unique=False)
    op.create_table(
        "design_version",
        sa.Column("design_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), server_default="", nullable=False),
        sa.Column("effects", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "cost_low_eur",
            sa.Numeric(precision=12, scale=2, asdecimal=False),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "cost_high_eur",
            sa.Numeric(precision=12, scale=2, asdecimal=False),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["design_id"], ["design.id"], name=op.f("fk_design_version_design_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("design_id", "version", name=op.f("pk_design_version")),
    )
    op.create_table(
        "support",
        sa.Column("design_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["design_id"], ["design.id"], name=op.f("fk_support_design_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_support_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("design_id", "person_id", name=op.f("pk_support")),
    )
    op.create_index(op.f("ix_support_person_id"), "support", ["person_id"], unique=False)
    op.create_table(
        "change",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("design_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("object_id", sa.BigInteger(), nullable=True),
        sa.Column("object_kind", sa.Text(), nullable=True),
        sa.Column("rotation_deg", sa.Double(), nullable=True),
        sa.Column("width_m", sa.Double(), nullable=True),
        sa.Column("height_m", sa.Double(), nullable=True),
        sa.Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
        sa.Column(
            "geom_3857",
            Geometry("GEOMETRY", srid=3857, spatial_index=False),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint("action <> 'add' OR object_id IS NULL", name=op.f("ck_change_object")),
        sa.CheckConstraint(
            "action IN ('add', 'remove', 'move', 'replace', 'keep')", name=op.f("ck_change_action")
        ),
        sa.CheckConstraint(
            "action NOT IN ('add', 'replace') OR kind IS NOT NULL", name=op.f("ck_change_kind")
        ),
        sa.ForeignKeyConstraint(
            ["design_id", "version"],
            ["design_version.design_id", "design_version.version"],
            name=op.f("fk_change_design_id_version"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["object_id"], ["street_object.id"], name=op.f("fk_change_object_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index("idx_change_geom", "change", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("idx_change_geom_3857", "change", ["geom_3857"], unique=False, postgresql_using="gist")
    op.create_index("ix_change_design_version", "change", ["design_id", "version"], unique=False)
    op.create_index(op.f("ix_change_object_id"), "change", ["object_id"], unique=False)

    for table, column in (
        ("change", "geom"),
        ("comment", "geom"),
        ("assignment", "area"),
        ("street_object", "geom"),
    ):
        # NaN and infinity are greater than any number in PostgreSQL, so a bound refuses them too.
        op.create_check_constraint(
            op.f(f"ck_{table}_in_degrees"),
            table,
            f"ST_XMin({column}) >= -180 AND ST_XMax({column}) <= 180"
            f" AND ST_YMin({column}) >= -90 AND ST_YMax({column}) <= 90",
        )


def downgrade() -> None:
    """Drop them again; the extensions stay."""
    op.drop_index(op.f("ix_change_object_id"), table_name="change")
    op.drop_index("ix_change_design_version", table_name="change")
    op.drop_index("idx_change_geom_3857", table_name="change", postgresql_using="gist")
    op.drop_index("idx_change_geom", table_name="change", postgresql_using="gist")
    op.drop_table("change")
    op.drop_index(op.f("ix_support_person_id"), table_name="support")
    op.drop_table("support")
    op.drop_table("design_version")
    op.drop_index(op.f("ix_design_author_id"), table_name="design")
    op.drop_index("ix_design_assignment_status", table_name="design")
    op.drop_table("design")
    op.drop_index("ix_comment_target", table_name="comment")
    op.drop_index(op.f("ix_comment_parent_id"), table_name="comment")
    op.drop_index(op.f("ix_comment_author_id"), table_name="comment")
    op.drop_index("ix_comment_assignment", table_name="comment")
    op.drop_index("idx_comment_geom_3857", table_name="comment", postgresql_using="gist")
    op.drop_index("idx_comment_geom", table_name="comment", postgresql_using="gist")
    op.drop_table("comment")
    op.drop_index("ix_street_object_neighbourhood_kind", table_name="street_object")
    op.drop_index("idx_street_object_geom_3857", table_name="street_object", postgresql_using="gist")
    op.drop_index("idx_street_object_geom", table_name="street_object", postgresql_using="gist")
    op.drop_table("street_object")
    op.drop_index(
        "ix_place_label_trgm",
        table_name="place",
        postgresql_using="gin",
        postgresql_ops={"label": "gin_trgm_ops"},
    )
    op.drop_index("idx_place_geom", table_name="place", postgresql_using="gist")
    op.drop_table("place")
    op.drop_index("ix_login_session_person_id", table_name="login_session")
    op.drop_table("login_session")
    op.drop_index("ix_login_link_expires_at", table_name="login_link")
    op.drop_index("ix_login_link_claims_person_id", table_name="login_link")
    op.drop_table("login_link")
    op.drop_index(op.f("ix_assignment_neighbourhood_id"), table_name="assignment")
    op.drop_index("idx_assignment_area", table_name="assignment", postgresql_using="gist")
    op.drop_table("assignment")
    op.drop_table("person")
    op.drop_index("idx_neighbourhood_boundary", table_name="neighbourhood", postgresql_using="gist")
    op.drop_table("neighbourhood")
