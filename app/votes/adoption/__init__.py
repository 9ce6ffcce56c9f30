"""Pledges: somebody, or a group, looks after something in the street, for a time that they choose.

Public is the name that they choose, or that somebody from the neighbourhood does it. Nobody is reminded of
anything but its end, once, by mail.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages, the command, and what "mijn Stoepkrijt" shows."""
    from app.accounts import overview
    from app.core.clock import now
    from app.projects.permissions import is_open
    from app.votes.adoption import cli, made, queries, service, words
    from app.votes.adoption.routes import blueprint, today

    overview.register("adoption", made.made_by, title=made.TITLE)
    service.listen()
    app.register_blueprint(blueprint)
    app.cli.add_command(cli.commands)
    app.jinja_env.globals.update(
        pledges_by_change=lambda design, version: service.by_change(design, version, today()),
        pledges_of=lambda assignment: queries.running(assignment.id, today()),
        pledge_words=words,
        can_be_adopted=service.can_be_adopted,
        is_open_for=lambda assignment, action: is_open(assignment, action, now()),
    )
