# ruff: noqa: E501 - SQL
"""Polls, pledges to look after something, and neighbours' consent, with what must hold past the application."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    "consent_answer",
    "consent_address",
    "consent",
    "consent_rule",
    "adoption",
    "poll_answer",
    "poll",
    "planner_act",
)
FUNCTIONS = (
    "planner_act_kept",
    "poll_kept",
    "poll_answer_checked",
    "consent_kept",
    "consent_address_kept",
    "consent_answer_added",
    "consent_answer_kept",
)


def upgrade() -> None:
    """Eight tables and their triggers."""
    _acts()
    _polls()
    _adoption()
    _consent()


def _moment(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    standard = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=standard, nullable=nullable)


def _geometry(name: str, kind: str = "GEOMETRY", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Geometry(kind, srid=4326, spatial_index=False), nullable=nullable)


def _key(table: str, column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=on_delete)


def _number() -> sa.Column[object]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _uuid() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)


def _acts() -> None:
    op.create_table(
        "planner_act",
        _number(),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("details", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        _moment("done_at", default="clock_timestamp()"),
        sa.CheckConstraint(
            "subject IN ('poll', 'consent', 'consent_rule')", name=op.f("ck_planner_act_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planner_act")),
    )
    op.create_index("ix_planner_act_subject", "planner_act", ["subject", "subject_id", "id"])
    op.execute(
        """
        CREATE FUNCTION planner_act_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'what a planner did stays in the log' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER planner_act_kept BEFORE UPDATE OR DELETE ON planner_act"
        " FOR EACH ROW EXECUTE FUNCTION planner_act_kept()"
    )


