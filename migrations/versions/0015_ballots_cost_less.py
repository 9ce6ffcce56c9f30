# ruff: noqa: E501 - SQL
"""A ballot costs the database less, and never more because there are many: the same checks, with fewer steps.

What is refused, and with which word, stays as it was. `ballot_cast` is the function of 0006 with other plans.
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOST_OPTIONS = 200

# A good list asks one question: how many options of this round it names. Only of a bad one is asked what is wrong.
CHOICES_WRONG = f"""
CREATE OR REPLACE FUNCTION ballot_choices_wrong(the_round uuid, kind text, parameters jsonb, choices jsonb)
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
        SELECT count(*), coalesce(sum(o.cost_eur), 0) INTO different, cost
        FROM round_option o WHERE o.round_id = the_round AND choices ? o.code;
        known := n;
        -- As many different options as the list is long: each of it is an option, and none stands there twice.
        IF different < n THEN
            SELECT count(o.code), coalesce(bool_and(jsonb_typeof(c.value) = 'string'), true) INTO known, whole
            FROM jsonb_array_elements(choices) c
            LEFT JOIN round_option o ON o.round_id = the_round AND o.code = c.value #>> '{{}}';
            IF NOT whole THEN RETURN 'form'; END IF;
            IF different < known THEN RETURN 'repeated'; END IF;
        END IF;
        IF kind = 'budget' AND cost > (parameters->>'budget_eur')::numeric THEN RETURN 'over_budget'; END IF;
    END IF;
    IF known < n THEN RETURN 'foreign'; END IF;
    IF n > coalesce((parameters->>'max_choices')::integer, {MOST_OPTIONS}) THEN RETURN 'too_many'; END IF;
    IF n < coalesce((parameters->>'min_choices')::integer, 1) THEN RETURN 'too_few'; END IF;
    RETURN NULL;
END $$
"""
# A worker plans the statements of the trigger once. Planned while the table of ballots was empty they would read all
# of it for every ballot, until PostgreSQL looks at the table again (a minute or more): so never by reading a whole table.
BY_KEY = "ALTER FUNCTION ballot_cast() SET enable_seqscan = off"

CHOICES_WRONG_BEFORE = f"""
CREATE OR REPLACE FUNCTION ballot_choices_wrong(the_round uuid, kind text, parameters jsonb, choices jsonb)
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


def upgrade() -> None:
    """Functions only; no table is touched, and rounds that are open go on."""
    op.execute(CHOICES_WRONG)
    op.execute(BY_KEY)


def downgrade() -> None:
    """As they were."""
    op.execute("ALTER FUNCTION ballot_cast() RESET enable_seqscan")
    op.execute(CHOICES_WRONG_BEFORE)
