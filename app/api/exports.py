# ruff: noqa: E501
"""Whole collections as files: streamed while they are made, kept until the collection changes.

A streamed export that is asked for again while nothing changed stays in `CACHE_DIR/exports`, under a name that
holds the state of the collection, so the next one is a read from disk; the old one goes. Not the first time: while
people draw, every export is of another state, and writing a copy that nobody reads costs a tenth of it. What
GDAL writes is a file anyway, and stays at once.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from flask import current_app

from app.api import files, sql
from app.api.answers import fingerprint
from app.api.crs import CRS84, Crs
from app.api.registry import Collection
from app.api.streams import CopyStream

log = logging.getLogger(__name__)

STREAMED = ("geojson", "csv")
FORMATS = ("geojson", "gpkg", "csv", "fgb", "parquet")
READ_BYTES = 1024 * 1024
ABANDONED_SECONDS = 3600
LEAST_FREE_BYTES = 1024 * 1024
REMEMBERED = 256
_building = Lock()
_asked: dict[str, None] = {}
_asking = Lock()


@dataclass(frozen=True, slots=True)
class Export:
    """One export: what, in which form, of which assignment, in which CRS."""

    collection: Collection
    form: str
    assignment: str | None = None
    system: Crs = CRS84

    @property
    def stem(self) -> str:
        """The part of a kept file's name that says what it is; safe in any file system."""
        where = re.sub(r"[^a-z0-9-]", "", self.assignment or "")[:60]
        return f"{self.collection.name}.{fingerprint(self.assignment or '')[:8]}.{where}.{self.system.srid}"

    @property
    def file_name(self) -> str:
        """The name that a download gets."""
        where = re.sub(r"[^a-z0-9-]", "", self.assignment or "")[:60]
        return "-".join(part for part in (self.collection.name, where) if part) + f".{self.form}"


def folder() -> Path:
    """Where finished exports are kept, if this account may make it."""
    path = Path(current_app.config["CACHE_DIR"])
    path = path if path.is_absolute() else Path(current_app.root_path) / path
    path = path / "exports"
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        # What is streamed needs no folder; what must be a file first says what is wrong.
        log.warning("exports cannot be kept: %s", error)
    return path


def kept(export: Export, state: str) -> Path:
    """Where this export is kept while the collection is in this state, whether or not it exists yet."""
    return folder() / f"{export.stem}.{fingerprint(state)}.{export.form}"


def stream(export: Export) -> CopyStream:
    """A started GeoJSON or CSV export. Raises `psycopg.Error` when it cannot start."""
    if export.form == "csv":
        return CopyStream(sql.copy_csv(export.collection, export.assignment))
    name = export.collection.name
    return CopyStream(
        sql.copy_geojson(export.collection, export.assignment),
        separator=b",",
        head=f'{{"type":"FeatureCollection","name":"{name}","features":[\n'.encode(),
        tail=b"]}\n",
    )


def passing(chunks: CopyStream, target: Path, export: Export) -> Iterable[bytes]:
    """The chunks, written to `target` on their way when that was asked for before."""
    return _keeping(chunks, target, export) if _asked_before(target.name) else chunks


def _asked_before(name: str) -> bool:
    """Whether this process was asked for the same in the same state lately; from now on it was."""
    with _asking:
        known = name in _asked
        _asked[name] = None
        if len(_asked) > REMEMBERED:
            del _asked[next(iter(_asked))]
    return known


def _keeping(chunks: CopyStream, target: Path, export: Export) -> Iterator[bytes]:
    """The chunks, written to `target` on their way. A full disk costs the copy, not the answer."""
    part = _Part(target, export)
    try:
        for chunk in chunks:
            part.write(chunk)
            yield chunk
        part.keep()
    finally:
        chunks.close()
        part.drop()


class _Part:
    """A file being made; `keep` gives it its name and removes the one it replaces."""

    def __init__(self, target: Path, export: Export) -> None:
        self._target, self._export = target, export
        self._descriptor, self._path = -1, ""
        with suppress(OSError):
            self._descriptor, self._path = tempfile.mkstemp(prefix="part-", dir=target.parent)

    def write(self, chunk: bytes) -> None:
        if self._descriptor < 0:
            return
        try:
            # A disk that is nearly full takes a part and says nothing.
            if os.write(self._descriptor, chunk) < len(chunk):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            log.warning("export not kept: %s", error)
            self.drop()

    def keep(self) -> None:
        if self._descriptor < 0:
            return
        os.close(self._descriptor)
        self._descriptor = -1
        _replace(Path(self._path), self._target, self._export)

    def drop(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            Path(self._path).unlink(missing_ok=True)


def _replace(part: Path, target: Path, export: Export) -> None:
    part.replace(target)
    for old in target.parent.glob(f"{export.stem}.*.{export.form}"):
        if old != target:
            old.unlink(missing_ok=True)
    _sweep(target.parent)


def _sweep(kept_in: Path) -> None:
    """Remove what a process that was killed left half made."""
    for part in kept_in.glob("part-*"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(part) if part.is_dir() else part.unlink()


def opened(target: Path) -> BinaryIO | None:
    """The kept file, opened; None where there is none. Another process may take its name away at any time."""
    try:
        return target.open("rb")
    except OSError:
        return None


def build(export: Export, target: Path) -> BinaryIO:
    """Make a GeoPackage, FlatGeobuf or Parquet file at `target`, and open it; one at a time in a process.

    Raises `psycopg.Error`, or `OSError` where the disk is full.
    """
    with _building:
        if (there := opened(target)) is not None:
            return there
        # GDAL goes by the ending, so the unfinished file has the right one too.
        with tempfile.TemporaryDirectory(prefix="part-", dir=target.parent) as scratch:
            part = Path(scratch) / f"export.{export.form}"
            _write(export, part)
            file = part.open("rb")
            try:
                _replace(part, target, export)
            except BaseException:
                file.close()
                raise
            return file


def _write(export: Export, path: Path) -> None:
    """Let GDAL or Arrow write a file. Raises `psycopg.Error`, or `OSError` where the disk is full.

    Each driver tells in its own words that a disk is full, and FlatGeobuf's not at all, so the disk is asked.
    """
    failure: Exception | None = None
    try:
        files.write(export.collection, export.form, path, export.assignment, export.system)
    except (OSError, RuntimeError) as error:
        failure = error
    if shutil.disk_usage(path.parent).free < LEAST_FREE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from failure
    if failure is not None:
        raise failure


def read(file: BinaryIO) -> Iterator[bytes]:
    """A file in large pieces. It is opened before the answer starts, so replacing it does no harm."""
    while piece := file.read(READ_BYTES):
        yield piece


def write_to(export: Export, output: Path) -> None:
    """Write an export to a file of the caller's choice. Raises `OSError` when that cannot be written."""
    if export.form not in STREAMED:
        output.unlink(missing_ok=True)
        _write(export, output)
        return
    with output.open("wb") as file:
        for chunk in stream(export):
            file.write(chunk)
