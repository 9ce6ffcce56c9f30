"""A map as a picture: the present situation flat and calm, proposals as chalk on top (SVG, by the server).

Pure: shapely geometries in EPSG:4326 in, SVG text out. Used for cards, design pages, and wherever a browser
has no WebGL2 or JavaScript. Colours are those of `frontend/styles/tokens.css`, written as attributes, because
the picture also stands alone, outside any style sheet.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
import shapely.affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

ICONS = Path(__file__).resolve().parents[2] / "static" / "icons.svg"
METRES_PER_DEGREE = 111_320.0
# How wide a figure of a house number is, in pixels.
NUMBER_PX = 7
# The view is never narrower than this, so that one bench still stands in a recognisable street.
NARROWEST_VIEW_M = 64.0
TILE_PX, RING_PX = 30.0, 27.0

GROUND, LABEL, HALO = "#f1f1ec", "#3a474c", "#ffffff"
# Drawn in this order: fill, outline.
SURFACES: dict[str, tuple[str, str]] = {
    "yard": ("#eceae3", "none"),
    "barrier": ("none", "#c9c5bb"),
    "green": ("#d8e5c8", "none"),
    "water": ("#c6dfe8", "none"),
    "square": ("#eae6dd", "#c9c5bb"),
    "carriageway": ("#d3d3d1", "#c9c5bb"),
    "driveway": ("#eae6dd", "#c9c5bb"),
    "pavement": ("#eae6dd", "#c9c5bb"),
    "cycle_path": ("#e3bfb4", "#c9c5bb"),
    "parking": ("#dadce4", "#b9bcc8"),
    "rail": ("#d3d3d1", "#c9c5bb"),
    "structure": ("#dcd7cd", "#c9c5bb"),
    "crossing": ("#eae6dd", "#c9c5bb"),
    "hedge": ("#b3cb9d", "#7f9c69"),
    "building": ("#dcd7cd", "#bfb8aa"),
}
CHALK = {"green": "#237a39", "water": "#17719f", "paving": "#b0530f", "remove": "#8c2f6b"}
TILE, SELECT = "#17292e", "#ffd84f"
OBJECT_ICONS = {
    "tree": "i-boom",
    "bench": "i-bank",
    "bike_stand": "i-fietsenrek",
    "lamp": "i-lantaarn",
    "container": "i-container",
    "play": "i-spelen",
    "bus_stop": "i-bushalte",
    "crossing": "i-oversteek",
    "charger": "i-laadpaal",
    "planter": "i-plantenbak",
    "parking": "i-parkeren",
    "green": "i-plantvak",
    "hedge": "i-haag",
    "cycle_path": "i-fiets",
    "pavement": "i-stoep",
    "driveway": "i-oprit",
    "square": "i-stenen",
    "bollard": "i-knip",
}


@dataclass(frozen=True, slots=True)
class MapObject:
    """One existing thing. `label` is a house number on a building or the name of a street axis."""

    kind: str
    geometry: BaseGeometry
    label: str = ""


@dataclass(frozen=True, slots=True)
class MapChange:
    """One proposed change; `icon` names a symbol in `icons.svg`, `look` one of the chalk colours."""

    action: str
    geometry: BaseGeometry
    icon: str
    look: str = "paving"
    width_m: float | None = None
    crown_m: float | None = None


@dataclass(frozen=True, slots=True)
class MapMark:
    """A place with a few words on it, such as the number under which a list names it; geometry in EPSG:4326.

    `look`: `ink` stands out, `plain` does not, `off` is struck through.
    """

    geometry: BaseGeometry
    text: str
    look: str = "ink"


@dataclass(frozen=True, slots=True)
class View:
    """From EPSG:4326 to pixels: centre in degrees, rotation in radians, pixels per metre, size in pixels."""

    lon: float
    lat: float
    rotation: float
    scale: float
    width: int
    height: int

    def to_pixels(self, xy: np.ndarray) -> np.ndarray:
        """Longitude and latitude in degrees as pixels from the upper left corner."""
        metres = _metres(xy, self.lon, self.lat)
        cos, sin = math.cos(self.rotation), math.sin(self.rotation)
        x = metres[:, 0] * cos - metres[:, 1] * sin
        y = metres[:, 0] * sin + metres[:, 1] * cos
        return np.column_stack([self.width / 2 + x * self.scale, self.height / 2 - y * self.scale])

    def bbox(self) -> tuple[float, float, float, float]:
        """[west, south, east, north] in degrees of everything that can be in the picture."""
        reach = math.hypot(self.width, self.height) / 2 / self.scale
        dlat = reach / METRES_PER_DEGREE
        dlon = dlat / math.cos(math.radians(self.lat))
        return (self.lon - dlon, self.lat - dlat, self.lon + dlon, self.lat + dlat)


def view_of(
    geometries: Sequence[BaseGeometry],
    size: tuple[int, int],
    *,
    level: BaseGeometry | None = None,
    upright: bool = False,
) -> View:
    """A view that holds all geometries (EPSG:4326), turned so that the long side of `level` lies level.

    `level` is the assignment's area: then all pictures of one street lie the same way. `upright` stands it on
    end, for a picture that is higher than wide.
    """
    whole = shapely.union_all([shapely.envelope(geometry) for geometry in geometries])
    centre = whole.envelope.centroid

    def metric_of(geometry: BaseGeometry) -> BaseGeometry:
        return shapely.transform(geometry, lambda xy: _metres(xy, centre.x, centre.y))

    rotation = _level(metric_of(level)) if level is not None else 0.0
    if upright and level is not None:
        lying = shapely.affinity.rotate(metric_of(level), rotation, origin=(0, 0), use_radians=True)
        west, south, east, north = lying.bounds
        if east - west > north - south:
            rotation += math.pi / 2
    corners = shapely.GeometryCollection([metric_of(geometry) for geometry in geometries])
    turned = shapely.affinity.rotate(corners, rotation, origin=(0, 0), use_radians=True)
    west, south, east, north = turned.bounds
    width, height = size
    # A quarter more than the changes themselves, so that the street around them shows.
    across = max((east - west) * 1.25, NARROWEST_VIEW_M)
    down = max((north - south) * 1.35, NARROWEST_VIEW_M * height / width)
    scale = min(width / across, height / down)
    middle = shapely.affinity.rotate(
        Point((west + east) / 2, (south + north) / 2), -rotation, origin=(0, 0), use_radians=True
    )
    lat = centre.y + middle.y / METRES_PER_DEGREE
    lon = centre.x + middle.x / METRES_PER_DEGREE / math.cos(math.radians(centre.y))
    return View(lon, lat, rotation, scale, width, height)


def svg_map(
    view: View,
    objects: Iterable[MapObject],
    changes: Sequence[MapChange] = (),
    *,
    title: str,
    description: str = "",
    area: BaseGeometry | None = None,
    rings: Sequence[BaseGeometry] = (),
    marks: Sequence[MapMark] = (),
    fixed: Sequence[BaseGeometry] = (),
    attribution: str = "",
) -> str:
    """The picture. `title` and `description` are its text alternative; `area` outlines the assignment.

    `rings` are places (EPSG:4326) that somebody asked to be shown: each gets a yellow ring.
    `marks` lie on top. In `fixed` areas nothing may change: they are hatched.
    """
    frame = box(-40, -40, view.width + 40, view.height + 40)
    parts = [*_ground(view, list(objects), frame)]
    if area is not None:
        parts.append(_outline(shapely.transform(area, view.to_pixels), frame))
    if fixed:
        parts.append(_fixed_zones([shapely.transform(zone, view.to_pixels) for zone in fixed]))
    pictured = [(change, shapely.transform(change.geometry, view.to_pixels)) for change in changes]
    parts += [_chalk(change, geometry, view) for change, geometry in pictured]
    parts += _tiles(pictured, view)
    parts += [_ring_around(shapely.transform(place, view.to_pixels)) for place in rings]
    drawn = [(mark, shapely.transform(mark.geometry, view.to_pixels)) for mark in marks]
    parts += [_marked_shape(geometry) for _mark, geometry in drawn if shapely.get_dimensions(geometry) > 0]
    parts += [_mark(mark, _middle(geometry), view) for mark, geometry in drawn]
    if attribution:
        parts.append(_attribution(attribution, view))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {view.width} {view.height}"'
        f' width="{view.width}" height="{view.height}" role="img" aria-labelledby="t d">'
        f'<title id="t">{escape(title)}</title>'
        f'<desc id="d">{escape(description)}</desc>{_defs(changes)}'
        f'<rect width="100%" height="100%" fill="{GROUND}"/>{"".join(parts)}</svg>'
    )


def _metres(xy: np.ndarray, lon: float, lat: float) -> np.ndarray:
    """Metres east and north of a point: exact enough for a picture of one street, not for measuring."""
    east = (xy[:, 0] - lon) * METRES_PER_DEGREE * math.cos(math.radians(lat))
    return np.column_stack([east, (xy[:, 1] - lat) * METRES_PER_DEGREE])


def _level(metric: BaseGeometry) -> float:
    """The rotation in radians that lays a shape's long side level; 0 for one without a clear long side."""
    rectangle = metric.buffer(4).minimum_rotated_rectangle
    if not isinstance(rectangle, Polygon):
        return 0.0
    corners = list(rectangle.exterior.coords)
    sides = sorted(((a, b) for a, b in pairwise(corners[:3])), key=lambda s: math.dist(*s))
    if math.dist(*sides[1]) < 1.6 * math.dist(*sides[0]):
        return 0.0
    (x0, y0), (x1, y1) = sides[1]
    angle = math.atan2(y1 - y0, x1 - x0)
    return -math.remainder(angle, math.pi)


