"""Neighbours' consent: a change of a design is put before the addresses around it, under a published rule.

- `domain`: rules and what answers make of them; `alongside`: which addresses, by geometry along the street
- `service`: asking, letters, answers, outcome; who answers is known by the code in the letter of an address
- `print`: the letters

The answer hangs on the address, not on a person: no account, no cookie, nothing to erase but the words, and
those go when an address takes them back.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and the command."""
    from app.votes.consent import cli
    from app.votes.consent.routes import blueprint, consents_shown

    app.register_blueprint(blueprint)
    app.cli.add_command(cli.commands)
    app.jinja_env.globals.update(consents_shown=consents_shown)
