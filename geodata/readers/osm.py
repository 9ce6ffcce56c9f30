"""OpenStreetMap extracts (PBF), read with osmium.

Extracts are clipped: ways miss points and areas miss parts. Those are left out and counted, never guessed.
What is drawn in OSM counts as `measured`; surfaces that follow from centre lines and tags are derived by
`geodata.corridor` and count as `estimated`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import osmium
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.corridor import Axis, derive
from geodata.crs import WGS84, metric_srid, reproject
from geodata.errors import UnreadableSource
from geodata.heights import STOREY_M
from geodata.model import Place, Progress, ReadResult, Value
from geodata.osm_kinds import (
    AXES,
    CYCLEWAYS,
    FOOTWAYS,
    NOT_A_STREET,
    area_kind,
    hidden,
    line_kind,
    metres,
    spot_kind,
)
from geodata.readers.collect import Collector

SOURCE = "osm"
ATTRIBUTION = "© OpenStreetMap contributors (ODbL)"

_AREA_KEYS = (
    "building",
    "highway",
    "landuse",
    "leisure",
    "natural",
    "amenity",
    "place",
    "waterway",
    "man_made",
    "addr:housenumber",
)


def read(path: Path, *, boundary: BaseGeometry | None = None, progress: Progress | None = None) -> ReadResult:
    """Read a PBF file that passed the gate. Raises UnreadableSource when osmium cannot read it after all."""
    result = ReadResult(SOURCE, ATTRIBUTION, "OSM PBF")
    reader = _Osm(Collector(result, boundary))
    try:
        _walk(path, reader, progress)
    except (RuntimeError, OSError, UnicodeDecodeError, osmium.InvalidLocationError) as error:
        raise UnreadableSource("damaged", file=path.name, detail=str(error)) from error
    reader.finish(progress)
    if not result.objects and not result.skipped:
        raise UnreadableSource("no_objects", file=path.name)
    return result


def _walk(path: Path, reader: _Osm, progress: Progress | None) -> None:
    file = osmium.io.File(str(path), "pbf")
    objects = osmium.FileProcessor(file).with_areas(osmium.filter.KeyFilter(*_AREA_KEYS))
    objects = objects.with_filter(osmium.filter.EmptyTagFilter())
    item: Any
    for done, item in enumerate(objects, 1):
        if item.is_node():
            reader.node(item)
        elif item.is_way():
            reader.way(item)
        elif item.is_relation():
            reader.relation(item)
        elif item.is_area():
            reader.area(item)
        if progress and done % 2000 == 0:
            progress("osm", done, None)


class _Osm:
    """Turns OSM's nodes, ways and areas into street objects, street axes and places."""

    def __init__(self, collect: Collector) -> None:
        self.collect = collect
        self.counts = collect.result.counts
        self.factory = osmium.geom.WKBFactory()
        self.axes: list[Axis] = []
        self.streets: dict[str, list[tuple[bool, BaseGeometry]]] = {}
        # Outlines that osmium still has to assemble: what to count them as, and why they were left out if it
        # never does.
        self.awaited: dict[str, tuple[str, str]] = {}

    def node(self, node: Any) -> None:
        tags = dict(node.tags)
        point = shapely.Point(node.location.lon, node.location.lat)
        source_id = f"node/{node.id}"
        if "addr:housenumber" in tags:
            self._address(source_id, tags, point)
        kind = spot_kind(tags)
        if kind:
            self._count_and_add(kind, source_id, point, tags)
        if tags.get("building", "no") != "no":
            self.counts["building"] += 1
            self.collect.skip("no_outline")

    def way(self, way: Any) -> None:
        tags = dict(way.tags)
        closed = bool(way.is_closed())
        area = area_kind(tags) if closed else None
        line = None if area else line_kind(tags)
        spot = None if closed else spot_kind(tags)
        street = "highway" in tags and tags["highway"] != "street_lamp"
        address = "addr:housenumber" in tags
        self.counts["highway"] += street
        if not (street or area or line or spot or address):
            return
        if not all(node.location.valid() for node in way.nodes):
            self._cut_off(way, tags, area or line or spot, street)
            return
        if closed and (area or address):
            layer = "highway" if street else area or "address"
            self.awaited[f"way/{way.id}"] = (layer, "invalid_geometry")
        if area:
            self._named(tags, self._line(way))
        else:
            self._line_way(way, tags, line, spot, closed)

    def _line_way(
        self, way: Any, tags: dict[str, str], line: str | None, spot: str | None, closed: bool
    ) -> None:
        geometry = self._line(way)
        if geometry is None:
            self.collect.skip("invalid_geometry")
            return
        source_id = f"way/{way.id}"
        middle = geometry.interpolate(0.5, normalized=True)
        if "addr:housenumber" in tags and not closed:
            self._address(source_id, tags, middle)
        if "highway" in tags:
            self._street(way, tags, geometry)
        elif line:
            self._count_and_add(line, source_id, geometry, tags)
        elif spot:
            self._count_and_add(spot, source_id, middle, tags)

    def _cut_off(self, way: Any, tags: Mapping[str, str], kind: str | None, street: bool) -> None:
        """A way of which points are missing: not drawn, but its name is still worth finding."""
        self.collect.skip("missing_nodes")
        if kind and not street:
            self.counts[kind] += 1
        if "addr:housenumber" in tags:
            self.counts["address"] += 1
        points = [(node.location.lon, node.location.lat) for node in way.nodes if node.location.valid()]
        if street and points:
            self._named(tags, shapely.LineString(points) if len(points) > 1 else shapely.Point(points))

    def _line(self, way: Any) -> shapely.LineString | None:
        points = [(node.lon, node.lat) for node in way.nodes]
        return shapely.LineString(points) if len(points) > 1 and len(set(points)) > 1 else None

    def _street(self, way: Any, tags: dict[str, str], line: shapely.LineString) -> None:
        highway = tags["highway"]
        self._named(tags, line)
        if hidden(tags):
            self.collect.skip("underground")
        elif highway in NOT_A_STREET or highway not in AXES | FOOTWAYS | CYCLEWAYS:
            self.collect.skip("no_kind")
        elif "crossing" in (tags.get("footway"), tags.get("cycleway"), tags.get("path")):
            self.collect.skip("crossing_line")
        elif not self.collect.within(line):
            self.collect.skip("outside")
        else:
            nodes = tuple(node.ref for node in way.nodes)
            self.axes.append(Axis(way.id, highway, tags, line, nodes))

    def _named(self, tags: Mapping[str, str], line: BaseGeometry | None) -> None:
        if line is not None and tags.get("name") and "highway" in tags:
            self.streets.setdefault(tags["name"], []).append((tags["highway"] in AXES, line))

    def relation(self, relation: Any) -> None:
        tags = dict(relation.tags)
        if tags.get("type") == "multipolygon" and (area_kind(tags) or "addr:housenumber" in tags):
            self.awaited[f"relation/{relation.id}"] = (area_kind(tags) or "address", "incomplete_area")

    def area(self, area: Any) -> None:
        tags = dict(area.tags)
        kind = area_kind(tags)
        source_id = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
        if self.awaited.pop(source_id, None) is None:
            return
        try:
            geometry = shapely.from_wkb(self.factory.create_multipolygon(area))
        except RuntimeError:
            self.counts[kind or "address"] += 1
            self.collect.skip("invalid_geometry")
            return
        if "addr:housenumber" in tags:
            self._address(source_id, tags, geometry.representative_point())
        if kind and "highway" in tags and area.from_way() and hidden(tags):
            self.collect.skip("underground")
        elif kind:
            self._count_and_add(
                kind, source_id, geometry, tags, counted="highway" in tags and area.from_way()
            )

    def _count_and_add(
        self,
        kind: str,
        source_id: str,
        geometry: BaseGeometry,
        tags: Mapping[str, str],
        counted: bool = False,
    ) -> None:
        if not counted:
            self.counts[kind] += 1
        if hidden(tags):
            self.collect.skip("underground")
            return
        self.collect.add(kind, source_id, geometry, name=tags.get("name"), attributes=attributes(kind, tags))

    def _address(self, source_id: str, tags: Mapping[str, str], point: BaseGeometry) -> None:
        self.counts["address"] += 1
        street = tags.get("addr:street") or tags.get("addr:place")
        if not street:
            self.collect.skip("no_street")
            return
        number = tags["addr:housenumber"]
        postcode = tags.get("addr:postcode")
        self.collect.place(
            Place(SOURCE, source_id, "address", f"{street} {number}", street, point, number, postcode)
        )

    def finish(self, progress: Progress | None) -> None:
        """Derive surfaces, hand over street names, and account for outlines that never came."""
        for layer, reason in self.awaited.values():
            self.counts[layer] += layer != "highway"
            self.collect.skip(reason)
        for name, lines in sorted(self.streets.items()):
            # The street itself before a footway of the same name.
            _, longest = max(lines, key=lambda item: (item[0], item[1].length))
            middle = longest if longest.geom_type == "Point" else longest.interpolate(0.5, normalized=True)
            self.collect.place(Place(SOURCE, f"street/{name}", "street", name, name, middle))
        if self.axes:
            self._derive(progress)

    def _derive(self, progress: Progress | None) -> None:
        west, south, east, north = shapely.total_bounds([axis.line for axis in self.axes])
        srid = metric_srid(float(west + east) / 2, float(south + north) / 2)
        drawn = [(item.kind, reproject(item.geometry, WGS84, srid)) for item in self.collect.result.objects]
        found = derive([axis.to(srid) for axis in self.axes], drawn, progress)
        for item in found:
            geometry = reproject(item.geometry, srid, WGS84)
            self.collect.add(
                item.kind,
                item.source_id,
                geometry,
                name=item.name,
                attributes=item.attributes,
                certainty=item.certainty,
            )


