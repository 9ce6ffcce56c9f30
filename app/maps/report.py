"""Maps inside a report: folium without tiles and without a single outside request.

Geometry is in EPSG:4326. Everything that people wrote is escaped here, once for HTML and once for the script
that carries it, so callers hand over plain text. folium is heavy: it is imported when it is first needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
from flask import current_app
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry

from app.core.geometry import to_geojson
from app.errors import Unavailable
from app.maps.drawing import CHALK, GROUND, SURFACES, TILE, symbols

if TYPE_CHECKING:
    import folium

TREE_RADIUS_M = 1.9
POINT_STYLES: dict[str, dict[str, Any]] = {
    "tree": {
        "radius": TREE_RADIUS_M,
        "color": "#7f9c69",
        "fillColor": "#b3cb9d",
        "weight": 1,
        "fillOpacity": 1,
    },
}
FURNITURE: dict[str, Any] = {
    "radius": 0.5,
    "color": "#3a474c",
    "fillColor": "#3a474c",
    "weight": 1,
    "fillOpacity": 0.7,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One change on the map: where, its icon (a symbol of `icons.svg`) and what it says.

    `look` is a chalk colour, or `keep` for what stays.
    """

    geometry: BaseGeometry
    look: str
    icon: str
    says: str
    radius_m: float | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """The changes of one design, which the reader can switch on and off."""

    name: str
    marks: Sequence[Mark] = field(default_factory=tuple)
    shown: bool = True


@dataclass(frozen=True, slots=True)
class MapParts:
    """The pieces of a page: styles and scripts for its head, the map's element, the script that fills it."""

    head: str
    body: str
    script: str


def leaflet() -> tuple[str, str]:
    """Leaflet's script and style sheet as text, with nothing in it that the browser would fetch.

    Raises `Unavailable` when the front end was not built.
    """
    folder = Path(str(current_app.static_folder)) / "build" / "report"
    try:
        script = (folder / "leaflet.js").read_text("utf-8")
        style = (folder / "leaflet.css").read_text("utf-8")
    except OSError:
        raise Unavailable(
            _("Het rapport kan nog niet: de voorkant is niet gebouwd. Draai eerst make run.")
        ) from None
    script = re.sub(r"//# sourceMappingURL=\S+", "", script).replace("</script", "<\\/script")
    return script, re.sub(r"url\([^)]*\)", "none", style)


def plain(text: str) -> str:
    """Somebody's words, safe as HTML and inside folium's template strings (backticks, `${`, backslashes)."""
    safe = escape(text, quote=True)
    for character in "`$\\{}":
        safe = safe.replace(character, f"&#{ord(character)};")
    return safe


def map_parts(
    present: Iterable[tuple[str, BaseGeometry]],
    layers: Sequence[Layer],
    area: BaseGeometry,
    *,
    present_name: str,
) -> MapParts:
    """A map of what exists (kind and geometry) with the area's edge and one layer for each design."""
    import folium

    west, south, east, north = area.bounds
    figure = folium.Figure()
    drawn = folium.Map(
        tiles=None,
        attribution_control=False,
        prefer_canvas=False,
        max_zoom=22,
        zoom_snap=0.25,
        height="100%",
    )
    # The report carries Leaflet itself and needs nothing else of what folium would link to.
    drawn.default_js, drawn.default_css = [], []
    figure.add_child(drawn)
    drawn.fit_bounds([[south, west], [north, east]], padding=(12, 12))
    now = folium.FeatureGroup(name=plain(present_name))
    now.add_to(drawn)
    _add_present(now, present)
    edge = {"color": TILE, "weight": 2.5, "dashArray": "9 6", "fill": False, "interactive": False}
    folium.GeoJson(to_geojson(area), style_function=lambda feature: edge, control=False).add_to(drawn)
    for layer in layers:
        group = folium.FeatureGroup(name=plain(layer.name), show=layer.shown)
        group.add_to(drawn)
        _add_layer(group, layer)
    folium.LayerControl(collapsed=False).add_to(drawn)
    figure.render()
    scale = f"L.control.scale({{imperial: false}}).addTo({drawn.get_name()});"
    # folium forbids zooming in on a phone; who needs larger text must be able to.
    head = re.sub(r'(?s)<meta name="viewport".*?>', "", figure.header.render())
    return MapParts(head, figure.html.render(), figure.script.render() + scale)


