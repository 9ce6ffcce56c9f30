# ruff: noqa: E501
"""A synthetic neighbourhood in a scratch database: 100,000 changes, street objects, designs and people.

Everything lies in a square of about 2 by 2 km in Amsterdam; numbers come from `setseed`, so two runs see the same.
People and designs have identifiers that pgbench can compute: `md5('person' || 1)`, `md5('design' || 1)`.
"""

from __future__ import annotations

import psycopg

DESIGNS = 5_000
CHANGES = 100_000
OBJECTS = 100_000
# More than a run of pgbench can use up: a second support of the same design writes nothing.
PEOPLE = 100_000
WEST, SOUTH, WIDTH, HEIGHT = 4.88, 52.36, 0.03, 0.018
AREA = f"ST_Multi(ST_MakeEnvelope({WEST}, {SOUTH}, {WEST + WIDTH}, {SOUTH + HEIGHT}, 4326))"

_POINT = f"ST_SetSRID(ST_MakePoint({WEST} + random() * {WIDTH}, {SOUTH} + random() * {HEIGHT}), 4326)"
# One in ten is an area of a few metres, as in a drawn terrace or a parking bay.
_SHAPE = f"CASE WHEN i % 10 = 0 THEN ST_Expand({_POINT}, 0.00003, 0.00002) ELSE {_POINT} END"

STATEMENTS = (
    "SELECT setseed(0.42)",
    f"""INSERT INTO neighbourhood (slug, name, boundary, metric_srid, attribution)
        VALUES ('bench', 'Bench', {AREA}, 28992, 'synthetic')""",
    f"""INSERT INTO assignment (slug, title, question, neighbourhood_id, area, opens_at, published_at)
        SELECT 'bench', 'Bench', 'Bench?', id, {AREA}, now() - interval '1 day', now() FROM neighbourhood""",
    "INSERT INTO phase (assignment_id, type, starts_at) SELECT id, 'draw', opens_at FROM assignment",
    f"INSERT INTO person (id, role, language) SELECT md5('person' || i)::uuid, 'guest', 'nl' FROM generate_series(1, {PEOPLE}) i",
    f"""INSERT INTO street_object (neighbourhood_id, source, source_id, kind, certainty, name, attributes, geom)
        SELECT n.id, 'bench', i::text, (ARRAY['tree', 'bench', 'lamp', 'bike_stand'])[1 + i % 4], 'measured', NULL,
               '{{"height_m": 6.5}}', {_SHAPE} FROM neighbourhood n, generate_series(1, {OBJECTS}) i""",
    f"""INSERT INTO design (id, assignment_id, status, submitted_at)
        SELECT md5('design' || i)::uuid, id, 'submitted', now() FROM assignment, generate_series(1, {DESIGNS}) i""",
    """INSERT INTO design_version (design_id, version, title, story, effects, cost_low_eur, cost_high_eur)
       SELECT id, 1, 'Een groenere straat', 'Meer bomen, minder stenen.', '{"trees": {"before": 3, "after": 5}}', 5000, 20000
       FROM design""",
    f"""INSERT INTO change (design_id, version, position, action, kind, rotation_deg, geom)
        SELECT d.id, 1, i / {DESIGNS}, 'add', (ARRAY['tree_small', 'tree_medium', 'bench'])[1 + i % 3], (i % 360)::float8, {_SHAPE}
        FROM generate_series(0, {CHANGES} - 1) i
        JOIN (SELECT id, row_number() OVER () - 1 AS n FROM design) d ON d.n = i % {DESIGNS}""",
)


def fill(url: str) -> None:
    """Fill a migrated, empty database and let PostgreSQL gather its statistics."""
    with psycopg.connect(url) as connection:
        for statement in STATEMENTS:
            connection.execute(statement)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
