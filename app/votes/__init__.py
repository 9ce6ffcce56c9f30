"""Support for designs; rounds of voting with ballots, letters and results; and how they are counted."""

from __future__ import annotations

from flask import Flask

from app.votes.cli import asked_from_a_file, offline

__all__ = ["asked_from_a_file", "init_app", "offline"]


def init_app(app: Flask) -> None:
    """Register the calls and publish the number of supporters."""
    from app.accounts import overview
    from app.designs.standing import register_counter
    from app.votes import adoption, cli, consent, made, polls, queries, results, rounds, service
    from app.votes.letters import models as _letters  # noqa: F401
    from app.votes.routes import blueprint

    register_counter("support", queries.totals)
    overview.register("support", made.made_by, title=made.TITLE)
    service.listen()
    app.register_blueprint(blueprint)
    app.cli.add_command(cli.commands)
    for part in (rounds, polls, adoption, consent, results):
        part.init_app(app)
