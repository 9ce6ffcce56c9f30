# ruff: noqa: E501 - SQL
"""A version that people vote on gets no changes added, and no round begins with a result: past the program too.

Only triggers and functions; no table is touched, and rounds that are open go on. Placing an element stays one
statement with one look per statement, not per change.
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Of 0006 with the other end: a change may not move into a frozen version either.
VERSION_GUARD = """
CREATE OR REPLACE FUNCTION round_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM round_option o JOIN round r ON r.id = o.round_id
               WHERE o.design_id = OLD.design_id AND o.version = OLD.version AND r.frozen_at IS NOT NULL)
       OR TG_OP = 'UPDATE' AND (NEW.design_id, NEW.version) <> (OLD.design_id, OLD.version)
       AND EXISTS (SELECT FROM round_option o JOIN round r ON r.id = o.round_id
                   WHERE o.design_id = NEW.design_id AND o.version = NEW.version AND r.frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'this version is in a vote' USING ERRCODE = 'SK004';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
CHANGES_ADDED = """
CREATE FUNCTION round_changes_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added JOIN round_option o ON o.design_id = added.design_id AND o.version = added.version
               JOIN round r ON r.id = o.round_id WHERE r.frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'this version is in a vote' USING ERRCODE = 'SK004';
    END IF;
    RETURN NULL;
END $$
"""
# Beside what it says by itself, what a change is about: it is part of the published hash.
CHANGE_KEPT = (
    "CREATE TRIGGER round_change_kept BEFORE UPDATE OF design_id, version, position, action, kind, {object_kind}rotation_deg,"
    " width_m, height_m, geom OR DELETE ON change FOR EACH ROW EXECUTE FUNCTION round_version_guard()"
)
BEGINS = """
CREATE FUNCTION round_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a round begins without a result' USING ERRCODE = 'SK006';
END $$
"""
TRIGGERS = (
    "DROP TRIGGER round_change_kept ON change",
    CHANGE_KEPT.format(object_kind="object_kind, "),
    "CREATE TRIGGER round_change_added AFTER INSERT ON change REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION round_changes_added()",
    "CREATE TRIGGER round_begins BEFORE INSERT ON round FOR EACH ROW"
    " WHEN (NEW.counted_at IS NOT NULL OR NEW.published_at IS NOT NULL) EXECUTE FUNCTION round_begins()",
)

VERSION_GUARD_BEFORE = """
CREATE OR REPLACE FUNCTION round_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM round_option o JOIN round r ON r.id = o.round_id
               WHERE o.design_id = OLD.design_id AND o.version = OLD.version AND r.frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'this version is in a vote' USING ERRCODE = 'SK004';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


def upgrade() -> None:
    """Four triggers, of which one is made anew."""
    for function in (VERSION_GUARD, CHANGES_ADDED, BEGINS):
        op.execute(function)
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """As they were."""
    op.execute("DROP TRIGGER round_begins ON round")
    op.execute("DROP TRIGGER round_change_added ON change")
    op.execute("DROP TRIGGER round_change_kept ON change")
    op.execute(CHANGE_KEPT.format(object_kind=""))
    for function in ("round_begins", "round_changes_added"):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute(VERSION_GUARD_BEFORE)
