"""Nobody gets in by accident: each route says whom it lets in, and refuses the rest."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule as Route

from app.accounts import access
from app.accounts.domain import Role
from tests.factories.people import Browser, sign_in, site

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
SAMPLES = {"uuid": str(UUID(int=1)), "int": "1", "float": "1.0", "path": "x"}


def _rule(app: Flask, route: Route) -> access.Rule:
    rule = access.rule_of(app.view_functions[route.endpoint])
    assert rule is not None, f"{route.rule} ({route.endpoint}) has no access rule"
    return rule


def _path(route: Route) -> str:
    """An address that this route answers; nothing it names exists."""
    path = ""
    for is_dynamic, text in route._trace:
        if text == "|":
            continue
        path += _sample(route, text) if is_dynamic else text
    return path


def _sample(route: Route, name: str) -> str:
    kind = type(route._converters[name]).__name__.lower()
    return next((sample for word, sample in SAMPLES.items() if word in kind), "x")


def _writes(app: Flask) -> Iterator[tuple[Route, str]]:
    for route in app.url_map.iter_rules():
        for method in sorted(set(UNSAFE) & (route.methods or set())):
            yield route, method


def test_every_route_has_an_access_rule(app: Flask) -> None:
    missing = [
        route.rule
        for route in app.url_map.iter_rules()
        if not access.rule_of(app.view_functions[route.endpoint])
    ]
    assert missing == []


def test_no_view_or_hook_is_async_since_nobody_looks_for_that_in_each_request(app: Flask) -> None:
    hooks = [
        *app.before_request_funcs.items(),
        *app.after_request_funcs.items(),
        *app.teardown_request_funcs.items(),
        *app.template_context_processors.items(),
    ]
    handlers = [
        handler
        for by_code in app.error_handler_spec.values()
        for by_class in by_code.values()
        for handler in by_class.values()
    ]
    every = [*app.view_functions.values(), *handlers, *(one for _name, some in hooks for one in some)]
    assert len(every) > 100 and [one for one in every if inspect.iscoroutinefunction(one)] == []


def test_a_route_without_a_rule_is_refused(database_url: str) -> None:
    with site(database_url) as app:
        app.add_url_rule("/forgotten", view_func=lambda: "secret")
        answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_a_rule_is_found_on_a_class_based_view() -> None:
    from flask.views import MethodView

    @access.planner
    class Desk(MethodView):
        pass

    assert access.rule_of(Desk.as_view("desk")) is access.planner


def test_no_stranger_gets_past_a_write(app: Flask, client: FlaskClient) -> None:
    tried = 0
    for route, method in _writes(app):
        if _rule(app, route).open_to_visitors:
            continue
        for accept in ("text/html", "application/json"):
            answer = app.test_client().open(_path(route), method=method, headers={"Accept": accept})
            assert answer.status_code in (401, 403), f"{method} {route.rule}: {answer.status_code}"
        tried += 1
    assert tried >= 5


def test_no_write_passes_without_the_csrf_token(app: Flask, client: FlaskClient) -> None:
    sign_in(Browser(client), "noor@gemeente.nl", Role.PLANNER)
    for route, method in _writes(app):
        if _rule(app, route).needs_csrf_token:
            answer = client.open(_path(route), method=method)
            assert answer.status_code == 403, f"{method} {route.rule}: {answer.status_code}"


def test_only_signing_in_and_the_first_words_of_a_visitor_are_open_writes(app: Flask) -> None:
    open_writes = {
        f"{method} {route.rule}" for route, method in _writes(app) if _rule(app, route).open_to_visitors
    }
    assert {"POST /api/session", "POST /sign-in", "POST /sign-in/<token>"} <= open_writes
    assert {name for name in open_writes if "/desk" in name or "/me" in name} == set()


@pytest.mark.parametrize("role", ["guest", "resident"])
def test_the_desk_is_closed_to_residents_and_guests(app: Flask, client: FlaskClient, role: str) -> None:
    browser = Browser(client)
    if role == "resident":
        sign_in(browser, "jan@voorbeeld.nl")
    for route in app.url_map.iter_rules():
        if _rule(app, route) not in (access.planner, access.moderator):
            continue
        for method in sorted({"GET", *UNSAFE} & (route.methods or set())):
            headers = {"X-CSRF-Token": browser.token, "Accept": "application/json"}
            answer = client.open(_path(route), method=method, headers=headers)
            assert answer.status_code == 403, f"{method} {route.rule}: {answer.status_code}"


def test_everything_under_the_desk_is_for_planners(app: Flask) -> None:
    rules = {
        route.rule: _rule(app, route).name
        for route in app.url_map.iter_rules()
        if route.rule.startswith("/desk")
    }
    assert set(rules.values()) <= {"planner", "moderator"}, rules
