"""What a log may say of an error of the database: which one it was and where, never what was in the row.

PostgreSQL's messages quote what they refuse: `DETAIL: Failing row contains (…)` holds a whole ballot or an
address, `invalid input syntax` the text that somebody typed. Logs are kept longer, by more people, and in
more places than the database. Parameters of statements are hidden by a setting of the engine (`app.config`).

Everything that is logged passes here, of libraries too, and so does what a command prints when it breaks off.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

# Of these classes of SQLSTATE the message itself names tables, constraints and limits only. Of others, such
# as 22 (a value that cannot be) and those of our triggers, it may quote what was sent.
SAFE_CLASSES = frozenset({"08", "25", "23", "28", "40", "42", "53", "54", "55", "57", "58", "XX"})
_MARK = "_stoepkrijt_tells_no_rows"


def told(error: psycopg.Error) -> str:
    """An error in words without anything that was in a row: its message where that is safe, its SQLSTATE, and
    the names of table, column and constraint."""
    state = error.sqlstate or error.diag.sqlstate
    if state is None:
        # The connection, or a value that never left this process: the first line says what, and no more.
        return str(error).partition("\n")[0] if isinstance(error, psycopg.OperationalError) else "(not told)"
    safe = state[:2] in SAFE_CLASSES
    message = (error.diag.message_primary if safe else None) or type(error).__name__
    names = (error.diag.table_name, error.diag.column_name, error.diag.constraint_name)
    where = ", ".join(name for name in names if name)
    return f"{message} [{state}{': ' + where if where else ''}]"


def scrub(error: BaseException) -> None:
    """Take what may have been in a row out of an error, its causes, and what it came up during.

    Changes their messages in place: whoever formats a traceback later finds nothing else. `diag` stays.
    """
    for one in _chain(error):
        if isinstance(one, psycopg.Error):
            one.args = (told(one),)
        elif isinstance(one, DBAPIError):
            cause = one.orig
            said = told(cause) if isinstance(cause, psycopg.Error) else "(not told)"
            one.args = (f"({type(cause).__module__}.{type(cause).__name__}) {said}",)


def _chain(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        further = [one.__cause__, one.__context__, getattr(one, "orig", None)]
        if isinstance(one, BaseExceptionGroup):
            further += one.exceptions
        waiting += [other for other in further if isinstance(other, BaseException)]


def _scrubbing(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    def record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        made = make(*args, **kwargs)
        if made.exc_info and made.exc_info[1] is not None:
            scrub(made.exc_info[1])
        arguments = made.args.values() if isinstance(made.args, Mapping) else made.args or ()
        for one in (made.msg, *arguments):
            if isinstance(one, BaseException):
                scrub(one)
        return made

    setattr(record, _MARK, True)
    return record


def _hooked(
    hook: Callable[[type[BaseException], BaseException, TracebackType | None], Any],
) -> Callable[[type[BaseException], BaseException, TracebackType | None], Any]:
    def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        scrub(error)
        hook(kind, error, trace)

    setattr(excepthook, _MARK, True)
    return excepthook


def install() -> None:
    """Let everything that this process logs, and what ends it, pass here; again changes nothing."""
    if not hasattr(logging.getLogRecordFactory(), _MARK):
        logging.setLogRecordFactory(_scrubbing(logging.getLogRecordFactory()))
    if not hasattr(sys.excepthook, _MARK):
        sys.excepthook = _hooked(sys.excepthook)
