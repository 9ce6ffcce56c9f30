"""What all features stand on: languages, errors, health, the read-only switch, transactions, migrations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app.core.formatting import days_left, euro
from app.core.transaction import after_commit, transaction
from app.extensions import db

NOTHING = "00000000-0000-4000-8000-000000000000"


def test_the_english_page_is_english_and_links_stay_english(client: FlaskClient) -> None:
    page = client.get("/en/how-it-works").get_data(as_text=True)
    assert '<html lang="en">' in page
    assert 'href="/en/privacy"' in page
    assert 'href="/how-it-works"' in page


def test_an_api_error_is_a_problem_document_in_the_language_asked_for(client: FlaskClient) -> None:
    dutch = client.get("/api/designs/00000000-0000-4000-8000-000000000000")
    english = client.get(
        "/api/designs/00000000-0000-4000-8000-000000000000", headers={"Accept-Language": "en"}
    )
    assert (dutch.status_code, dutch.mimetype) == (404, "application/problem+json")
    assert {"type", "title", "status", "detail"} <= dutch.get_json().keys()
    assert dutch.get_json()["title"] == "Niet gevonden"
    assert english.get_json()["title"] == "Not found"


@pytest.mark.parametrize(
    ("closes_at", "at", "told"),
    [
        ("2026-12-15T00:00+01:00", "2026-11-22T10:00+01:00", "nog 22 dagen"),  # the last day is 14 December
        ("2026-12-15T12:00+01:00", "2026-12-14T20:00+01:00", "nog 1 dag"),  # until tomorrow noon
        ("2026-12-15T12:00+01:00", "2026-12-15T08:00+01:00", "vandaag nog"),
        ("2026-12-15T00:00+01:00", "2026-12-14T20:00+01:00", "vandaag nog"),
        ("2026-10-26T00:00+01:00", "2026-10-24T00:30+02:00", "nog 1 dag"),  # the 25th has 25 hours
    ],
)
def test_days_left_are_days_of_the_calendar(app: Flask, closes_at: str, at: str, told: str) -> None:
    with app.test_request_context("/"):
        assert days_left(datetime.fromisoformat(closes_at), datetime.fromisoformat(at)) == told


def test_an_amount_reads_in_the_language_of_the_answer(app: Flask) -> None:
    with app.test_request_context("/api/check", headers={"Accept-Language": "en"}):
        assert euro(84000) == "€84,000"
    with app.test_request_context("/api/check"):
        assert euro(84000) == "€\u00a084.000"


@pytest.mark.parametrize(
    "path",
    [
        "/nergens",
        "/en/nergens",
        "/assignments/%00",
        "/designs/geen-uuid",
        f"/designs/{NOTHING}/versions/{'9' * 5_000}",
    ],
)
def test_a_page_that_is_not_there_is_a_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_the_process_is_up_and_the_database_is_migrated(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").get_json()["status"] == "ready"


def test_an_old_database_is_not_ready(client: FlaskClient, app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        head = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    try:
        assert client.get("/readyz").status_code == 503
    finally:
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})


@pytest.fixture
def read_only(app: Flask) -> Iterator[None]:
    """Maintenance."""
    app.config["READ_ONLY"] = True
    yield
    app.config["READ_ONLY"] = False


def test_during_maintenance_people_can_read_and_not_write(client: FlaskClient, read_only: None) -> None:
    refused = client.post("/api/session")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "300")
    assert client.get("/").status_code == 200


def test_what_waits_for_the_commit_does_not_happen_when_it_fails(context: Flask) -> None:
    done: list[str] = []

    def fail() -> None:
        with transaction():
            after_commit(lambda: done.append("mail"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert done == []
    with transaction():
        after_commit(lambda: done.append("mail"))
        assert done == []
    assert done == ["mail"]


def test_migrations_lead_to_the_tables_of_the_models_and_back(app: Flask, clean: None) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from migrations.compare import include_object

    with app.app_context():
        db.session.remove()
        downgrade(revision="base")
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_object": include_object})
            assert compare_metadata(context, db.metadata) == []


def test_every_foreign_key_has_an_index_to_look_it_up_by(app: Flask, clean: None) -> None:
    """Else each row that goes makes PostgreSQL read the whole of every table that points to it."""
    with app.app_context():
        lacking = db.session.execute(
            text(
                """
                SELECT c.conrelid::regclass || '.' || c.conname FROM pg_constraint c
                WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
                  AND NOT EXISTS (
                    SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indisvalid
                      AND i.indpred IS NULL
                      -- The columns of the key come first in it, in any order.
                      AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
                """
            )
        )
        assert lacking.scalars().all() == []
        db.session.remove()
