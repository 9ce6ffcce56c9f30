"""The coordinate reference systems that answers and bounding boxes may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crs:
    """One system: its OGC name, EPSG number, decimals to print, and whether latitude comes first.

    `limits` (west, south, east, north, in the system's own x/y order) bounds what a bounding box is clamped
    to before PROJ sees it; beyond them a projection only yields infinities.
    """

    uri: str
    srid: int
    decimals: int
    limits: tuple[float, float, float, float]
    latitude_first: bool = False


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, 8, (-180, -90, 180, 90))
EPSG_4326 = Crs(
    "http://www.opengis.net/def/crs/EPSG/0/4326", 4326, 8, (-180, -90, 180, 90), latitude_first=True
)
RD = Crs(
    "http://www.opengis.net/def/crs/EPSG/0/28992", 28992, 3, (-2_000_000, -2_000_000, 2_000_000, 2_000_000)
)
MERCATOR = Crs(
    "http://www.opengis.net/def/crs/EPSG/0/3857", 3857, 3, (-20037508.3, -20037508.3, 20037508.3, 20037508.3)
)

SUPPORTED = (CRS84, EPSG_4326, RD, MERCATOR)

_ALIASES = {
    **{crs.uri: crs for crs in SUPPORTED},
    **{crs.uri.replace("http:", "https:"): crs for crs in SUPPORTED},
    "CRS84": CRS84,
    "OGC:CRS84": CRS84,
    "[OGC:CRS84]": CRS84,
    "urn:ogc:def:crs:OGC:1.3:CRS84": CRS84,
}
for _crs in (EPSG_4326, RD, MERCATOR):
    for _name in (
        f"EPSG:{_crs.srid}",
        f"[EPSG:{_crs.srid}]",
        f"urn:ogc:def:crs:EPSG::{_crs.srid}",
        str(_crs.srid),
    ):
        _ALIASES[_name] = _crs


def find(name: str) -> Crs | None:
    """The system with this URI, URN, CURIE or number; None when it is not one of ours."""
    return _ALIASES.get(name)
