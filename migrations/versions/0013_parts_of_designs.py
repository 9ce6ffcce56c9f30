# ruff: noqa: E501 - SQL
"""A part of a design can be put to the vote: some of its changes, by their positions, with a title of its own.

An empty `part` is the whole design, which is what all options are that are there already.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# A check may not hold a query; a function may.
SORTED = """
CREATE FUNCTION round_part_sorted(part integer[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT part = ARRAY(SELECT DISTINCT one FROM unnest(part) AS one WHERE one IS NOT NULL ORDER BY one) $$
"""
# Of the version that can be chosen: every position is there, and at least one is left out.
EXISTS = """
CREATE FUNCTION round_part_exists(design uuid, its_version integer, part integer[]) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT part = '{}' OR coalesce(part <@ array_agg(c.position) AND cardinality(part) < count(*), false)
   FROM change c WHERE c.design_id = design AND c.version = its_version $$
"""
OPTION_GUARD = """
CREATE FUNCTION round_option_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT round_part_exists(NEW.design_id, NEW.version, NEW.part) THEN
        RAISE EXCEPTION 'this is no part of the design' USING ERRCODE = 'SK002', DETAIL = 'part';
    END IF;
    RETURN NEW;
END $$
"""
# What was a part when the option was made must still be one when the round stands fast.
FREEZE_GUARD = """
CREATE FUNCTION round_parts_at_freeze() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM round_option o WHERE o.round_id = NEW.id AND NOT round_part_exists(o.design_id, o.version, o.part)) THEN
        RAISE EXCEPTION 'a part of a design is not there any more' USING ERRCODE = 'SK002', DETAIL = 'part';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER round_option_part BEFORE INSERT OR UPDATE ON round_option FOR EACH ROW EXECUTE FUNCTION round_option_part()",
    "CREATE TRIGGER round_parts_at_freeze BEFORE UPDATE ON round FOR EACH ROW"
    " WHEN (OLD.frozen_at IS NULL AND NEW.frozen_at IS NOT NULL) EXECUTE FUNCTION round_parts_at_freeze()",
)


def upgrade() -> None:
    """Options get a part and the figures of it; one design may stand in a round more than once."""
    for function in (SORTED, EXISTS, OPTION_GUARD, FREEZE_GUARD):
        op.execute(function)
    op.add_column(
        "round_option",
        sa.Column("part", postgresql.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("round_option", sa.Column("part_effects", postgresql.JSONB(), nullable=True))
    op.create_check_constraint(op.f("ck_round_option_part"), "round_option", "round_part_sorted(part)")
    op.create_check_constraint(
        op.f("ck_round_option_part_effects"), "round_option", "(part = '{}') = (part_effects IS NULL)"
    )
    op.drop_constraint(op.f("uq_round_option_round_id_design_id"), "round_option", type_="unique")
    op.create_unique_constraint(
        op.f("uq_round_option_round_id_design_id"), "round_option", ["round_id", "design_id", "part"]
    )
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Without parts. Refused where a round has one: what people voted on is not thrown away."""
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM round_option WHERE part <> '{}') THEN"
        " RAISE EXCEPTION 'there are rounds with parts of designs'; END IF; END $$"
    )
    op.execute("DROP TRIGGER round_parts_at_freeze ON round")
    op.execute("DROP TRIGGER round_option_part ON round_option")
    op.drop_constraint(op.f("uq_round_option_round_id_design_id"), "round_option", type_="unique")
    op.create_unique_constraint(
        op.f("uq_round_option_round_id_design_id"), "round_option", ["round_id", "design_id"]
    )
    op.drop_constraint(op.f("ck_round_option_part_effects"), "round_option", type_="check")
    op.drop_constraint(op.f("ck_round_option_part"), "round_option", type_="check")
    op.drop_column("round_option", "part_effects")
    op.drop_column("round_option", "part")
    op.execute("DROP FUNCTION round_parts_at_freeze()")
    op.execute("DROP FUNCTION round_option_part()")
    op.execute("DROP FUNCTION round_part_exists(uuid, integer, integer[])")
    op.execute("DROP FUNCTION round_part_sorted(integer[])")
