"""GML as the Dutch base map is delivered, one file per object type, together in a zip or loose.

Two forms, both by IMGeo 2.1: "GML-light" (a `FeatureCollection` in which every property of an object stands
on one level, as `identificatie.lokaalID`) and CityGML 2.0 (nested, with English class names).

Parsed with lxml piece by piece: no DTD, no entities, no network. Curves (`gml:Arc` among straight segments)
become straight lines. Coordinates stay as they are (EPSG:28992, east then north).
"""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree
from shapely.errors import ShapelyError
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.bgt_kinds import LAYERS
from geodata.errors import UnreadableSource
from geodata.gate import check_zip
from geodata.readers.tables import Row, simple
from geodata.wkb import XY, BadWkb, collection, join, straighten

MAX_DEPTH = 24
MEMBERS = frozenset(("cityObjectMember", "featureMember"))
# GML-light: `nummeraanduidingreeks_1.tekst`, `openbareRuimteNaam.positie_2.plaatsingspunt`.
_FLAT_LABEL = re.compile(
    r"((?:openbareRuimteNaam|nummeraanduidingreeks)(?:_\d+)?)\.(?:(tekst)|positie_(\d+)\.(plaatsingspunt|hoek))"
)
_EPSG = re.compile(r"EPSG:(?::|/)*(?:[\d.]*[:/])?(\d{4,6})$|epsg\.xml#(\d{4,6})$")


