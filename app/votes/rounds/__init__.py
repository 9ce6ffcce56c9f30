"""Rounds: what is voted on, by which rule and by whom, frozen before it opens; and the ballots.

- `domain`: states, kinds and rules, what choices a ballot may hold, the document that is frozen
- `voters`: pseudonyms and receipts; what nobody can lead back to a person
- `casting`: one ballot, one statement; `electorates` says who may vote and as whom
- `paper`: ballots from a workshop, entered by two people
- `conflicts`: designs that cannot both be carried out, found from the ground that they take
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the calls, and follow people who sign in."""
    from app.votes.rounds import service
    from app.votes.rounds.routes import blueprint

    service.listen()
    app.register_blueprint(blueprint)
