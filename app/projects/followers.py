"""Who hears that a date of an assignment moved, or that somebody else decides: whoever took part, or asked
for it, and did not stop.

Mail goes out after the change stands, from a thread of its own: a planner does not wait for a hundred
mailboxes. How far each follower was told is in the database, so a mail that could not go waits for the next
`flask assignments tell`, and none goes twice.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Sequence
from typing import TypeVar

from flask import Flask, current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts import overview
from app.accounts.domain import Actor
from app.accounts.models import Person
from app.accounts.post import write_to
from app.core import hooks
from app.core.transaction import after_commit, transaction
from app.errors import AppError, Forbidden
from app.extensions import db
from app.projects.models import Assignment, Follower, PhaseMove, PromiseChange
from app.projects.wording import move_sentence, promise_sentence

log = logging.getLogger(__name__)
News = TypeVar("News", PhaseMove, PromiseChange)


# What followers hear of. Their numbers come from one sequence, so that one number says how far somebody was
# told; both are made under the lock of their assignment.
_NEWS = (PhaseMove, PromiseChange)


def _last_news(assignment_id: uuid.UUID) -> int:
    latest = [
        db.session.scalar(select(func.max(kind.id)).where(kind.assignment_id == assignment_id))
        for kind in _NEWS
    ]
    return max(one or 0 for one in latest)


def takes_part(assignment_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Who takes part follows from now on, unless they stopped; a guest is mailed once there is an address."""
    row = insert(Follower).values(
        assignment_id=assignment_id, person_id=person_id, told=_last_news(assignment_id)
    )
    db.session.execute(row.on_conflict_do_nothing())


def follow(actor: Actor, assignment: Assignment) -> None:
    """Follow an assignment. Raises `Forbidden` without an e-mail address to write to."""
    if actor.email is None:
        raise Forbidden(_("Log eerst in met je e-mailadres. Dan weten we waar we je kunnen mailen."))
    _set(actor.person_id, assignment.id, follows=True)


def stop(person_id: uuid.UUID, assignment: Assignment) -> None:
    """Hear nothing more of it, also when taking part again."""
    _set(person_id, assignment.id, follows=False)


def _set(person_id: uuid.UUID, assignment_id: uuid.UUID, *, follows: bool) -> None:
    told = _last_news(assignment_id)
    row = insert(Follower).values(
        assignment_id=assignment_id, person_id=person_id, follows=follows, told=told
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["assignment_id", "person_id"], set_={"follows": follows, "told": told}
        )
    )


def follows(person_id: uuid.UUID, assignment: Assignment) -> bool:
    """Whether this person follows it."""
    return bool(
        db.session.scalar(
            select(Follower.follows).where(
                Follower.assignment_id == assignment.id, Follower.person_id == person_id
            )
        )
    )


def followed_by(person_id: uuid.UUID) -> list[overview.Made]:
    """The assignments that this person follows, the latest first."""
    rows = db.session.execute(
        select(Assignment.slug, Assignment.title, Follower.since)
        .join(Follower, Follower.assignment_id == Assignment.id)
        .where(Follower.person_id == person_id, Follower.follows)
        .order_by(Follower.since.desc())
    )
    return [
        overview.Made(title=title, made_at=since, url=f"/assignments/{slug}", data={"assignment": slug})
        for slug, title, since in rows
    ]


