"""Neighbourhoods and assignments."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the phases, and the planner's pages about assignments."""
    from app.core.clock import now
    from app.projects import permissions, phase_types
    from app.projects.routes import blueprint

    phase_types.register()
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        open_for=lambda assignment, action: permissions.is_open(assignment, action, now())
    )