def _ground(view: View, objects: list[MapObject], frame: Polygon) -> list[str]:
    """What exists, in drawing order, and its labels."""
    pixels = (
        shapely.clip_by_rect(
            shapely.transform(np.array([o.geometry for o in objects], dtype=object), view.to_pixels),
            *frame.bounds,
        )
        if objects
        else np.array([], dtype=object)
    )
    by_kind: dict[str, list[tuple[BaseGeometry, MapObject]]] = {}
    for geometry, thing in zip(pixels, objects, strict=True):
        if not geometry.is_empty:
            by_kind.setdefault(thing.kind, []).append((geometry, thing))
    parts = [
        _surface(kind, [g for g, _ in by_kind[kind]], view.scale) for kind in SURFACES if kind in by_kind
    ]
    parts += _trees([g for g, _ in by_kind.get("tree", [])], view.scale)
    parts += _numbers(by_kind.get("entrance", []) + by_kind.get("building", []), view.scale)
    parts += _names(by_kind.get("street_axis", []), view.scale)
    return parts


def _surface(kind: str, geometries: list[BaseGeometry], scale: float) -> str:
    fill, line = SURFACES[kind]
    areas = _path([g for g in geometries if shapely.get_dimensions(g) == 2])
    lines = _path([g for g in geometries if shapely.get_dimensions(g) == 1])
    edge = f' stroke="{line}" stroke-width="{0.9 if scale > 2 else 0.5}"' if line != "none" else ""
    drawn = f'<path d="{areas}" fill="{fill}"{edge} fill-rule="evenodd"/>' if areas else ""
    if lines and kind in ("hedge", "barrier", "rail", "cycle_path"):
        drawn += f'<path d="{lines}" fill="none" stroke="{line}" stroke-width="1.5"/>'
    return drawn


