"""Mail to one person: through the mail server in `SMTP_URL`, or to the console where none is set."""

from __future__ import annotations

import logging
import smtplib
import ssl
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask, current_app
from flask_babel import gettext as _

from app.accounts.domain import Role
from app.config import ConfigurationError
from app.errors import Invalid, Problem, Unavailable

log = logging.getLogger(__name__)
TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes, read from an address such as `smtp://user:password@host:587?starttls=1`."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    starttls: bool

    @classmethod
    def from_url(cls, url: str) -> MailServer:
        """Read an SMTP address; its parts may be percent-encoded. Raises `ConfigurationError` for another."""
        try:
            parts = urlsplit(url)
            good = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            # Brackets that do not close, or a port that cannot be.
            good = False
        if not good:
            raise ConfigurationError(
                "SMTP_URL must look like smtp://user:password@host:587?starttls=1 or smtps://host."
            )
        tls = parts.scheme == "smtps"
        return cls(
            host=str(parts.hostname),
            port=parts.port or (465 if tls else 25),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=tls,
            starttls=parse_qs(parts.query).get("starttls", ["0"])[-1] in ("1", "yes", "true"),
        )

    def send(self, message: EmailMessage) -> None:
        """Hand over one message. Raises `smtplib.SMTPException` or `OSError`."""
        with self._connect() as connection:
            if self.starttls:
                connection.starttls(context=ssl.create_default_context())
            if self.user is not None:
                connection.login(self.user, self.password or "")
            connection.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        if self.tls:
            return smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_S, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)


def init_app(app: Flask) -> None:
    """Raise `ConfigurationError` now for a mail server that could never be reached, not at the first mail."""
    if app.config["SMTP_URL"]:
        MailServer.from_url(app.config["SMTP_URL"])


def send(message: EmailMessage) -> None:
    """Send a message now; call it after the commit.

    Raises `Invalid` when the mail server does not know the address, `Unavailable` when it cannot be reached.
    """
    url = current_app.config["SMTP_URL"]
    if not url:
        print(f"--- mail (SMTP_URL is not set) ---\n{_readable(message)}---", file=sys.stderr, flush=True)
        return
    try:
        MailServer.from_url(url).send(message)
    except smtplib.SMTPRecipientsRefused:
        sentence = _("Dit adres neemt geen mail aan. Kijk of je het goed hebt geschreven.")
        raise Invalid.of([Problem("/email", sentence)], sentence) from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        log.error("mail was not sent: %s", error)
        detail = _(
            "De mail kon nu niet weg. Er is niets verloren. Probeer het over een paar minuten nog eens."
        )
        raise Unavailable(detail, headers={"Retry-After": "120"}) from error


def _readable(message: EmailMessage) -> str:
    """A mail as its reader would see it: what goes over the line may be in base64."""
    headers = "".join(f"{name}: {message[name]}\n" for name in ("From", "To", "Subject"))
    return f"{headers}\n{message.get_content()}"


def message(to: str, subject: str, lines: list[str]) -> EmailMessage:
    """A mail of these paragraphs, that no machine should answer."""
    made = EmailMessage()
    made["From"] = current_app.config["MAIL_FROM"]
    made["To"] = to
    # Titles that people typed stand in it; with a line break of any kind it could not be sent.
    made["Subject"] = " ".join(subject.split())
    made["Date"] = formatdate()
    made["Message-ID"] = make_msgid(domain="stoepkrijt.invalid")
    # Machines that answer mail (out of office) must not answer this one.
    made["Auto-Submitted"] = "auto-generated"
    made.set_content("\n\n".join(lines) + "\n")
    return made


def sign_in_message(to: str, url: str, minutes: int) -> EmailMessage:
    """The mail with a sign-in link."""
    return message(
        to,
        _("Inloggen bij Stoepkrijt"),
        [
            _("Hallo,"),
            _(
                "Met deze link log je in bij Stoepkrijt. Hij werkt één keer, %(minutes)d minuten lang:",
                minutes=minutes,
            ),
            url,
            _("Heb je hier niet om gevraagd? Dan hoef je niets te doen. Zonder de link komt niemand in."),
        ],
    )


def invitation_message(to: str, url: str, role: Role, days: int) -> EmailMessage:
    """The mail that invites a planner or moderator."""
    as_what = _("planner") if role is Role.PLANNER else _("moderator")
    return message(
        to,
        _("Je bent uitgenodigd bij Stoepkrijt"),
        [
            _("Hallo,"),
            _("Je bent uitgenodigd om bij Stoepkrijt mee te werken als %(role)s.", role=as_what),
            _("Met deze link begin je. Hij werkt één keer, %(days)d dagen lang:", days=days),
            url,
            _("Verwacht je deze uitnodiging niet? Dan hoef je niets te doen."),
        ],
    )