def _add_present(group: folium.FeatureGroup, present: Iterable[tuple[str, BaseGeometry]]) -> None:
    """Surfaces and buildings in drawing order, then trees and furniture as dots of their real size."""
    import folium

    by_kind: dict[str, list[BaseGeometry]] = {}
    for kind, geometry in present:
        by_kind.setdefault(kind, []).append(geometry)
    for kind, (fill, line) in SURFACES.items():
        flat = [g for g in by_kind.get(kind, []) if shapely.get_dimensions(g) > 0]
        if flat:
            style = _surface_style(kind, fill, line)
            folium.GeoJson(
                _collection(flat), style_function=lambda feature, s=style: s, smooth_factor=0
            ).add_to(group)
    dots = [
        kind for kind in by_kind if kind != "tree" and kind not in ("entrance", "street_axis", "building")
    ]
    for kind in [*dots, "tree"]:
        points = [g for g in by_kind.get(kind, []) if shapely.get_dimensions(g) == 0]
        if points:
            marker = folium.Circle(**_circle(POINT_STYLES.get(kind, FURNITURE)))
            folium.GeoJson(_collection(points), marker=marker).add_to(group)


def _circle(style: dict[str, Any]) -> dict[str, Any]:
    return {
        "radius": style["radius"],
        "color": style["color"],
        "fill_color": style["fillColor"],
        "fill": True,
        "weight": style["weight"],
        "fill_opacity": style["fillOpacity"],
        "interactive": False,
    }


def _surface_style(kind: str, fill: str, line: str) -> dict[str, Any]:
    return {
        "fill": fill != "none",
        "fillColor": fill if fill != "none" else GROUND,
        "fillOpacity": 1,
        "color": line if line != "none" else fill,
        "weight": 1.5 if kind in ("barrier", "hedge") else 0.8,
        "interactive": False,
    }


def _collection(geometries: Iterable[BaseGeometry]) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {}, "geometry": to_geojson(geometry)} for geometry in geometries
    ]
    return {"type": "FeatureCollection", "features": features}


def _add_layer(group: folium.FeatureGroup, layer: Layer) -> None:
    import folium

    for mark in layer.marks:
        colour = CHALK.get(mark.look, CHALK["paving"])
        style = {"color": colour, "weight": 2.5, "dashArray": "7 4", "fillColor": colour, "fillOpacity": 0.3}
        at = _middle(mark.geometry)
        if shapely.get_dimensions(mark.geometry) > 0:
            folium.GeoJson(
                to_geojson(mark.geometry), style_function=lambda feature, s=style: s, smooth_factor=0
            ).add_to(group)
        elif mark.radius_m:
            options: dict[str, Any] = {
                "color": colour,
                "weight": 2,
                "dash_array": "6 4",
                "fill": True,
                "fill_opacity": 0.3,
            }
            folium.Circle([at.y, at.x], radius=mark.radius_m, interactive=False, **options).add_to(group)
        folium.Marker(
            [at.y, at.x],
            icon=folium.DivIcon(
                html=_tile(mark), icon_size=(26, 26), icon_anchor=(13, 13), class_name="tile"
            ),
            tooltip=folium.Tooltip(plain(mark.says)),
        ).add_to(group)


def _middle(geometry: BaseGeometry) -> shapely.Point:
    if isinstance(geometry, shapely.LineString):
        return geometry.interpolate(0.5, normalized=True)
    return geometry.representative_point()


def _tile(mark: Mark) -> str:
    """The icon, our own drawing, and its words for who does not see it."""
    look = mark.look if mark.look in ("remove", "keep") else "add"
    return (
        f'<span class="tile-{look}"><svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">'
        f"{symbols().get(mark.icon, '')}</svg><b>{plain(mark.says)}</b></span>"
    )
