# ruff: noqa: E501 - SQL
"""Rounds, ballots that nobody can change, and codes in letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOST_OPTIONS = 200
LARGEST_POINTS = 1_000_000

# The errors that these functions raise, so that the program can tell them apart:
# SK001 not open · SK002 choices that cannot be · SK003 a ballot is never changed · SK004 a frozen round is never
# changed · SK005 not the next version · SK006 cannot be frozen or counted yet.

# Every ballot of a round holds its lock shared until it has committed, and counting takes it alone: so whoever
# counts sees every ballot that was acknowledged.
ROUND_LOCK = """
CREATE FUNCTION round_lock(round_id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT hashtextextended('round:' || round_id::text, 0) $$
"""

# What is wrong with choices, as a word; null when they are good. The rules are in docs/decisions/0024-ballots.md.
CHOICES_WRONG = f"""
CREATE FUNCTION ballot_choices_wrong(the_round uuid, kind text, parameters jsonb, choices jsonb)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    n integer;
    known integer;
    different integer;
    cost numeric;
    points numeric;
    whole boolean;
BEGIN
    IF kind = 'points' THEN
        IF jsonb_typeof(choices) IS DISTINCT FROM 'object' THEN RETURN 'form'; END IF;
        SELECT count(*), count(o.code), coalesce(bool_and(jsonb_typeof(c.value) = 'number'), true)
        INTO n, known, whole
        FROM jsonb_each(choices) c LEFT JOIN round_option o ON o.round_id = the_round AND o.code = c.key;
        IF NOT whole THEN RETURN 'form'; END IF;
        SELECT coalesce(sum(value::text::numeric), 0),
               coalesce(bool_and(value::text::numeric >= 1 AND trunc(value::text::numeric) = value::text::numeric), true)
        INTO points, whole FROM jsonb_each(choices);
        IF NOT whole THEN RETURN 'form'; END IF;
        IF points > (parameters->>'points')::numeric THEN RETURN 'too_many_points'; END IF;
    ELSE
        IF jsonb_typeof(choices) IS DISTINCT FROM 'array' THEN RETURN 'form'; END IF;
        n := jsonb_array_length(choices);
        IF n > {MOST_OPTIONS} THEN RETURN 'too_many'; END IF;
        SELECT count(o.code), count(DISTINCT o.code), coalesce(sum(o.cost_eur), 0),
               coalesce(bool_and(jsonb_typeof(c.value) = 'string'), true)
        INTO known, different, cost, whole
        FROM jsonb_array_elements(choices) c
        LEFT JOIN round_option o ON o.round_id = the_round AND o.code = c.value #>> '{{}}';
        IF NOT whole THEN RETURN 'form'; END IF;
        IF different < known THEN RETURN 'repeated'; END IF;
        IF kind = 'budget' AND cost > (parameters->>'budget_eur')::numeric THEN RETURN 'over_budget'; END IF;
    END IF;
    IF known < n THEN RETURN 'foreign'; END IF;
    IF n > coalesce((parameters->>'max_choices')::integer, {MOST_OPTIONS}) THEN RETURN 'too_many'; END IF;
    IF n < coalesce((parameters->>'min_choices')::integer, 1) THEN RETURN 'too_few'; END IF;
    RETURN NULL;
END $$
"""

# Few statements: each costs as much as a third of a plain insert.
BALLOT_CAST = """
CREATE FUNCTION ballot_cast() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    r record;
    wrong text;
BEGIN
    -- The round, shared with other ballots and not with a count; then one voter at a time. Two keys are a space of
    -- their own, so the second never meets the lock of a round.
    PERFORM pg_advisory_xact_lock_shared(round_lock(NEW.round_id)),
            pg_advisory_xact_lock(hashtext(NEW.round_id::text), hashtext(encode(NEW.voter, 'hex')));
    -- After the locks, so that it sees what others committed before.
    SELECT kind, parameters, electorate_parameters, opens_at, closes_at, frozen_at, counted_at,
           coalesce((SELECT b.version FROM ballot b WHERE b.round_id = NEW.round_id AND b.voter = NEW.voter
                     ORDER BY b.version DESC LIMIT 1), 0) AS last
    INTO r FROM round WHERE id = NEW.round_id;
    NEW.cast_at := clock_timestamp();
    IF r.frozen_at IS NULL OR r.counted_at IS NOT NULL
       OR NEW.cast_at < r.opens_at OR NEW.cast_at >= r.closes_at THEN
        RAISE EXCEPTION 'this round is not open' USING ERRCODE = 'SK001';
    END IF;
    -- To the hour: the exact moment beside the log of a web server would say whose ballot it is.
    NEW.cast_at := greatest(date_trunc('hour', NEW.cast_at), r.opens_at);
    IF NEW.channel = 'paper' AND coalesce((r.electorate_parameters->>'paper_ballots')::integer, 0) = 0 THEN
        RAISE EXCEPTION 'this round has no paper ballots' USING ERRCODE = 'SK002', DETAIL = 'paper';
    END IF;
    wrong := ballot_choices_wrong(NEW.round_id, r.kind, r.parameters, NEW.choices);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'these choices cannot be: %', wrong USING ERRCODE = 'SK002', DETAIL = wrong;
    END IF;
    IF NEW.version IS NOT NULL AND NEW.version <> r.last + 1 THEN
        RAISE EXCEPTION 'the next version is %', r.last + 1 USING ERRCODE = 'SK005';
    END IF;
    NEW.version := r.last + 1;
    RETURN NEW;
END $$
"""

NEVER_CHANGED = """
CREATE FUNCTION ballot_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'SK003';
END $$
"""

ROUND_GUARD = """
CREATE FUNCTION round_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.frozen_at IS NOT NULL THEN
            RAISE EXCEPTION 'a frozen round stays' USING ERRCODE = 'SK004';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.frozen_at IS NOT NULL THEN
            RAISE EXCEPTION 'a round begins as a draft' USING ERRCODE = 'SK006';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.frozen_at IS NULL THEN
        IF NEW.frozen_at IS NOT NULL THEN PERFORM round_may_freeze(NEW); END IF;
    ELSE
        IF (NEW.id, NEW.assignment_id, NEW.title, NEW.question, NEW.kind, NEW.rule, NEW.parameters, NEW.electorate,
            NEW.electorate_parameters, NEW.opens_at, NEW.closes_at, NEW.frozen_at, NEW.freeze_document, NEW.freeze_hash,
            NEW.is_example, NEW.created_at)
           IS DISTINCT FROM
           (OLD.id, OLD.assignment_id, OLD.title, OLD.question, OLD.kind, OLD.rule, OLD.parameters, OLD.electorate,
            OLD.electorate_parameters, OLD.opens_at, OLD.closes_at, OLD.frozen_at, OLD.freeze_document, OLD.freeze_hash,
            OLD.is_example, OLD.created_at) THEN
            RAISE EXCEPTION 'a frozen round stays as it is' USING ERRCODE = 'SK004';
        END IF;
        IF NEW.voter_key IS DISTINCT FROM OLD.voter_key AND NEW.counted_at IS NULL THEN
            RAISE EXCEPTION 'the key of the voters stays until the count' USING ERRCODE = 'SK004';
        END IF;
    END IF;
    IF OLD.counted_at IS NOT NULL THEN
        IF (NEW.counted_at, NEW.result, NEW.result_hash, NEW.ballots_hash)
           IS DISTINCT FROM (OLD.counted_at, OLD.result, OLD.result_hash, OLD.ballots_hash)
           OR (OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at) THEN
            RAISE EXCEPTION 'a result stays as it is' USING ERRCODE = 'SK004';
        END IF;
    ELSIF NEW.counted_at IS NOT NULL AND (OLD.frozen_at IS NULL OR clock_timestamp() < OLD.closes_at) THEN
        RAISE EXCEPTION 'a round is counted after it closed' USING ERRCODE = 'SK006';
    END IF;
    -- After the count nobody, with whatever secrets of the server, can tell which ballot was whose.
    IF NEW.counted_at IS NOT NULL THEN NEW.voter_key := NULL; END IF;
    RETURN NEW;
END $$
"""

MAY_FREEZE = """
CREATE FUNCTION round_may_freeze(the_round round) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF clock_timestamp() >= the_round.opens_at THEN
        RAISE EXCEPTION 'a round is frozen before it opens' USING ERRCODE = 'SK006';
    END IF;
    IF (SELECT count(*) FROM round_option WHERE round_id = the_round.id) < 2 THEN
        RAISE EXCEPTION 'a round has at least two options' USING ERRCODE = 'SK006';
    END IF;
    IF EXISTS (SELECT FROM round_conflict WHERE round_id = the_round.id AND state = 'proposed') THEN
        RAISE EXCEPTION 'every conflict is settled before the freeze' USING ERRCODE = 'SK006';
    END IF;
END $$
"""

# Sharing the row makes this wait for a freeze that is under way, and a freeze wait for this.
PART_GUARD = """
CREATE FUNCTION round_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_round uuid;
BEGIN
    FOREACH the_round IN ARRAY CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.round_id] WHEN 'DELETE' THEN ARRAY[OLD.round_id]
                               ELSE ARRAY[OLD.round_id, NEW.round_id] END LOOP
        PERFORM FROM round WHERE id = the_round FOR SHARE;
        IF EXISTS (SELECT FROM round WHERE id = the_round AND frozen_at IS NOT NULL) THEN
            RAISE EXCEPTION 'a frozen round stays as it is' USING ERRCODE = 'SK004';
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""

