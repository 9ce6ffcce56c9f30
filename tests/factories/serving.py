"""The application as the server of browser tests serves it: whole answers, and a count of those under way."""

from __future__ import annotations

from threading import Condition
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE_S = 30.0


class Serving:
    """What is being answered. A page that is gone does not end what it asked for: the server goes on, and
    would do so in the tables of the next test."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._under_way = 0

    def whole(self, app: WSGIApplication) -> WSGIApplication:
        """The same application with every answer read to its end, closed at once, and counted.

        Werkzeug's server leaves the file of an answer open where a browser goes away halfway, as each does
        when its test is over; an open file that nobody holds any more is a warning in whichever test comes
        next.
        """

        def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
            self._count(1)
            try:
                parts = app(environ, start_response)
                try:
                    return [b"".join(parts)]
                finally:
                    # An answer that is kept whole, such as a tile, is a list: there is nothing to close.
                    if hasattr(parts, "close"):
                        parts.close()
            finally:
                self._count(-1)

        return answer

    def _count(self, more: int) -> None:
        with self._changed:
            self._under_way += more
            self._changed.notify_all()

    def settle(self, seconds: float = PATIENCE_S) -> bool:
        """Wait until nothing is being answered; False where that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, seconds)


# Of this process: one server serves all its browser tests.
serving = Serving()
