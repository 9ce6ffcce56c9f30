"""Who somebody is: guests, people, e-mail links, sessions and the access rule of every route."""

from __future__ import annotations

from flask import Flask

from app.accounts import access, browser, limits, mail, oidc
from app.accounts.cli import commands
from app.accounts.routes import blueprint


def init_app(app: Flask) -> None:
    """Register pages, commands, counters and the check of every request."""
    limits.init_app(app)
    mail.init_app(app)
    oidc.init_app(app)
    app.register_blueprint(blueprint)
    app.cli.add_command(commands)
    access.init_app(app)
    app.jinja_env.globals.update(current_actor=browser.current_actor, csrf_field=browser.csrf_field)
