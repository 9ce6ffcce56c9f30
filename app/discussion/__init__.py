"""Comments and replies."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the calls."""
    from app.accounts import overview
    from app.discussion import made, service
    from app.discussion.routes import blueprint

    overview.register("comments", made.made_by, title=made.TITLE)
    service.listen()
    app.register_blueprint(blueprint)
