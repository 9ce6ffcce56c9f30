"""Results of rounds: counting once and for all, what is published of it, and the words for it.

- `domain`: what is published, and turnout by place with small groups merged
- `service`: counts a closed round and publishes it; writes the files that anybody can count again
- `words`: why an option won or lost, and how firmly, as sentences
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the calls and the commands."""
    from app.votes.results import cli
    from app.votes.results.routes import blueprint

    app.register_blueprint(blueprint)
    cli.register()
