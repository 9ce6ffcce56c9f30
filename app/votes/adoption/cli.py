"""`flask adoption remind`: a mail to who looks after something, before the time is over."""

from __future__ import annotations

import logging
from zoneinfo import ZoneInfo

import click
from flask import current_app, url_for
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.accounts import post
from app.core.clock import now
from app.core.formatting import day_only
from app.core.transaction import transaction
from app.errors import AppError
from app.votes.adoption import queries, service
from app.votes.adoption.domain import REMIND_BEFORE
from app.votes.adoption.models import Adoption
from app.votes.adoption.words import kind_name

log = logging.getLogger(__name__)
commands = AppGroup("adoption", help="Pledges to look after something in the street.")


@commands.command("remind")
def remind() -> None:
    """Mail who has an e-mail address and looks after something for 30 days or less. Run it daily.

    Of each end one mail is sent, however often this runs. One that cannot be sent is tried again next time.
    """
    today = now().astimezone(ZoneInfo(current_app.config["TIME_ZONE"])).date()
    sent = failed = 0
    for adoption_id in queries.ending(today, today + REMIND_BEFORE):
        try:
            # The mail goes before the commit, under the row's lock: two runs at once send one, and a mail
            # that could not be sent is not marked as sent.
            with transaction():
                found = service.remember(adoption_id, today)
                sent += found is not None and _write(found)
        except AppError as error:
            failed += 1
            log.error("a reminder was not sent: %s", error)
    click.echo(f"{sent} reminders sent, {failed} failed.")
    if failed:
        raise SystemExit(1)


def _write(adoption: Adoption) -> bool:
    if adoption.person_id is None:
        return False

    def words() -> tuple[str, list[str]]:
        name, last = kind_name(adoption), day_only(adoption.ends_on)
        address = current_app.config["PUBLIC_URL"] + url_for("adoption.pledge", adoption_id=adoption.id)
        place = f" ({adoption.place_name})" if adoption.place_name else ""
        return (
            _("Je zorgt nog tot %(day)s voor een plek", day=last),
            [
                _("Hallo,"),
                _(
                    "Je zorgt voor: %(what)s%(place)s. Dat is toegezegd tot %(day)s. Dank je wel!",
                    what=name,
                    place=place,
                    day=last,
                ),
                _("Wil je langer zorgen, of juist stoppen? Dat kan hier:"),
                address,
                _("Doe je niets, dan stopt het vanzelf op die dag. We herinneren je er niet nog eens aan."),
            ],
        )

    return post.write_to(adoption.person_id, words)
