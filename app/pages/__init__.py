"""Pages for people: compositions of what the features hold."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and what their templates need."""
    from app.accounts.access import current_actor
    from app.accounts.browser import csrf_field

    # Imported for the routes they add to the blueprint.
    from app.pages import (  # noqa: F401
        assignments,
        consent_letters,
        designs,
        desk,
        discussion,
        pictures,
        result_report,
        results,
        round_desk,
        round_letters,
        round_links,
        round_paper,
        rounds,
        routes,
        vote_pictures,
        words,
        workshop,
    )
    from app.pages.blueprint import blueprint
    from app.pages.demo import demo_cli
    from app.pages.report import report_cli

    app.jinja_env.globals.update(current_actor=current_actor, csrf_field=csrf_field, areas_of=desk.areas_of)
    round_links.init_app(app)
    words.init_app(app)
    app.register_blueprint(blueprint)
    app.cli.add_command(demo_cli)
    app.cli.add_command(report_cli)
