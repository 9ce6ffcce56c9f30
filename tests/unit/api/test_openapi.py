"""The OpenAPI document describes what the program answers."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.api import openapi


@pytest.fixture
def document(app: Flask) -> dict:
    with app.test_request_context("/"):
        return openapi.describe()


def _pattern(path: str) -> str:
    return re.sub(r"<[^>]+>|\{[^}]+\}", "*", path)


def test_every_route_under_api_is_described_and_nothing_else(app: Flask, document: dict) -> None:
    routes = {
        (_pattern(str(rule)), method)
        for rule in app.url_map.iter_rules()
        if str(rule) == "/api" or str(rule).startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (
            _pattern("/api" + re.sub(r"^/collections/(?!\{)[a-z-]+", "/collections/*", path).rstrip("/")),
            method.upper(),
        )
        for path, item in document["paths"].items()
        for method in item
    }
    assert described == routes


def test_references_lead_somewhere(document: dict) -> None:
    def walk(value: object) -> None:
        if isinstance(value, dict):
            if "$ref" in value:
                _hash, _components, kind, name = value["$ref"].split("/")
                assert name in document["components"][kind]
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(document)


def test_names_follow_the_dutch_api_design_rules(document: dict) -> None:
    identifiers = []
    for path, item in document["paths"].items():
        assert path == "/" or not path.endswith("/")
        assert re.fullmatch(
            r"(/|(/[a-z0-9.-]+|/\{[a-z-]+\}|/WebMercatorQuad|/\{[a-z-]+\}\.\{[a-z-]+\})+)", path
        ), path
        for operation in item.values():
            identifiers.append(operation["operationId"])
            for status, response in operation["responses"].items():
                if "$ref" not in response:
                    assert "API-Version" in response["headers"], (path, status)
    assert len(set(identifiers)) == len(identifiers)
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])
    assert {"name", "url", "email"} <= set(document["info"]["contact"])


def test_every_problem_is_a_problem_document(document: dict) -> None:
    for name, response in document["components"]["responses"].items():
        if name != "NotModified":
            assert list(response["content"]) == ["application/problem+json"]