def _trees(geometries: list[BaseGeometry], scale: float) -> list[str]:
    radius = max(1.6, 1.9 * scale)
    return [
        f'<circle cx="{p.x:.1f}" cy="{p.y:.1f}" r="{radius:.1f}"'
        ' fill="#b3cb9d" stroke="#7f9c69" stroke-width=".8"/>'
        for p in (g.centroid for g in geometries)
    ]


def _numbers(found: list[tuple[BaseGeometry, MapObject]], scale: float) -> list[str]:
    """House numbers, where there is room for them: none on top of another."""
    if scale < 3.2:
        return []
    texts: list[str] = []
    taken: list[tuple[float, float, float]] = []
    for geometry, thing in found:
        if thing.label:
            at = geometry.representative_point()
            half = len(thing.label) * NUMBER_PX / 2 + 1
            if any(abs(at.x - x) < half + w and abs(at.y - y) < NUMBER_PX + 3 for x, y, w in taken):
                continue
            taken.append((at.x, at.y, half))
            texts.append(_text(at.x, at.y + 4, thing.label, NUMBER_PX + 4, halo="#dcd7cd"))
    return texts


def _names(found: list[tuple[BaseGeometry, MapObject]], scale: float) -> list[str]:
    """Each street's name once, along its longest stretch in view."""
    longest: dict[str, LineString] = {}
    for geometry, thing in found:
        for line in shapely.get_parts(shapely.line_merge(geometry)):
            if (
                thing.label
                and isinstance(line, LineString)
                and line.length > longest.get(thing.label, LineString()).length
            ):
                longest[thing.label] = line
    size = 13 if scale > 1.2 else 11
    return [
        _along(line, name, size) for name, line in longest.items() if line.length > len(name) * size * 0.62
    ]


