"""Comments as a page shows them: threads of one remark with its replies."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.discussion.models import Comment


@dataclass(slots=True)
class Thread:
    """A remark and what was said in reply, oldest first."""

    comment: Comment
    about: str = ""
    replies: list[Comment] = field(default_factory=list)


def threads_of(comments: Iterable[Comment], about: dict[uuid.UUID, str] | None = None) -> list[Thread]:
    """Threads, the newest first. A removed remark stays only where people replied to it."""
    threads: dict[uuid.UUID, Thread] = {}
    root_of: dict[uuid.UUID, uuid.UUID] = {}
    for comment in comments:
        root = root_of.get(comment.parent_id, comment.parent_id) if comment.parent_id else None
        if root is None or root not in threads:
            threads[comment.id] = Thread(comment, (about or {}).get(comment.target_id or comment.id, ""))
            root_of[comment.id] = comment.id
        else:
            threads[root].replies.append(comment)
            root_of[comment.id] = root
    for thread in threads.values():
        thread.replies = [reply for reply in thread.replies if reply.status == "visible"]
    return [t for t in reversed(threads.values()) if t.comment.status == "visible" or t.replies]


def count_of(threads: Iterable[Thread]) -> int:
    """How many remarks and replies people can read."""
    return sum((thread.comment.status == "visible") + len(thread.replies) for thread in threads)
