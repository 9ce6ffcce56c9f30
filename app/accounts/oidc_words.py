"""What to tell somebody whom the provider of identities did not bring in."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts import oidc
from app.accounts.provider import Trouble


def sentence(trouble: str) -> str:
    """A sentence for the trouble named in an address; empty for a name we do not know."""
    name = oidc.name()
    sentences = {
        Trouble.REFUSED: _("Je bent niet ingelogd: het inloggen met %(name)s is afgebroken.", name=name),
        Trouble.AWAY: _("%(name)s is nu niet bereikbaar. Probeer het straks nog eens.", name=name),
        Trouble.EXPIRED: _(
            "Het inloggen duurde te lang, is al gebruikt of begon in een andere browser. Begin opnieuw."
        ),
        Trouble.AUDIENCE: _(
            "Het antwoord van %(name)s was voor een andere site bedoeld. Daarom ben je niet ingelogd. "
            "Meld het aan de gemeente als het vaker gebeurt.",
            name=name,
        ),
        Trouble.WRONG: _(
            "Het antwoord van %(name)s klopte niet. Daarom ben je niet ingelogd. "
            "Meld het aan de gemeente als het vaker gebeurt.",
            name=name,
        ),
    }
    return sentences.get(Trouble(trouble)) or "" if trouble in set(Trouble) else ""