def _along(line: LineString, name: str, size: int) -> str:
    middle = line.interpolate(0.5, normalized=True)
    a, b = line.interpolate(0.4, normalized=True), line.interpolate(0.6, normalized=True)
    angle = math.degrees(math.atan2(b.y - a.y, b.x - a.x))
    angle = angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle
    return (
        f'<g transform="translate({middle.x:.1f} {middle.y:.1f}) rotate({angle:.1f})">'
        f"{_text(0, size * 0.35, name, size, halo=HALO)}</g>"
    )


def _text(x: float, y: float, text: str, size: int, *, halo: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="Atkinson Hyperlegible Next, Verdana, sans-serif"'
        f' font-weight="600" font-size="{size}" text-anchor="middle" fill="{LABEL}"'
        f' stroke="{halo}" stroke-width="2.5"'
        f' stroke-linejoin="round" paint-order="stroke">{escape(text)}</text>'
    )


def _outline(area: BaseGeometry, frame: Polygon) -> str:
    """The assignment's edge; what lies outside is veiled."""
    outside = shapely.difference(frame, area)
    edge = _path([area])
    return (
        f'<path d="{_path([outside])}" fill="#eef1ef" fill-opacity=".55" fill-rule="evenodd"/>'
        f'<path d="{edge}" fill="none" stroke="#fff" stroke-width="6"/>'
        f'<path d="{edge}" fill="none" stroke="{TILE}" stroke-width="2.5" stroke-dasharray="9 6"/>'
    )


def _fixed_zones(zones: list[BaseGeometry]) -> str:
    """Where nothing may change: dark stripes, told apart from the hatch of what is removed."""
    edge = _path(zones)
    return (
        '<pattern id="z" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="3" height="9" fill="{TILE}" fill-opacity=".34"/></pattern>'
        f'<path d="{edge}" fill="url(#z)" stroke="{TILE}" stroke-width="1.5" fill-rule="evenodd"/>'
    )


