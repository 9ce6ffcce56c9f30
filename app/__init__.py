"""Stoepkrijt: residents and municipality redesign a street together, on the real map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from app import accounts, api, config, designs, discussion, maps, pages, projects, votes
from app.core import cookie, failures, formatting, gate, health, language, logs, read_only, security, web
from app.core.language import current_language
from app.extensions import babel, csrf, db, migrate

ROOT = Path(__file__).resolve().parent.parent


class Site(Flask):
    """Flask without looking at every view and hook of every request whether it is `async`: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_app(settings: config.Config | None = None) -> Flask:
    """The WSGI application. Raises `app.config.ConfigurationError` when a setting is missing."""
    if settings is None and votes.asked_from_a_file():
        return votes.offline(__name__)
    settings = settings or config.read()
    logs.install()
    app = Site(__name__, root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.from_mapping(settings.flask)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(ROOT / "app" / "translations"))

    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), compare_type=True)
    babel.init_app(app, locale_selector=current_language)
    csrf.init_app(app)

    for part in (cookie, language, failures, web, security, formatting, gate, read_only):
        part.init_app(app)
    app.register_blueprint(health.blueprint)
    for feature in (accounts, projects, discussion, maps, designs, votes, api, pages):
        feature.init_app(app)
    return app
