"""The public data: OGC API Features and Tiles, exports, and the description of the whole API."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the routes and the command."""
    from app.api import export_routes, routes, tile_routes  # noqa: F401  (they add themselves to the blueprint)
    from app.api.blueprint import blueprint
    from app.api.cli import command
    from app.api.tile_replay import TileReplay

    app.register_blueprint(blueprint)
    app.wsgi_app = TileReplay(app)  # type: ignore[method-assign]
    app.cli.add_command(command)
