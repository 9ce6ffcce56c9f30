"""Support for designs."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the calls and publish the number of supporters."""
    from app.designs.standing import register_counter
    from app.votes import queries, service
    from app.votes.routes import blueprint

    register_counter("support", queries.totals)
    service.listen()
    app.register_blueprint(blueprint)
