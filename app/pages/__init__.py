"""Pages for people: compositions of what the features hold."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and what their templates need."""
    from app.accounts.access import current_actor
    from app.accounts.browser import csrf_field
    from app.pages import assignments, designs, discussion, pictures, words
    from app.pages.routes import blueprint

    app.jinja_env.globals.update(current_actor=current_actor, csrf_field=csrf_field)
    words.init_app(app)
    for pages in (blueprint, assignments.blueprint, designs.blueprint, discussion.blueprint, pictures.blueprint):
        app.register_blueprint(pages)