def documents(path: Path, form: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and stream of every GML document in a zip, or of the loose file."""
    if form == "gml":
        with path.open("rb") as stream:
            yield path.name, stream
        return
    names = [entry.filename for entry in check_zip(path) if entry.filename.lower().endswith((".gml", ".xml"))]
    if not any(layer_of(name) for name in names):
        raise UnreadableSource("zip_no_map", file=path.name)
    with zipfile.ZipFile(path) as archive:
        for name in sorted(names):
            with archive.open(name) as stream:
                yield Path(name).name, stream


def layer_of(name: str) -> str | None:
    """Our layer for a file name such as `bgt_wegdeel.gml`."""
    return LAYERS.get(simple(Path(name).stem).removeprefix("bgt"))


def features(name: str, stream: IO[bytes]) -> Iterator[tuple[str | None, Row, int | None]]:
    """Layer, row and EPSG code of every object of one document."""
    try:
        parser = etree.iterparse(
            stream,
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        first = True
        for event, element in parser:
            if first:
                if element.getroottree().docinfo.doctype:
                    raise UnreadableSource("xml_dtd", file=name)
                first = False
            if event == "end" and _local(element) in MEMBERS:
                for feature in element:
                    yield _feature(feature)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        cut = "Premature end" in str(error) or "EndTag" in str(error)
        raise UnreadableSource("truncated" if cut else "damaged", file=name) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise UnreadableSource("damaged", file=name) from error


def _feature(feature: etree._Element) -> tuple[str | None, Row, int | None]:
    values: dict[str, object] = {}
    shape: etree._Element | None = None
    layer = LAYERS.get(simple(_local(feature)))
    flat = _flat_labels(feature)
    if flat:
        values["labels"] = flat
    for child in feature:
        local = _local(child)
        if local.lower().startswith("geometrie2d"):
            shape = child[0] if len(child) else None
        elif local == "identificatie":
            values["lokaalid"] = _find(child, "lokaalID")
        elif local in ("nummeraanduidingreeks", "openbareRuimteNaam"):
            values.setdefault("labels", []).extend(_labels(child))  # type: ignore[attr-defined]
        elif len(child) == 0 and not _FLAT_LABEL.fullmatch(local):
            values[simple(local.removeprefix("identificatie."))] = (child.text or "").strip() or None
    if shape is None:
        return layer, Row(values, None, False), None
    try:
        return layer, Row(values, read_geometry(shape), False), _srid(shape)
    except (BadWkb, ValueError, IndexError, ShapelyError):
        return layer, Row(values, None, True), _srid(shape)


Label = tuple[str, float, float, float]


def _labels(element: etree._Element) -> list[Label]:
    """Text, east, north and angle in degrees of every position of a label."""
    found = [
        _label(_find(label, "tekst"), _find(position, "pos"), _find(position, "hoek"))
        for label in element.iter("{*}Label")
        for position in label.iter("{*}Labelpositie")
    ]
    return [label for label in found if label is not None]


def _flat_labels(feature: etree._Element) -> list[Label]:
    """The same from the properties of an object in GML-light."""
    texts: dict[str, str | None] = {}
    positions: dict[tuple[str, int], dict[str, str | None]] = {}
    for child in feature:
        found = _FLAT_LABEL.fullmatch(_local(child))
        if found is None:
            continue
        name, is_text, position, part = found.groups()
        if is_text:
            texts[name] = (child.text or "").strip()
        else:
            said = _find(child, "pos") if part == "plaatsingspunt" else child.text
            positions.setdefault((name, int(position)), {})[part] = said
    labels = [
        _label(texts.get(name), parts.get("plaatsingspunt"), parts.get("hoek"))
        for (name, _position), parts in positions.items()
    ]
    return [label for label in labels if label is not None]


def _label(text: str | None, place: str | None, angle: str | None) -> Label | None:
    """None for a label without text, or with a place or angle that is none."""
    try:
        east, north, degrees = (*map(float, (place or "").split()[:2]), float(angle or 0))
    except ValueError:
        return None
    if not text or not all(map(math.isfinite, (east, north, degrees))):
        return None
    return text, east, north, degrees


def _find(element: etree._Element, local: str) -> str | None:
    text = element.findtext(f".//{{*}}{local}")
    return text.strip() if text and text.strip() else None


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _srid(shape: etree._Element) -> int | None:
    for element in shape.iter():
        found = _EPSG.search(element.get("srsName", ""))
        if found:
            return int(found.group(1) or found.group(2))
    return None


# --- Geometry -----------------------------------------------------------------------------------------------


def read_geometry(element: etree._Element, depth: int = 0) -> BaseGeometry:
    """A GML geometry in its own coordinates; raises BadWkb for what is none."""
    if depth > MAX_DEPTH:
        raise BadWkb("nested too deep")
    local = _local(element)
    if local == "Point":
        return Point(_positions(element)[0])
    if local in ("LineString", "Curve", "CompositeCurve", "OrientableCurve"):
        return LineString(_line(element, depth))
    if local in ("Polygon", "PolygonPatch", "Rectangle"):
        return _polygon(element, depth)
    parts = [read_geometry(part, depth + 1) for part in _parts(element)]
    if local == "Surface" and len(parts) == 1:
        return parts[0]
    return collection(parts)


def _parts(element: etree._Element) -> Iterator[etree._Element]:
    """The geometries inside `pointMember`, `surfaceMembers`, `patches` and the like."""
    for member in element:
        if _local(member).lower().endswith(("member", "members", "patches")):
            yield from member


def _polygon(element: etree._Element, depth: int) -> BaseGeometry:
    outer: list[XY] = []
    inner: list[list[XY]] = []
    for side in element:
        if _local(side) == "exterior":
            outer = _ring(side[0], depth)
        elif _local(side) == "interior":
            inner.append(_ring(side[0], depth))
    return Polygon(outer, inner)


def _ring(element: etree._Element, depth: int) -> list[XY]:
    if _local(element) == "LinearRing":
        return _positions(element)
    return join([_line(curve, depth + 1) for member in element for curve in member])


def _line(element: etree._Element, depth: int) -> list[XY]:
    if depth > MAX_DEPTH:
        raise BadWkb("nested too deep")
    local = _local(element)
    if local in ("LineString", "LineStringSegment"):
        return _positions(element)
    if local in ("Arc", "ArcString"):
        return straighten(_positions(element))
    pieces = [
        _line(piece, depth + 1)
        for child in element
        if _local(child) in ("segments", "curveMember", "baseCurve")
        for piece in child
    ]
    if not pieces:
        raise BadWkb(f"unknown curve {local}")
    line = join(pieces)
    return line[::-1] if element.get("orientation") == "-" else line


def _positions(element: etree._Element) -> list[XY]:
    found = element.find("{*}posList")
    if found is not None:
        numbers = [float(number) for number in (found.text or "").split()]
        size = int(found.get("srsDimension") or element.get("srsDimension") or 2)
        if size not in (2, 3) or not numbers or len(numbers) % size:
            raise BadWkb("a list of positions that does not add up")
        return list(zip(numbers[::size], numbers[1::size], strict=True))
    points = [[float(number) for number in (pos.text or "").split()] for pos in element.iter("{*}pos")]
    if not points or any(len(point) < 2 for point in points):
        raise BadWkb("no positions")
    return [(point[0], point[1]) for point in points]
