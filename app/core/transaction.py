"""One unit of work per request: commit once, and send mail and other messages only after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.extensions import db

_AFTER = "stoepkrijt_after_commit"


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit what the block did, or undo all of it; then run what `after_commit` collected."""
    session = db.session()
    session.info[_AFTER] = []
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        session.info.pop(_AFTER, None)
        raise
    for action in session.info.pop(_AFTER, []):
        action()


def after_commit(action: Callable[[], None]) -> None:
    """Run `action` once the present `transaction()` has committed; outside one, at once."""
    pending = db.session().info.get(_AFTER)
    if pending is None:
        action()
    else:
        pending.append(action)
