"""Comments and replies."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the calls."""
    from app.discussion import service
    from app.discussion.routes import blueprint

    service.listen()
    app.register_blueprint(blueprint)
