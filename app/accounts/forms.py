"""What people type on the pages of accounts."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from app.errors import Invalid, Problem

LONGEST_EMAIL = 254


def email_address(text: str) -> str:
    """An e-mail address as we store it, in lower case. Raises `Invalid` with a sentence."""
    text = text.strip()
    if not text:
        raise _wrong(_("Vul je e-mailadres in."))
    try:
        checked = validate_email(text[: LONGEST_EMAIL + 1], check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise _wrong(_("Dit is geen volledig e-mailadres. Het ziet er zo uit: naam@voorbeeld.nl.")) from None
    return checked.normalized.lower()


def _wrong(sentence: str) -> Invalid:
    return Invalid.of([Problem("/email", sentence)], sentence)
