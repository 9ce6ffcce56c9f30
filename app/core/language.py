"""The language of a page is part of its address: `/…` is Dutch, `/en/…` English.

So a link carries its language, pages can be cached, and choosing one needs no cookie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, has_request_context, request

LANGUAGES = ("nl", "en")
DEFAULT = "nl"


class LanguagePrefix:
    """WSGI middleware that moves a leading `/en` from the path to the script name.

    Routes know nothing of languages, and `url_for` keeps the prefix by itself.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        for language in LANGUAGES:
            if language != DEFAULT and (path == f"/{language}" or path.startswith(f"/{language}/")):
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + f"/{language}"
                environ["PATH_INFO"] = path[len(language) + 1 :] or "/"
                environ["stoepkrijt.language"] = language
                break
        return self.app(environ, start_response)


def current_language() -> str:
    """`nl` or `en`: from the address, and for the bare API from `Accept-Language`; else Dutch."""
    if not has_request_context():
        return DEFAULT
    chosen = request.environ.get("stoepkrijt.language")
    if chosen:
        return str(chosen)
    if request.path.startswith("/api"):
        return request.accept_languages.best_match(LANGUAGES, DEFAULT) or DEFAULT
    return DEFAULT


def other_language_url() -> str:
    """The address of the present page in the other language."""
    root = request.environ.get("SCRIPT_NAME", "")
    query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
    if current_language() == DEFAULT:
        return f"{root}/en{request.path}{query}"
    return f"{root.removesuffix('/' + current_language())}{request.path}{query}"


def in_language(language: str, path: str) -> str:
    """The address of a page in another language; `path` is as `url_for` makes it in the present one."""
    root = request.environ.get("SCRIPT_NAME", "")
    bare = path.removeprefix(root) if current_language() != DEFAULT else path
    return bare if language == DEFAULT else f"/{language}{bare}"


def init_app(app: Flask) -> None:
    """Bind the language to requests and templates."""
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.globals.update(current_language=current_language, other_language_url=other_language_url)
