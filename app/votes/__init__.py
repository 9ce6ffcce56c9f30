"""Support for designs, and the counting of votes."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the calls and publish the number of supporters."""
    from app.accounts import overview
    from app.designs.standing import register_counter
    from app.votes import cli, made, queries, service
    from app.votes.routes import blueprint

    register_counter("support", queries.totals)
    overview.register("support", made.made_by, title=made.TITLE)
    service.listen()
    app.register_blueprint(blueprint)
    app.cli.add_command(cli.commands)
