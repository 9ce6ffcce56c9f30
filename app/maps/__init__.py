"""The present situation: street objects, their import, and search."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the calls and commands."""
    from app.maps.cli import geodata_cli
    from app.maps.routes import blueprint

    app.register_blueprint(blueprint)
    app.cli.add_command(geodata_cli)
