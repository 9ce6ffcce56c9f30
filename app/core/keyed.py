"""Keys made of `SECRET_KEY`, one for each purpose, so that what one of them gives away helps with no other.

A keyed hash of something short (a code, a number of a person) cannot be found by trying all of them.
"""

from __future__ import annotations

import hmac

from flask import current_app


def key(purpose: str) -> bytes:
    """32 bytes that depend on `SECRET_KEY` and `purpose` only (NIST SP 800-108, with HMAC-SHA-256)."""
    return hmac.digest(
        str(current_app.config["SECRET_KEY"]).encode(), f"stoepkrijt:{purpose}".encode(), "sha256"
    )


def digest(purpose: str, text: str) -> bytes:
    """The 32 bytes of HMAC-SHA-256 over a text, under the key of this purpose."""
    return hmac.digest(key(purpose), text.encode("utf-8", "surrogatepass"), "sha256")
