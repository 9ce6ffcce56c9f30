"""Where things are in a checkout, and fingerprints that tell whether a slow step can be skipped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
LOGS = INSTANCE / "logs"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
BUILD = ROOT / "static" / "build"
TRANSLATIONS = ROOT / "app" / "translations"


def python(*words: object) -> list[str]:
    """A command for the Python in `.venv`."""
    return [str(VENV_PYTHON), *(str(word) for word in words)]


def fingerprint(files: Iterable[Path], *facts: str) -> str:
    """SHA-256 over the names and contents of `files` and over `facts`, as hexadecimal text."""
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(fact.encode() + b"\0")
    for file in sorted(files):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0")
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def checkout_key(folder: Path) -> str:
    """Twelve characters that tell this checkout from any other on the machine."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]


def holds(stamp: Path, value: str) -> bool:
    try:
        return stamp.read_text(encoding="utf-8").strip() == value
    except OSError:
        return False
