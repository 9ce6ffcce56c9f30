"""A mail to somebody who takes part, for features that know the person and not the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import current_app

from app.accounts import mail, queries
from app.core.language import DEFAULT

Words = Callable[[], tuple[str, Sequence[str]]]


def write_to(person_id: UUID, words: Words) -> bool:
    """Mail a person in their own language; False for who has no address, or is no more.

    `words` answers the subject and the paragraphs; it is called where that language is the present one, so
    that addresses in it (`url_for`) lead to its pages. Raises as `mail.send`.
    """
    person = queries.person(person_id)
    if person is None or person.email is None:
        return False
    prefix = "" if person.language == DEFAULT else f"/{person.language}"
    with current_app.test_request_context(
        "/", base_url=f"http://localhost{prefix}", environ_base={"stoepkrijt.language": person.language}
    ):
        subject, lines = words()
        message = mail.message(person.email, subject, list(lines))
    mail.send(message)
    return True
