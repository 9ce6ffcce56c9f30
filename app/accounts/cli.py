"""Commands: `flask --app app accounts …`."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.accounts import mail, service
from app.accounts.domain import INVITATION_LIFE, INVITED_ROLES, Role
from app.accounts.forms import email_address
from app.accounts.links import sign_in_url
from app.core import clock
from app.core.language import LANGUAGES
from app.core.transaction import transaction
from app.errors import AppError

commands = AppGroup("accounts", help="People: invite planners and moderators, delete what is over.")


@commands.command("invite")
@click.argument("email")
@click.option("--role", type=click.Choice([str(role) for role in INVITED_ROLES]), required=True)
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@click.option("--print-link", is_flag=True, help="Print the one-time link instead of mailing it.")
def invite(email: str, role: str, language: str, print_link: bool) -> None:
    """Invite EMAIL as planner or moderator."""
    prefix = "" if language == LANGUAGES[0] else f"/{language}"
    environ = {"stoepkrijt.language": language}
    try:
        with current_app.test_request_context(
            "/", base_url=f"http://localhost{prefix}", environ_base=environ
        ):
            _invite(email, Role(role), print_link)
    except AppError as error:
        raise click.ClickException(error.detail) from None


def _invite(email: str, role: Role, print_link: bool) -> None:
    address = email_address(email)
    with transaction():
        token = service.invite(address, role, clock.now())
    if print_link:
        click.echo(sign_in_url(token))
        return
    mail.send(mail.invitation_message(address, sign_in_url(token), role, INVITATION_LIFE.days))
    click.echo(f"{address}: uitgenodigd als {role}.", err=True)


@commands.command("revoke")
@click.argument("email")
def revoke(email: str) -> None:
    """Make the planner or moderator with this EMAIL a resident again, signed out everywhere."""
    try:
        with current_app.test_request_context("/"), transaction():
            service.revoke(email_address(email), clock.now())
    except AppError as error:
        raise click.ClickException(error.detail) from None
    click.echo(f"{email}: geen planner of moderator meer, en overal uitgelogd.", err=True)


@commands.command("tidy")
def tidy() -> None:
    """Delete sign-in links and sessions that stopped working more than a month ago. Run it daily."""
    with transaction():
        deleted = service.tidy(clock.now())
    click.echo(f"{deleted['links']} links, {deleted['sessions']} sessions deleted.")