def tell_later(assignment: Assignment) -> None:
    """After this transaction, mail the followers what moved."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    assignment_id = assignment.id
    after_commit(
        lambda: threading.Thread(target=_tell, args=(app, assignment_id), name="tell-followers").start()
    )


def _tell(app: Flask, assignment_id: uuid.UUID) -> None:
    with app.app_context():
        try:
            tell(assignment_id)
        except Exception:
            log.exception("followers were not told of assignment %s", assignment_id)


def tell(assignment_id: uuid.UUID | None = None) -> int:
    """Mail every follower (of one assignment) what they do not know yet; answers how many mails went.

    A mail server that refuses one address does not keep the others from theirs.
    """
    waiting = _waiting(assignment_id)
    db.session.rollback()
    sent = 0
    for of_assignment, person_id in waiting:
        try:
            with transaction():
                sent += _tell_one(of_assignment, person_id)
        except AppError as error:
            log.warning("a follower was not told: %s", error)
    return sent


def _waiting(assignment_id: uuid.UUID | None) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    newest = func.greatest(
        *(
            select(func.max(kind.id)).where(kind.assignment_id == Follower.assignment_id).scalar_subquery()
            for kind in _NEWS
        )
    )
    question = (
        select(Follower.assignment_id, Follower.person_id)
        .join(Person, Person.id == Follower.person_id)
        .where(Follower.follows, Person.email.is_not(None), Follower.told < newest)
        .order_by(Follower.assignment_id, Follower.person_id)
    )
    if assignment_id is not None:
        question = question.where(Follower.assignment_id == assignment_id)
    return [(row[0], row[1]) for row in db.session.execute(question)]


def _tell_one(assignment_id: uuid.UUID, person_id: uuid.UUID) -> int:
    """One mail, while its row is locked: two workers that tell at once send it once."""
    mine = (Follower.assignment_id == assignment_id) & (Follower.person_id == person_id)
    told = db.session.scalar(
        select(Follower.told).where(mine, Follower.follows).with_for_update(skip_locked=True)
    )
    if told is None:
        return 0
    moves, changes = _since(PhaseMove, assignment_id, told), _since(PromiseChange, assignment_id, told)
    assignment = db.session.get(Assignment, assignment_id)
    if assignment is None or not (moves or changes):
        return 0
    facts = _Facts(assignment, moves, changes)
    newest = max(one.id for one in (*moves, *changes))
    sent = write_to(person_id, facts.words)
    db.session.execute(update(Follower).where(mine).values(told=newest))
    return int(sent)


def _since(kind: type[News], assignment_id: uuid.UUID, told: int) -> list[News]:
    return list(
        db.session.scalars(
            select(kind).where(kind.assignment_id == assignment_id, kind.id > told).order_by(kind.id)
        )
    )


class _Facts:
    """What a mail tells; read from the database before another context says it in its reader's language."""

    def __init__(
        self, assignment: Assignment, moves: Sequence[PhaseMove], changes: Sequence[PromiseChange]
    ) -> None:
        self.title, self.slug = assignment.title, assignment.slug
        self.moves = [(move, move.reason) for move in moves]
        self.changes = [(change, change.reason) for change in changes]
        for one in (*moves, *changes):
            db.session.expunge(one)

    def words(self) -> tuple[str, list[str]]:
        """Subject and paragraphs."""
        home = current_app.config["PUBLIC_URL"] + url_for("pages.assignment", slug=self.slug)
        lines = [_("Hallo,")]
        if self.changes:
            lines.append(
                _("Bij “%(title)s” is veranderd wie beslist, of hoeveel invloed je hebt.", title=self.title)
            )
            lines += [self._with_reason(promise_sentence(change), why) for change, why in self.changes]
        if self.moves:
            lines.append(_("De data van “%(title)s” zijn veranderd.", title=self.title))
            lines += [self._with_reason(move_sentence(move), why) for move, why in self.moves]
        lines += [
            home,
            _("Je krijgt deze mail omdat je meedoet of deze opgave volgt. Stoppen kan onderaan die pagina."),
        ]
        if self.changes:
            return _("Anders besloten: %(title)s", title=self.title), lines
        return _("Andere data: %(title)s", title=self.title), lines

    def _with_reason(self, sentence: str, reason: str) -> str:
        return f"{sentence}\n{_('Waarom: %(reason)s', reason=reason)}"


def listen() -> None:
    """Follow people who take part, and those who sign in; tell each what they follow."""
    overview.register("follows", followed_by, title=_l("Opgaven die je volgt"))

    @hooks.design_submitted.connect_via(hooks.ANY, weak=False)
    def _drew(sender: object, design: object, actor: Actor) -> None:
        _took_part(design, actor)

    @hooks.comment_placed.connect_via(hooks.ANY, weak=False)
    def _said(sender: object, comment: object, actor: Actor) -> None:
        _took_part(comment, actor)

    @hooks.dates_moved.connect_via(hooks.ANY, weak=False)
    def _moved(sender: object, assignment: Assignment) -> None:
        tell_later(assignment)

    @hooks.promise_changed.connect_via(hooks.ANY, weak=False)
    def _changed(sender: object, assignment: Assignment) -> None:
        tell_later(assignment)

    @hooks.person_merged.connect_via(hooks.ANY, weak=False)
    def _move(sender: object, source_id: uuid.UUID, target_id: uuid.UUID) -> None:
        rows = select(Follower.assignment_id, Follower.follows, Follower.told).where(
            Follower.person_id == source_id
        )
        for assignment_id, wants, told in db.session.execute(rows):
            row = insert(Follower).values(
                assignment_id=assignment_id, person_id=target_id, follows=wants, told=told
            )
            db.session.execute(row.on_conflict_do_nothing())


def _took_part(made: object, actor: Actor) -> None:
    assignment_id = getattr(made, "assignment_id", None)
    if actor.id is not None and assignment_id is not None:
        takes_part(assignment_id, actor.id)
