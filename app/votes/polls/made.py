"""A person's own answers to polls, for "mijn Stoepkrijt" and the export of one's data."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext

from app.accounts import overview
from app.votes.polls import queries
from app.votes.polls.words import choice_words

TITLE = lazy_gettext("Antwoorden op peilingen")


def made_by(person_id: uuid.UUID) -> list[overview.Made]:
    """What this person answered, the latest first."""
    found = []
    for poll, answer in queries.answers_by(person_id):
        words = [choice_words(poll, chosen) for chosen in answer.chosen]
        data = {"poll": poll.id, "question": poll.question, "answer": words, "relation": answer.relation}
        found.append(
            overview.Made(
                title=poll.question,
                made_at=answer.changed_at,
                url=f"/polls/{poll.id}",
                note=", ".join(words),
                data=data,
            )
        )
    return found
