"""Neighbourhoods and assignments."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the planner's pages about assignments."""
    from app.projects.routes import blueprint

    app.register_blueprint(blueprint)