def _polls() -> None:
    op.create_table(
        "poll",
        _uuid(),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("phase_id", sa.Uuid(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("choices", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("most", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("low_words", sa.Text(), server_default="", nullable=False),
        sa.Column("high_words", sa.Text(), server_default="", nullable=False),
        sa.Column("asks_relation", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("place_name", sa.Text(), server_default="", nullable=False),
        _geometry("geom", nullable=True),
        _moment("opens_at"),
        _moment("closes_at", nullable=True),
        _moment("ended_at", nullable=True),
        sa.Column("is_example", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _moment("created_at", default="now()"),
        sa.CheckConstraint("kind IN ('one', 'several', 'scale')", name=op.f("ck_poll_kind")),
        sa.CheckConstraint(
            "CASE WHEN kind = 'scale' THEN cardinality(choices) = 0 AND low_words <> '' AND high_words <> ''"
            " ELSE cardinality(choices) BETWEEN 2 AND 12 END",
            name=op.f("ck_poll_choices"),
        ),
        sa.CheckConstraint(
            "CASE WHEN kind = 'several' THEN most BETWEEN 2 AND cardinality(choices) ELSE most = 1 END",
            name=op.f("ck_poll_most"),
        ),
        sa.CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name=op.f("ck_poll_dates")),
        _key("poll", "assignment_id", "assignment.id", "CASCADE"),
        _key("poll", "phase_id", "phase.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    op.create_index(op.f("ix_poll_assignment_id"), "poll", ["assignment_id"])
    op.create_index(op.f("ix_poll_phase_id"), "poll", ["phase_id"])
    op.create_index("idx_poll_geom", "poll", ["geom"], postgresql_using="gist")
    op.create_table(
        "poll_answer",
        _number(),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("chosen", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        _moment("answered_at", default="clock_timestamp()"),
        _moment("changed_at", default="clock_timestamp()"),
        sa.CheckConstraint(
            "relation IN ('here', 'near', 'often', 'other')", name=op.f("ck_poll_answer_relation")
        ),
        _key("poll_answer", "poll_id", "poll.id", "CASCADE"),
        _key("poll_answer", "person_id", "person.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answer")),
        sa.UniqueConstraint("poll_id", "person_id", name=op.f("uq_poll_answer_poll_id_person_id")),
    )
    op.create_index(op.f("ix_poll_answer_person_id"), "poll_answer", ["person_id"])
    op.execute(
        """
        CREATE FUNCTION poll_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (NEW.assignment_id, NEW.question, NEW.about, NEW.kind, NEW.choices, NEW.most, NEW.low_words,
                NEW.high_words, NEW.asks_relation, NEW.place_name, NEW.opens_at) IS DISTINCT FROM
               (OLD.assignment_id, OLD.question, OLD.about, OLD.kind, OLD.choices, OLD.most, OLD.low_words,
                OLD.high_words, OLD.asks_relation, OLD.place_name, OLD.opens_at)
               AND EXISTS (SELECT FROM poll_answer WHERE poll_id = OLD.id) THEN
                RAISE EXCEPTION 'this poll has answers: its question stays'
                    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'poll_kept';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute("CREATE TRIGGER poll_kept BEFORE UPDATE ON poll FOR EACH ROW EXECUTE FUNCTION poll_kept()")
    op.execute(
        """
        CREATE FUNCTION poll_answer_checked() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            asked poll%ROWTYPE;
            highest integer;
        BEGIN
            -- Whoever changes the question waits for this answer, and the other way round.
            SELECT * INTO asked FROM poll WHERE id = NEW.poll_id FOR SHARE;
            IF NOT (asked.opens_at <= clock_timestamp()
                    AND (asked.closes_at IS NULL OR clock_timestamp() < asked.closes_at)
                    AND asked.ended_at IS NULL
                    AND (asked.phase_id IS NULL OR EXISTS (
                        SELECT FROM phase p WHERE p.id = asked.phase_id AND p.starts_at <= clock_timestamp()
                            AND (p.ends_at IS NULL OR clock_timestamp() < p.ends_at)))) THEN
                RAISE EXCEPTION 'this poll is not open'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'poll_open';
            END IF;
            highest := CASE WHEN asked.kind = 'scale' THEN 5 ELSE cardinality(asked.choices) END;
            IF NEW.chosen IS NULL OR array_ndims(NEW.chosen) <> 1
               OR cardinality(NEW.chosen) NOT BETWEEN 1 AND asked.most
               OR (SELECT count(DISTINCT one) <> count(*) OR bool_or(one IS NULL OR one NOT BETWEEN 1 AND highest)
                   FROM unnest(NEW.chosen) AS one)
               OR (NEW.relation IS NOT NULL AND NOT asked.asks_relation) THEN
                RAISE EXCEPTION 'this is no answer to this poll'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'poll_choice';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER poll_answer_checked BEFORE INSERT OR UPDATE OF poll_id, chosen, relation ON poll_answer"
        " FOR EACH ROW EXECUTE FUNCTION poll_answer_checked()"
    )


def _adoption() -> None:
    op.create_table(
        "adoption",
        _uuid(),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("design_id", sa.Uuid(), nullable=True),
        sa.Column("object_id", sa.BigInteger(), nullable=True),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _geometry("geom"),
        sa.Column("place_name", sa.Text(), server_default="", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("public_name", sa.Text(), server_default="", nullable=False),
        sa.Column("is_group", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        _moment("ended_at", nullable=True),
        _moment("created_at", default="now()"),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_adoption_dates")),
        sa.CheckConstraint("num_nonnulls(design_id, object_id) <= 1", name=op.f("ck_adoption_one_thing")),
        _key("adoption", "assignment_id", "assignment.id", "CASCADE"),
        _key("adoption", "design_id", "design.id", "CASCADE"),
        _key("adoption", "object_id", "street_object.id", "SET NULL"),
        _key("adoption", "person_id", "person.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption")),
    )
    for column in ("assignment_id", "design_id", "object_id", "person_id"):
        op.create_index(op.f(f"ix_adoption_{column}"), "adoption", [column])
    op.create_index("idx_adoption_geom", "adoption", ["geom"], postgresql_using="gist")
    op.create_index(
        "ix_adoption_once",
        "adoption",
        ["person_id", "thing"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _consent() -> None:
    op.create_table(
        "consent_rule",
        _number(),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("rule", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by_role", sa.Text(), nullable=False),
        _moment("set_at", default="clock_timestamp()"),
        _key("consent_rule", "assignment_id", "assignment.id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_rule")),
    )
    op.create_index("ix_consent_rule_assignment_kind", "consent_rule", ["assignment_id", "kind", "id"])
    op.create_table(
        "consent",
        _uuid(),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("design_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("object_kind", sa.Text(), nullable=True),
        _geometry("geom"),
        sa.Column("rule", postgresql.JSONB(), nullable=False),
        _moment("opens_at"),
        _moment("closes_at"),
        _moment("sent_at", nullable=True),
        _moment("withdrawn_at", nullable=True),
        _moment("created_at", default="now()"),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_consent_dates")),
        _key("consent", "assignment_id", "assignment.id", "CASCADE"),
        _key("consent", "design_id", "design.id", "CASCADE"),
        _key("consent", "change_id", "change.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("number", name=op.f("uq_consent_number")),
    )
    for column in ("assignment_id", "design_id", "change_id"):
        op.create_index(op.f(f"ix_consent_{column}"), "consent", [column])
    op.create_index("idx_consent_geom", "consent", ["geom"], postgresql_using="gist")
    op.create_table(
        "consent_address",
        _number(),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("is_asked", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("added_by", sa.Text(), server_default="program", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        _geometry("point", "POINT", nullable=True),
        sa.CheckConstraint(
            "side IN ('front', 'left', 'right', 'opposite')", name=op.f("ck_consent_address_side")
        ),
        sa.CheckConstraint("added_by IN ('program', 'planner')", name=op.f("ck_consent_address_added_by")),
        # What the program did not decide has a reason.
        sa.CheckConstraint(
            "(added_by = 'program' AND is_asked) OR reason <> ''", name=op.f("ck_consent_address_reason")
        ),
        _key("consent_address", "consent_id", "consent.id", "CASCADE"),
        _key("consent_address", "place_id", "place.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_address")),
        sa.UniqueConstraint("consent_id", "label", name=op.f("uq_consent_address_consent_id_label")),
    )
    op.create_index(op.f("ix_consent_address_place_id"), "consent_address", ["place_id"])
    op.create_index("idx_consent_address_point", "consent_address", ["point"], postgresql_using="gist")
    op.create_table(
        "consent_answer",
        _number(),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("address_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="web", nullable=False),
        _moment("answered_at", default="clock_timestamp()"),
        sa.CheckConstraint("answer IN ('yes', 'no', 'objection')", name=op.f("ck_consent_answer_answer")),
        sa.CheckConstraint("channel IN ('web', 'paper')", name=op.f("ck_consent_answer_channel")),
        sa.CheckConstraint("version > 0", name=op.f("ck_consent_answer_version")),
        _key("consent_answer", "consent_id", "consent.id", "CASCADE"),
        _key("consent_answer", "address_id", "consent_address.id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_answer")),
        sa.UniqueConstraint("address_id", "version", name=op.f("uq_consent_answer_address_id_version")),
    )
    op.create_index(op.f("ix_consent_answer_consent_id"), "consent_answer", ["consent_id"])
    _consent_triggers()


def _consent_triggers() -> None:
    op.execute(
        """
        CREATE FUNCTION consent_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.sent_at IS NULL THEN
                RETURN NEW;
            END IF;
            IF (NEW.number, NEW.assignment_id, NEW.design_id, NEW.version, NEW.action, NEW.kind, NEW.object_kind,
                NEW.rule, NEW.opens_at, NEW.sent_at) IS DISTINCT FROM
               (OLD.number, OLD.assignment_id, OLD.design_id, OLD.version, OLD.action, OLD.kind, OLD.object_kind,
                OLD.rule, OLD.opens_at, OLD.sent_at)
               OR NOT ST_OrderingEquals(NEW.geom, OLD.geom)
               OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)
               -- The letters name the last day: it can move further away, while it is not over.
               OR (NEW.closes_at <> OLD.closes_at
                   AND (NEW.closes_at < OLD.closes_at OR clock_timestamp() >= OLD.closes_at)) THEN
                RAISE EXCEPTION 'the letters are out: what they say stays'
                    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'consent_kept';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER consent_kept BEFORE UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION consent_kept()"
    )
    op.execute(
        """
        CREATE FUNCTION consent_address_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            about uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.consent_id ELSE NEW.consent_id END;
            sent timestamptz;
        BEGIN
            -- Sending waits for a change of the list, and the other way round.
            SELECT sent_at INTO sent FROM consent WHERE id = about FOR SHARE;
            IF sent IS NOT NULL AND NOT (TG_OP = 'UPDATE' AND NEW.place_id IS NULL
                AND (NEW.id, NEW.consent_id, NEW.label, NEW.side, NEW.rank, NEW.is_asked) =
                    (OLD.id, OLD.consent_id, OLD.label, OLD.side, OLD.rank, OLD.is_asked)) THEN
                RAISE EXCEPTION 'the letters are out: the list stays'
                    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'consent_address_kept';
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER consent_address_kept BEFORE INSERT OR UPDATE OR DELETE ON consent_address"
        " FOR EACH ROW EXECUTE FUNCTION consent_address_kept()"
    )
    op.execute(
        """
        CREATE FUNCTION consent_answer_added() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            asked consent%ROWTYPE;
            latest consent_answer%ROWTYPE;
        BEGIN
            -- Whoever reads the outcome after the term takes this lock alone, and so waits for answers on their way.
            PERFORM pg_advisory_xact_lock_shared(hashtextextended('consent:' || NEW.consent_id, 0));
            -- One address answers once at a time, however many tabs it has open.
            PERFORM FROM consent_address
                WHERE id = NEW.address_id AND consent_id = NEW.consent_id AND is_asked FOR UPDATE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'this address is not asked'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_asked';
            END IF;
            SELECT * INTO asked FROM consent WHERE id = NEW.consent_id;
            IF asked.sent_at IS NULL OR asked.withdrawn_at IS NOT NULL
               OR NOT (asked.opens_at <= clock_timestamp() AND clock_timestamp() < asked.closes_at) THEN
                RAISE EXCEPTION 'answering is not possible at this moment'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_open';
            END IF;
            IF NEW.answer = 'objection' AND btrim(NEW.reason) = '' THEN
                RAISE EXCEPTION 'an objection has a reason'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_reason';
            END IF;
            SELECT * INTO latest FROM consent_answer WHERE address_id = NEW.address_id ORDER BY version DESC LIMIT 1;
            IF FOUND AND (latest.answer, latest.reason) = (NEW.answer, NEW.reason) THEN
                -- The same again (a second tab, a lost reply) is no new answer.
                RETURN NULL;
            END IF;
            -- That somebody answered otherwise before stays; the words that they took back do not.
            UPDATE consent_answer SET reason = '' WHERE address_id = NEW.address_id AND reason <> '';
            NEW.version := coalesce(latest.version, 0) + 1;
            NEW.answered_at := clock_timestamp();
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER consent_answer_added BEFORE INSERT ON consent_answer"
        " FOR EACH ROW EXECUTE FUNCTION consent_answer_added()"
    )
    op.execute(
        """
        CREATE FUNCTION consent_answer_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW.reason = '' AND
               (NEW.id, NEW.consent_id, NEW.address_id, NEW.version, NEW.answer, NEW.channel, NEW.answered_at) =
               (OLD.id, OLD.consent_id, OLD.address_id, OLD.version, OLD.answer, OLD.channel, OLD.answered_at) THEN
                RETURN NEW;
            END IF;
            -- A whole assignment may be deleted, with all that hangs on it.
            IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM consent WHERE id = OLD.consent_id) THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'an answer that was given stays'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'consent_answer_kept';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER consent_answer_kept BEFORE UPDATE OR DELETE ON consent_answer"
        " FOR EACH ROW EXECUTE FUNCTION consent_answer_kept()"
    )


def downgrade() -> None:
    """Take the tables away, with everything in them."""
    for table in TABLES:
        op.drop_table(table)
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}()")
