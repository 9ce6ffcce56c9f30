"""The gate: decide what a file is, from its own bytes, before any library parses it.

Nothing here trusts a file's name, and no library gets to guess. The readers behind the gate take exactly one
format each: OSM PBF (osmium, told that it is PBF), SQLite and GeoPackage (opened read-only, tables only), GML
in a zip (lxml without DTD, entities or network) and GeoJSON. GDAL is never used for reading, so a virtual
dataset (VRT) that points at other files or addresses is just an unknown format.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import struct
import zipfile
from pathlib import Path
from typing import Literal

from geodata.errors import UnreadableSource

Format = Literal["osm_pbf", "sqlite", "geopackage", "zip", "gml", "json"]

MAX_FILE_BYTES = 8 * 2**30
MAX_JSON_BYTES = 512 * 2**20
MAX_ZIP_ENTRIES = 50
MAX_UNPACKED_BYTES = 6 * 2**30
# Text packs at most about 30 times; far more than that is a trap.
MAX_RATIO = 200
MAX_BLOB_HEADER = 64 * 1024
MAX_BLOB = 32 * 2**20

_SQLITE = b"SQLite format 3\x00"
_GPKG_IDS = {b"GPKG", b"GP10", b"GP11"}


def recognise(path: Path) -> Format:
    """The format of a complete, plausible file; raises UnreadableSource for everything else."""
    size = _size(path)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_SQLITE):
        return _sqlite(path, head, size)
    if head.startswith(b"PK"):
        check_zip(path)
        return "zip"
    if _is_pbf(head):
        check_pbf(path, size)
        return "osm_pbf"
    return _text(path, head, size)


def _size(path: Path) -> int:
    try:
        found = path.stat()
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        raise UnreadableSource("missing", file=path.name) from error
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableSource("missing", file=path.name)
    if found.st_size == 0:
        raise UnreadableSource("empty", file=path.name)
    if found.st_size > MAX_FILE_BYTES:
        raise UnreadableSource("too_large", file=path.name, megabytes=MAX_FILE_BYTES // 2**20)
    return found.st_size


def _text(path: Path, head: bytes, size: int) -> Format:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise UnreadableSource("empty", file=path.name)
    if start.startswith(b"{"):
        if size > MAX_JSON_BYTES:
            raise UnreadableSource("too_large", file=path.name, megabytes=MAX_JSON_BYTES // 2**20)
        return "json"
    if start.startswith(b"<") and (b"citygml" in head.lower() or b"imgeo" in head.lower()):
        return "gml"
    raise UnreadableSource("unknown_format", file=path.name)


# --- SQLite and GeoPackage
# ---------------------------------------------------------------------------------------


def _sqlite(path: Path, head: bytes, size: int) -> Format:
    """Page size at byte 16, page count at 28, application id at 68 (https://www.sqlite.org/fileformat2.html)."""
    if len(head) < 100:
        raise UnreadableSource("truncated", file=path.name)
    page_size = struct.unpack(">H", head[16:18])[0]
    page_size = 65536 if page_size == 1 else page_size
    pages, change, valid_for = struct.unpack(">I", head[28:32])[0], head[24:28], head[92:96]
    # The page count in the header only holds when these two counters agree.
    if change == valid_for and pages * page_size > size:
        raise UnreadableSource("truncated", file=path.name)
    with open_sqlite(path) as connection:
        tables = table_names(connection, path)
        if head[68:72] in _GPKG_IDS or "gpkg_contents" in tables:
            if "gpkg_geometry_columns" not in tables:
                raise UnreadableSource("no_layers", file=path.name)
            return "geopackage"
    if "geometry_columns" not in tables:
        raise UnreadableSource("no_layers", file=path.name)
    return "sqlite"


class open_sqlite:  # noqa: N801 - used as a context function
    """Open a stranger's SQLite file: read-only, no extension, no code from its schema."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> sqlite3.Connection:
        quoted = self.path.absolute().as_uri()
        self.connection = sqlite3.connect(f"{quoted}?mode=ro&immutable=1", uri=True)
        self.connection.execute("PRAGMA trusted_schema=OFF")
        self.connection.execute("PRAGMA cell_size_check=ON")
        return self.connection

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def table_names(connection: sqlite3.Connection, path: Path) -> set[str]:
    """Names of the real tables: views and virtual tables can run what the file's maker wrote."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    try:
        return {str(name) for (name,) in connection.execute(query)}
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise UnreadableSource("damaged", file=path.name) from error


# --- OSM PBF -----------------------------------------------------------------------------------------------


def _is_pbf(head: bytes) -> bool:
    """Big-endian header length, then a protobuf message whose first field is the string `OSMHeader`."""
    return len(head) > 15 and head[:2] == b"\x00\x00" and head[4:15] == b"\x0a\x09OSMHeader"


def check_pbf(path: Path, size: int) -> None:
    """Walk from blob to blob without unpacking any: each must lie within the file and the limits."""
    at, blobs = 0, 0
    with path.open("rb") as file:
        while at < size:
            file.seek(at)
            length = int.from_bytes(file.read(4), "big")
            if at + 4 + length > size:
                raise UnreadableSource("truncated", file=path.name)
            if not 0 < length <= MAX_BLOB_HEADER:
                raise UnreadableSource("damaged", file=path.name)
            data = _blob_size(file.read(length))
            if not 0 < data <= MAX_BLOB:
                raise UnreadableSource("damaged", file=path.name)
            at, blobs = at + 4 + length + data, blobs + 1
    if at > size or blobs < 2:
        raise UnreadableSource("truncated", file=path.name)


def _blob_size(header: bytes) -> int:
    """Field 3 (datasize, varint) of a BlobHeader; 0 when it is not one."""
    at = 0
    while at < len(header):
        tag, at = _varint(header, at)
        if tag == 0x18:
            return _varint(header, at)[0]
        if tag not in (0x0A, 0x12):
            return 0
        length, at = _varint(header, at)
        at += length
    return 0


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 63:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    return 0, len(data)


# --- Zip -----------------------------------------------------------------------------------------------


def check_zip(path: Path) -> list[zipfile.ZipInfo]:
    """The entries of a zip that is small and honest enough to open."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableSource("truncated", file=path.name) from error
    if len(entries) > MAX_ZIP_ENTRIES:
        raise UnreadableSource("zip_too_many", file=path.name, most=MAX_ZIP_ENTRIES)
    for entry in entries:
        _check_entry(path, entry)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise UnreadableSource("zip_too_large", file=path.name, megabytes=MAX_UNPACKED_BYTES // 2**20)
    return entries


def _check_entry(path: Path, entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    steps = name.replace("\\", "/").split("/")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if is_link or ".." in steps or os.path.isabs(name) or name[1:2] == ":" or name.startswith("\\"):
        raise UnreadableSource("zip_unsafe", file=path.name)
    if entry.file_size > 2**20 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise UnreadableSource("zip_too_large", file=path.name, megabytes=MAX_UNPACKED_BYTES // 2**20)
    if entry.flag_bits & 0x1:
        raise UnreadableSource("damaged", file=path.name)