# A version that people vote on stays what it was when the round was frozen.
VERSION_GUARD = """
CREATE FUNCTION round_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM round_option o JOIN round r ON r.id = o.round_id
               WHERE o.design_id = OLD.design_id AND o.version = OLD.version AND r.frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'this version is in a vote' USING ERRCODE = 'SK004';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""

FUNCTIONS = (
    ROUND_LOCK, CHOICES_WRONG, BALLOT_CAST, NEVER_CHANGED, MAY_FREEZE, ROUND_GUARD, PART_GUARD, VERSION_GUARD,
)  # fmt: skip
TRIGGERS = (
    "CREATE TRIGGER ballot_cast BEFORE INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_cast()",
    "CREATE TRIGGER ballot_kept BEFORE UPDATE OR DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_never_changed()",
    "CREATE TRIGGER ballot_not_emptied BEFORE TRUNCATE ON ballot EXECUTE FUNCTION ballot_never_changed()",
    "CREATE TRIGGER ballot_heir_kept BEFORE UPDATE OR DELETE ON ballot_heir"
    " FOR EACH ROW EXECUTE FUNCTION ballot_never_changed()",
    "CREATE TRIGGER ballot_heir_not_emptied BEFORE TRUNCATE ON ballot_heir EXECUTE FUNCTION ballot_never_changed()",
    "CREATE TRIGGER round_guard BEFORE INSERT OR UPDATE OR DELETE ON round"
    " FOR EACH ROW EXECUTE FUNCTION round_guard()",
    "CREATE TRIGGER round_not_emptied BEFORE TRUNCATE ON round EXECUTE FUNCTION ballot_never_changed()",
    "CREATE TRIGGER round_option_guard BEFORE INSERT OR UPDATE OR DELETE ON round_option"
    " FOR EACH ROW EXECUTE FUNCTION round_part_guard()",
    "CREATE TRIGGER round_option_not_emptied BEFORE TRUNCATE ON round_option EXECUTE FUNCTION ballot_never_changed()",
    "CREATE TRIGGER round_conflict_guard BEFORE INSERT OR UPDATE OR DELETE ON round_conflict"
    " FOR EACH ROW EXECUTE FUNCTION round_part_guard()",
    "CREATE TRIGGER round_conflict_not_emptied BEFORE TRUNCATE ON round_conflict"
    " EXECUTE FUNCTION ballot_never_changed()",
    # An import may still let go of street objects (object_id) and a newer rule may judge again (checks, verdict).
    "CREATE TRIGGER round_version_kept BEFORE UPDATE OF design_id, version, title, story, cost_low_eur, cost_high_eur"
    " OR DELETE ON design_version FOR EACH ROW EXECUTE FUNCTION round_version_guard()",
    "CREATE TRIGGER round_change_kept BEFORE UPDATE OF design_id, version, position, action, kind, rotation_deg, width_m,"
    " height_m, geom OR DELETE ON change FOR EACH ROW EXECUTE FUNCTION round_version_guard()",
)


def upgrade() -> None:
    """New tables only; two triggers on design versions."""
    _rounds()
    _ballots()
    _letters()
    for statement in (*FUNCTIONS, *TRIGGERS):
        op.execute(statement)


def _moment(name: str, **more: object) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), **more)  # type: ignore[arg-type]


def _rounds() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("electorate", sa.Text(), nullable=False),
        sa.Column(
            "electorate_parameters", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False
        ),
        _moment("opens_at", nullable=False),
        _moment("closes_at", nullable=False),
        _moment("frozen_at", nullable=True),
        sa.Column("freeze_document", sa.Text(), nullable=True),
        sa.Column("freeze_hash", sa.Text(), nullable=True),
        sa.Column("voter_key", sa.LargeBinary(), nullable=True),
        _moment("counted_at", nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("result_hash", sa.Text(), nullable=True),
        sa.Column("ballots_hash", sa.Text(), nullable=True),
        _moment("published_at", nullable=True),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("is_example", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _moment("created_at", server_default=sa.text("now()"), nullable=False),
        _moment("updated_at", server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_round_dates")),
        sa.CheckConstraint("kind IN ('approval', 'ranking', 'points', 'budget')", name=op.f("ck_round_kind")),
        sa.CheckConstraint(
            "kind = 'approval' AND rule IN ('mes', 'greedy', 'approval')"
            " OR kind = 'budget' AND rule IN ('mes', 'greedy')"
            " OR kind = 'ranking' AND rule = 'schulze' OR kind = 'points' AND rule = 'points'",
            name=op.f("ck_round_rule"),
        ),
        sa.CheckConstraint(
            "electorate IN ('guest', 'email', 'letter', 'area', 'oidc')", name=op.f("ck_round_electorate")
        ),
        sa.CheckConstraint(
            "(kind <> 'points' OR coalesce((parameters->>'points')::numeric, 0)"
            f" BETWEEN 1 AND {LARGEST_POINTS})"
            " AND (rule NOT IN ('mes', 'greedy', 'approval') OR coalesce((parameters->>'budget_eur')::numeric, 0) > 0)",
            name=op.f("ck_round_parameters"),
        ),
        sa.CheckConstraint(
            "(frozen_at IS NULL) = (freeze_document IS NULL) AND (frozen_at IS NULL) = (freeze_hash IS NULL)"
            " AND (voter_key IS NOT NULL) = (frozen_at IS NOT NULL AND counted_at IS NULL)",
            name=op.f("ck_round_frozen"),
        ),
        sa.CheckConstraint(
            "freeze_hash = encode(sha256(convert_to(freeze_document, 'UTF8')), 'hex')",
            name=op.f("ck_round_freeze_hash"),
        ),
        sa.CheckConstraint(
            "result_hash = encode(sha256(convert_to(result, 'UTF8')), 'hex')",
            name=op.f("ck_round_result_hash"),
        ),
        sa.CheckConstraint(
            "(counted_at IS NULL) = (result IS NULL) AND (counted_at IS NULL) = (result_hash IS NULL)"
            " AND (counted_at IS NULL) = (ballots_hash IS NULL) AND (published_at IS NULL OR counted_at IS NOT NULL)",
            name=op.f("ck_round_counted"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_round_assignment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_round_created_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    op.create_index("ix_round_assignment_id", "round", ["assignment_id"])
    op.create_table(
        "round_option",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("cost_eur", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("cost_note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("code ~ '^[A-Z]{1,2}$'", name=op.f("ck_round_option_code")),
        sa.CheckConstraint("cost_eur >= 0 AND cost_eur < 1e10", name=op.f("ck_round_option_cost")),
        sa.CheckConstraint(f"position BETWEEN 1 AND {MOST_OPTIONS}", name=op.f("ck_round_option_position")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_option_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["design_id", "version"],
            ["design_version.design_id", "design_version.version"],
            name=op.f("fk_round_option_design_id_version"),
        ),
        sa.PrimaryKeyConstraint("round_id", "code", name=op.f("pk_round_option")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_round_option_round_id_position")),
        sa.UniqueConstraint("round_id", "design_id", name=op.f("uq_round_option_round_id_design_id")),
    )
    op.create_index("ix_round_option_design_id_version", "round_option", ["design_id", "version"])
    op.create_table(
        "round_conflict",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("a", sa.Text(), nullable=False),
        sa.Column("b", sa.Text(), nullable=False),
        sa.Column("overlap_m2", sa.Numeric(precision=12, scale=2, asdecimal=False), nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by_role", sa.Text(), nullable=True),
        _moment("decided_at", nullable=True),
        sa.CheckConstraint('a COLLATE "C" < b COLLATE "C"', name=op.f("ck_round_conflict_order")),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'waived')", name=op.f("ck_round_conflict_state")
        ),
        sa.CheckConstraint(
            "state = 'proposed' OR (reason <> '' AND decided_by_role IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_round_conflict_reason"),
        ),
        sa.CheckConstraint("overlap_m2 >= 0", name=op.f("ck_round_conflict_overlap")),
        sa.ForeignKeyConstraint(
            ["round_id", "a"],
            ["round_option.round_id", "round_option.code"],
            name=op.f("fk_round_conflict_round_id_a"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "b"],
            ["round_option.round_id", "round_option.code"],
            name=op.f("fk_round_conflict_round_id_b"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "a", "b", name=op.f("pk_round_conflict")),
    )


def _ballots() -> None:
    # No foreign key to the round: it would lock the round's row once per ballot. The trigger sees to it that the
    # round is there and frozen, and a frozen round is never deleted. No serial number: it would tell the order.
    op.create_table(
        "ballot",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("voter", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("choices", postgresql.JSONB(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="web", nullable=False),
        _moment("cast_at", server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column("band", sa.Text(), nullable=True),
        sa.CheckConstraint("octet_length(voter) = 32", name=op.f("ck_ballot_voter")),
        sa.CheckConstraint("octet_length(receipt_hash) = 32", name=op.f("ck_ballot_receipt")),
        sa.CheckConstraint("channel IN ('web', 'paper')", name=op.f("ck_ballot_channel")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_ballot_version")),
        sa.CheckConstraint("length(band) <= 40", name=op.f("ck_ballot_band")),
        sa.PrimaryKeyConstraint("round_id", "voter", "version", name=op.f("pk_ballot")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_ballot_receipt_hash")),
    )
    op.create_table(
        "ballot_heir",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("voter", sa.LargeBinary(), nullable=False),
        sa.Column("heir", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "octet_length(voter) = 32 AND octet_length(heir) = 32 AND voter <> heir",
            name=op.f("ck_ballot_heir_voters"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_heir")),
        sa.UniqueConstraint("round_id", "voter", name=op.f("uq_ballot_heir_round_id_voter")),
    )
    op.create_index("ix_ballot_heir_round_id_heir", "ballot_heir", ["round_id", "heir"])
    op.create_table(
        "paper_ballot",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("voter", sa.LargeBinary(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("band", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("first_choices", postgresql.JSONB(), nullable=True),
        sa.Column("first_by", sa.Uuid(), nullable=True),
        sa.Column("second_choices", postgresql.JSONB(), nullable=True),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        _moment("entered_at", server_default=sa.text("now()"), nullable=False),
        _moment("settled_at", nullable=True),
        sa.CheckConstraint("octet_length(voter) = 32", name=op.f("ck_paper_ballot_voter")),
        sa.CheckConstraint("first_by <> second_by", name=op.f("ck_paper_ballot_two_people")),
        sa.CheckConstraint(
            "state = 'waiting' AND first_choices IS NOT NULL AND second_choices IS NULL AND settled_at IS NULL"
            " OR state = 'differs' AND first_choices <> second_choices AND settled_at IS NULL"
            " OR state = 'agreed' AND first_choices IS NULL AND second_choices IS NULL AND settled_at IS NOT NULL"
            " OR state = 'left' AND first_choices IS NULL AND second_choices IS NULL",
            name=op.f("ck_paper_ballot_state"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_paper_ballot_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["first_by"], ["person.id"], name=op.f("fk_paper_ballot_first_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["second_by"], ["person.id"], name=op.f("fk_paper_ballot_second_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_ballot")),
        sa.UniqueConstraint("round_id", "voter", name=op.f("uq_paper_ballot_round_id_voter")),
    )


def _letters() -> None:
    op.create_table(
        "letter_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        _moment("made_at", nullable=False),
        _moment("exported_at", nullable=True),
        sa.CheckConstraint("purpose IN ('round', 'consent')", name=op.f("ck_letter_batch_purpose")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_letter_batch_made_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_batch")),
    )
    op.create_index("ix_letter_batch_subject", "letter_batch", ["purpose", "subject_id"])
    op.create_table(
        "letter_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        # Of an address that gets a new letter for a lost one, both letters are the same seat.
        sa.Column("seat", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_ref", sa.BigInteger(), nullable=True),
        sa.Column("point", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("band", sa.Text(), nullable=True),
        _moment("revoked_at", nullable=True),
        sa.CheckConstraint("octet_length(code_hash) = 32", name=op.f("ck_letter_code_hash")),
        sa.CheckConstraint("length(address) BETWEEN 1 AND 300", name=op.f("ck_letter_code_address")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["letter_batch.id"], name=op.f("fk_letter_code_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_letter_code_code_hash")),
    )
    op.create_index("ix_letter_code_batch_id", "letter_code", ["batch_id"])
    # One address has one valid letter: a second would be a second vote.
    op.create_index(
        "uq_letter_code_subject_address",
        "letter_code",
        ["subject_id", "address"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def downgrade() -> None:
    """Take it all away again, ballots too."""
    op.execute("DROP TRIGGER round_version_kept ON design_version")
    op.execute("DROP TRIGGER round_change_kept ON change")
    for table in (
        "letter_code", "letter_batch", "paper_ballot", "ballot_heir", "ballot", "round_conflict", "round_option",
    ):  # fmt: skip
        op.drop_table(table)
    op.execute("DROP FUNCTION round_may_freeze(round) CASCADE")
    op.drop_table("round")
    for function in (
        "round_version_guard",
        "round_part_guard",
        "round_guard",
        "ballot_never_changed",
        "ballot_cast",
    ):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP FUNCTION ballot_choices_wrong(uuid, text, jsonb, jsonb)")
    op.execute("DROP FUNCTION round_lock(uuid)")
