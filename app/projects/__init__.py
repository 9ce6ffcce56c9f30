"""Neighbourhoods and assignments."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the phases, and the planner's pages about assignments."""
    from app.projects import cli, followers, phase_types, wording
    from app.projects.routes import blueprint

    phase_types.register()
    app.register_blueprint(blueprint)
    wording.init_app(app)
    followers.listen()
    app.cli.add_command(cli.commands)
