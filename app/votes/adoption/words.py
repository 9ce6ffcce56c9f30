"""What pledges say on a page, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.formatting import day_only
from app.core.language import current_language
from app.designs.catalogue import catalogue
from app.maps.names import object_name
from app.votes.adoption.models import Adoption


def kind_name(adoption: Adoption) -> str:
    """What is looked after, in a word."""
    return thing_name(adoption.kind, from_design=adoption.design_id is not None)


def thing_name(kind: str, *, from_design: bool) -> str:
    """The name of a kind of element, or of street object."""
    element = catalogue().get(kind) if from_design else None
    return element.name(current_language()) if element else object_name(kind).capitalize()


def who(adoption: Adoption) -> str:
    """The chosen name; without one, whether it is a neighbour or a group."""
    if adoption.public_name:
        return adoption.public_name
    return str(_("een groep uit de buurt") if adoption.is_group else _("iemand uit de buurt"))


def sentence(adoption: Adoption) -> str:
    """Who looks after it, and from when to when."""
    return str(
        _(
            "%(who)s zorgt hiervoor, van %(first)s tot %(last)s",
            who=who(adoption)[:1].upper() + who(adoption)[1:],
            first=day_only(adoption.starts_on),
            last=day_only(adoption.ends_on),
        )
    )
