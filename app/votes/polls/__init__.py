"""Polls: a planner asks a question, one person gives one answer, everybody reads what came out.

Light and early: a poll helps to understand what people think. It decides nothing; rounds do.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and what "mijn Stoepkrijt" shows."""
    from app.accounts import overview
    from app.votes.polls import made, service
    from app.votes.polls.routes import blueprint, listed

    overview.register("polls", made.made_by, title=made.TITLE)
    service.listen()
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(polls_of=listed)