def _defs(changes: Sequence[MapChange]) -> str:
    """Hatches and icons that the picture uses."""
    looks = sorted({_look(change) for change in changes})
    hatches = "".join(
        f'<pattern id="h-{look}" width="8" height="8" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)">'
        f'<rect width="8" height="8" fill="{CHALK[look]}" fill-opacity=".22"/>'
        f'<path d="M0 0V8" stroke="{CHALK[look]}" stroke-width="3" stroke-opacity=".8"/></pattern>'
        for look in looks
    )
    icons = "".join(
        f'<symbol id="{name}" viewBox="0 0 24 24">{symbols()[name]}</symbol>'
        for name in sorted({change.icon for change in changes} & symbols().keys())
    )
    return f"<defs>{hatches}{icons}</defs>"


@cache
def symbols() -> dict[str, str]:
    """The inside of each symbol in `icons.svg`, by its id."""
    found = re.findall(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', ICONS.read_text("utf-8"), re.S)
    return dict(found)


def _look(change: MapChange) -> str:
    if change.action == "remove":
        return "remove"
    return change.look if change.look in CHALK else "paving"


def _chalk(change: MapChange, geometry: BaseGeometry, view: View) -> str:
    """The hatched, dashed footprint of one change; a point gets its crown when it is a tree."""
    colour = CHALK[_look(change)]
    dimension = shapely.get_dimensions(geometry)
    if dimension == 0:
        if not change.crown_m or change.action in ("remove", "keep"):
            return ""
        shape = geometry.buffer(change.crown_m / 2 * view.scale)
        return (
            f'<path d="{_path([shape])}" fill="{colour}" fill-opacity=".3" stroke="{colour}" stroke-width="2"'
            ' stroke-dasharray="6 3.5"/>'
        )
    if dimension == 1:
        geometry = geometry.buffer(max((change.width_m or 0.9) / 2 * view.scale, 3), cap_style="flat")
    path = _path([geometry])
    if change.action == "keep":
        return (
            f'<path d="{path}" fill="none" stroke="#fff" stroke-width="5"/>'
            f'<path d="{path}" fill="none" stroke="{TILE}" stroke-width="2"/>'
        )
    return (
        f'<path d="{path}" fill="none" stroke="#fff" stroke-width="5" stroke-opacity=".9"/>'
        f'<path d="{path}" fill="url(#h-{_look(change)})" stroke="{colour}" stroke-width="2"'
        ' stroke-dasharray="7 3.5"/>'
    )


def _tiles(pictured: list[tuple[MapChange, BaseGeometry]], view: View) -> list[str]:
    """An ink tile with an icon for each change; tiles that would cover each other become one with a count."""
    groups: list[tuple[Point, MapChange, int]] = []
    for change, geometry in pictured:
        at = geometry.representative_point() if shapely.get_dimensions(geometry) == 2 else _middle(geometry)
        for index, (other, first, count) in enumerate(groups):
            if abs(other.x - at.x) < TILE_PX and abs(other.y - at.y) < TILE_PX:
                groups[index] = (other, first, count + 1)
                break
        else:
            groups.append((at, change, 1))
    return [_tile(at, change, count) for at, change, count in groups]


def _middle(geometry: BaseGeometry) -> Point:
    if geometry.geom_type == "LineString":
        return geometry.interpolate(0.5, normalized=True)
    return geometry.representative_point()


def _tile(at: Point, change: MapChange, count: int) -> str:
    fill, ink = {"remove": (CHALK["remove"], "#fff"), "keep": ("#fff", TILE)}.get(
        change.action, (TILE, "#fff")
    )
    half = TILE_PX / 2
    ring = TILE if change.action == "keep" else "#fff"
    badge = (
        f'<circle cx="{half:g}" cy="{-half:g}" r="9" fill="{SELECT}" stroke="{TILE}" stroke-width="1.5"/>'
        f'<text x="{half:g}" y="{-half + 4:g}" font-family="Verdana, sans-serif" font-size="11"'
        f' font-weight="700" text-anchor="middle" fill="{TILE}">{count}</text>'
        if count > 1
        else ""
    )
    return (
        f'<g transform="translate({at.x:.1f} {at.y:.1f})">'
        f'<rect x="{-half:g}" y="{-half:g}" width="{TILE_PX:g}" height="{TILE_PX:g}" rx="7" fill="{fill}"'
        f' stroke="{ring}" stroke-width="1.8"/><use href="#{change.icon}"'
        f' x="-10" y="-10" width="20" height="20" color="{ink}"/>{badge}</g>'
    )


def _ring_around(place: BaseGeometry) -> str:
    """A ring that leaves the tile on its place in sight."""
    at = _middle(place)
    where = f'cx="{at.x:.1f}" cy="{at.y:.1f}" r="{RING_PX:g}" fill="none"'
    ink = f'<circle {where} stroke="{TILE}" stroke-width="9"/>'
    return f'{ink}<circle {where} stroke="{SELECT}" stroke-width="5"/>'


def _marked_shape(geometry: BaseGeometry) -> str:
    if shapely.get_dimensions(geometry) == 1:
        geometry = geometry.buffer(4)
    path = _path([geometry])
    return (
        f'<path d="{path}" fill="{SELECT}" fill-opacity=".35" stroke="{TILE}" stroke-width="5"/>'
        f'<path d="{path}" fill="none" stroke="{SELECT}" stroke-width="2.5"/>'
    )


def _mark(mark: MapMark, at: Point, view: View) -> str:
    """A tag with words, moved inward where it would leave the picture."""
    fill, ink = (TILE, "#fff") if mark.look == "ink" else ("#fff", TILE)
    width = max(28.0, len(mark.text) * 9.6 + 14)
    x = min(max(at.x, width / 2 + 3), view.width - width / 2 - 3)
    y = min(max(at.y, 15), view.height - 15)
    line = f'd="M{x - width / 2 + 2:.1f} {y:.1f}h{width - 4:.1f}" stroke="{CHALK["remove"]}"'
    struck = f'<path {line} stroke-width="3"/>' if mark.look == "off" else ""
    return (
        f'<rect x="{x - width / 2:.1f}" y="{y - 14:.1f}" width="{width:.1f}" height="28" rx="6"'
        f' fill="{fill}" stroke="{TILE if fill == "#fff" else "#fff"}" stroke-width="1.5"/>'
        f'<text x="{x:.1f}" y="{y + 5.5:.1f}" font-family="Verdana, sans-serif" font-size="15"'
        f' font-weight="700" text-anchor="middle" fill="{ink}">{escape(mark.text)}</text>{struck}'
    )


def _attribution(text: str, view: View) -> str:
    width = min(len(text) * 5.6 + 12, view.width - 8)
    return (
        f'<rect x="{view.width - width - 4:g}" y="{view.height - 20}" width="{width:g}" height="17"'
        ' rx="4" fill="#fff" fill-opacity=".9"/>'
        f'<text x="{view.width - 10}" y="{view.height - 8}" font-family="Verdana, sans-serif"'
        f' font-size="9.5" text-anchor="end" fill="{LABEL}">{escape(text)}</text>'
    )


def _path(geometries: Iterable[BaseGeometry]) -> str:
    """SVG path data in pixels, simplified to half a pixel."""
    data: list[str] = []
    for geometry in geometries:
        for part in shapely.get_parts(shapely.simplify(geometry, 0.4)):
            if isinstance(part, Polygon):
                data += [
                    _ring(ring.coords, closed=True)
                    for ring in (part.exterior, *part.interiors)
                    if not ring.is_empty
                ]
            elif isinstance(part, LineString):
                data.append(_ring(part.coords, closed=False))
            elif isinstance(part, MultiPolygon):
                data.append(_path([part]))
    return "".join(data)


def _ring(coords: Iterable[tuple[float, ...]], *, closed: bool) -> str:
    points = [f"{x:.1f} {y:.1f}" for x, y, *_ in coords]
    return f"M{'L'.join(points[:-1] if closed else points)}{'Z' if closed else ''}"