# --- Attributes
# -----------------------------------------------------------------------------------------------

# Our attribute -> tag, for what residents and rules can use.
_TEXT = {"surface": "surface", "type": "amenity", "species": "species", "access": "access"}


def attributes(kind: str, tags: Mapping[str, str]) -> dict[str, Value]:
    """What is worth keeping of an object's tags."""
    kept: dict[str, Value] = {ours: tags[theirs] for ours, theirs in _TEXT.items() if tags.get(theirs)}
    if kind == "building":
        kept.update(_building(tags))
    height = metres(tags.get("height"))
    if height is not None:
        kept["height_m"] = height
    capacity = tags.get("capacity", "")
    if capacity.isdecimal() and len(capacity) < 6:
        kept["capacity"] = int(capacity)
    if kind == "parking":
        kept.update(_for_disabled(tags.get("capacity:disabled", ""), kept.get("capacity")))
    if tags.get("addr:housenumber"):
        kept["number"] = tags["addr:housenumber"]
    if tags.get("bridge", "no") != "no":
        kept["level"] = 1
    return kept


def _for_disabled(told: str, capacity: Value | None) -> dict[str, Value]:
    """Key:capacity:disabled: how many places are for disabled people; a whole surface of them is `disabled`.

    `yes` says that there are some: at least one.
    """
    if told in ("no", "0"):
        return {"disabled": False, "capacity_disabled": 0}
    places = 1 if told == "yes" else int(told) if told.isdecimal() and len(told) < 6 else 0
    if not places:
        return {}
    whole = isinstance(capacity, int) and places >= capacity
    return {"capacity_disabled": places, **({"disabled": True} if whole else {})}


def _building(tags: Mapping[str, str]) -> dict[str, Value]:
    kept: dict[str, Value] = {"type": tags["building"]} if tags.get("building", "yes") != "yes" else {}
    levels = metres(tags.get("building:levels"))
    if levels is not None and 0 < levels < 200:
        kept["levels"] = levels
        kept["height_m"] = round(levels * STOREY_M, 1)
        kept["height_estimated"] = "height" not in tags
    return kept
