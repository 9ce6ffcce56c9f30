"""Search forgives typing errors."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import make_street


@pytest.mark.parametrize("typed", ["Kade 1", "kade 1", "Kaade 1", "kad"])
def test_an_address_is_found_however_it_is_typed(app: Flask, clean: None, typed: str) -> None:
    with app.app_context():
        make_street()
    found = app.test_client().get("/api/search", query_string={"q": typed}).get_json()["features"]
    assert found[0]["properties"]["label"] == "Kade 1"


@pytest.mark.parametrize(
    "query", ["q=kade&limit=0", "q=kade&limit=abc", "q=a%00b", "q=kade&x=1", "q=" + "a" * 200]
)
def test_a_bad_search_is_refused(app: Flask, clean: None, query: str) -> None:
    assert app.test_client().get(f"/api/search?{query}").status_code == 400


def test_signs_with_a_meaning_in_sql_are_only_signs(app: Flask, clean: None) -> None:
    with app.app_context():
        make_street()
    found = app.test_client().get("/api/search", query_string={"q": "%_'\\"}).get_json()["features"]
    assert found == []
