"""One text for one JSON value, so that its SHA-256 means something.

As RFC 8785 (JSON Canonicalization Scheme): UTF-8, no spaces, keys in order. Stricter, so that no two programs
can differ about a number: whole numbers only, as far as every program keeps them (2^53). Amounts with cents
are strings. Keys stand in the order of their code points, which is that of RFC 8785 up to U+FFFF.
"""

from __future__ import annotations

import hashlib

import orjson

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
MAX_DEPTH = 32
MAX_NUMBER = 2**53 - 1


class NotCanonical(ValueError):
    """The value or text has no canonical form; the message is one sentence."""


def dumps(value: object) -> str:
    """The canonical text. Raises `NotCanonical` for what is no JSON here: floats, large numbers, other types,
    lone surrogates, nesting beyond 32 levels."""
    check(value)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode("utf-8")
    except (orjson.JSONEncodeError, UnicodeError):
        raise NotCanonical("A text holds characters that cannot be written.") from None


def loads(data: bytes) -> Json:
    """The value of a canonical text; a line break at the end may be there.

    Raises `NotCanonical` for any other text, also for one that says the same with other spaces, another order
    or a key twice: a file with the right hashes is the published file, byte for byte.
    """
    data = data.removesuffix(b"\n")
    try:
        value: Json = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotCanonical(f"It is no JSON: {error.msg} (line {error.lineno}).") from None
    if dumps(value).encode("utf-8") != data:
        raise NotCanonical("It is JSON, but not written as it was published (spaces, order, or a key twice).")
    return value


def sha256(value: object) -> str:
    """The SHA-256 of the canonical text, in hexadecimal. Raises `NotCanonical`."""
    return hashlib.sha256(dumps(value).encode("utf-8")).hexdigest()


def check(value: object) -> None:
    """Raises `NotCanonical` for a value that has no canonical text."""
    level = [value]
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise NotCanonical(f"It is nested deeper than {MAX_DEPTH} levels.")
        following: list[object] = []
        for item in level:
            if type(item) is dict:
                if not all(type(key) is str for key in item):
                    raise NotCanonical("A name is no text.")
                following += item.values()
            elif type(item) is list:
                following += item
            else:
                _check_plain(item)
        level = following


def _check_plain(value: object) -> None:
    if value is None or type(value) in (bool, str):
        return
    if type(value) is not int:
        raise NotCanonical(f"It holds a {type(value).__name__} where only text and whole numbers belong.")
    if abs(value) > MAX_NUMBER:
        raise NotCanonical("A number in it is too large.")
