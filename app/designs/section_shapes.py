"""What stands in a street, seen from the side: small drawings in metres, feet at 0, up is minus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geodata.growth import UNKNOWN_TREE
from geodata.section import Element

TRUNK = "#6d4f35"
# Sizes in metres where the map does not tell them. Only for the drawing; no figure rests on them.
USUAL_HEIGHTS = {
    "lamp": 4.5,
    "bench": 0.8,
    "bike_stand": 0.8,
    "planter": 0.7,
    "bollard": 0.9,
    "container": 1.2,
    "charger": 1.4,
    "play": 2.0,
    "bus_stop": 2.6,
    "hydrant": 0.7,
    "hedge": 1.0,
    "barrier": 1.0,
    "rail": 0.1,
}
USUAL_WIDTHS = {"bench": 0.6, "bike_stand": 0.7, "planter": 0.9, "container": 0.9, "play": 1.5, "hedge": 0.5}

PERSON = (
    '<circle cy="-1.62" r=".13"/><path d="M-.22-1.4q.22-.14.44 0l-.06.62h-.32z"/>'
    '<path d="M-.1-.8L-.12-.04M.1-.8L.12-.04M-.21-1.36l-.1.5M.21-1.36l.1.5" stroke-width=".11"'
    ' stroke-linecap="round" fill="none"/>'
)
CYCLIST = (
    '<circle cy="-1.66" r=".13"/><path d="M-.22-1.42q.22-.14.44 0l-.07.5h-.3z"/>'
    '<path d="M-.16-.95v.35M.16-.95v.35" stroke-width=".11" stroke-linecap="round" fill="none"/>'
    '<path d="M-.32-1H.32M-.2-1.38l-.1.36M.2-1.38l.1.36" stroke-width=".08" stroke-linecap="round"'
    ' fill="none"/><path d="M0-.7V0" stroke-width=".1" stroke-linecap="round"/>'
)
CAR_FRONT = (
    '<path d="M-.86-.2v-.55q0-.16.16-.2l.2-.48q.06-.12.2-.12h.6q.14 0 .2.12l.2.48q.16.04.16.2v.55z"/>'
    '<path d="M-.82-.2h.26V0h-.26zM.56-.2h.26V0h-.26z" fill="#5a6068"/>'
    '<path d="M-.46-1l.12-.32h.68l.12.32z" fill="#eef1f4"/>'
)
CAR_SIDE = (
    '<path d="M-2.1-.25v-.4q0-.25.3-.3l.6-.1.7-.4q.2-.1.5-.1h.7q.3 0 .5.15l.6.4.5.1q.3.05.3.3v.35z"/>'
    '<path d="M-.95-1.02l.5-.3h1.2l.45.3z" fill="#eef1f4"/>'
    '<circle cx="-1.3" cy="-.3" r=".3" fill="#5a6068"/><circle cx="1.3" cy="-.3" r=".3" fill="#5a6068"/>'
)


@dataclass(frozen=True, slots=True)
class Pen:
    """Colours, the attributes of an outline around a filled shape, the width of a bar (m), its dashes."""

    fill: str
    line: str
    outline: str
    bar: str
    dash: str = ""

    def body(self, path: str, name: str = "") -> str:
        """A filled shape with an outline; dashed where it is only drawn."""
        named = f' class="{name}"' if name else ""
        return f'<path{named} d="{path}" fill="{self.fill}" stroke="{self.line}" {self.outline}/>'

    def bars(self, path: str, width: str = "") -> str:
        """Lines of metal or wood."""
        dashes = f' stroke-dasharray="{self.dash}" stroke-linecap="butt"' if self.dash else ""
        return f'<path d="{path}" stroke="{self.line}" stroke-width="{width or self.bar}"{dashes}/>'

    def block(self, path: str) -> str:
        """A solid shape."""
        return f'<path d="{path}" fill="{self.line}"/>'


def height_of(element: Element) -> float:
    """How high an element is drawn, in metres: as told, else as usual for its kind."""
    if element.height_m is not None:
        return element.height_m
    return UNKNOWN_TREE.height_m if element.kind == "tree" else USUAL_HEIGHTS.get(element.kind, 1.0)


def crown_of(element: Element) -> float:
    """How wide a tree's crown is drawn, in metres."""
    return element.crown_m if element.crown_m is not None else 2 * UNKNOWN_TREE.crown_radius_m


def shape_of(element: Element, pen: Pen) -> str:
    """An element as SVG paths, its middle at 0."""
    if element.kind == "tree":
        return _tree(height_of(element), crown_of(element), pen)
    wide = max(element.to_m - element.from_m, USUAL_WIDTHS.get(element.kind, 0.3))
    return _SHAPES.get(element.kind, _box)(wide, height_of(element), pen)


# A crown that fits in a box from -1 to 1: corner points of cubic curves.
_CROWN = (
    (0.0, 1.0),
    *((-0.62, 1.0), (-1.04, 0.7), (-0.93, 0.22)),
    *((-1.1, -0.3), (-0.75, -0.78), (-0.4, -0.72)),
    *((-0.25, -1.08), (0.3, -1.1), (0.42, -0.74)),
    *((0.8, -0.8), (1.1, -0.3), (0.93, 0.2)),
    *((1.04, 0.7), (0.62, 1.0), (0.0, 1.0)),
)


def _tree(high: float, crown: float, pen: Pen) -> str:
    tall = high * 0.62
    middle = -(high - tall / 2)
    points = [f"{x * crown / 2:.2f} {middle + y * tall / 2:.2f}" for x, y in _CROWN]
    curve = f"M{points[0]}C{' '.join(points[1:])}z"
    stem = f'<path d="M0 0V{middle:.2f}" stroke="{TRUNK}" stroke-width="{max(0.12, high * 0.02):.2f}"/>'
    return stem + pen.body(curve, "section-crown")


def _box(wide: float, high: float, pen: Pen) -> str:
    return pen.body(f"M{-wide / 2:.2f} 0V{-high:.2f}h{wide:.2f}V0z")


def _lamp(_wide: float, high: float, pen: Pen) -> str:
    return pen.bars(f"M0 0V{-high:.2f}h.5") + pen.block(f"M.3 {-high:.2f}h.5v.16h-.5z")


def _bench(wide: float, _high: float, pen: Pen) -> str:
    half = wide / 2
    legs = f"M{-half + 0.06:.2f} 0v-.45M{half - 0.06:.2f} 0v-.45"
    return pen.bars(f"M{-half:.2f} -.45H{half:.2f}{legs}M{-half:.2f} -.45v-.4")


def _stand(wide: float, high: float, pen: Pen) -> str:
    return pen.bars(f"M{-wide / 2:.2f} 0v{0.2 - high:.2f}q0-.2.2-.2h{max(wide - 0.4, 0.01):.2f}q.2 0 .2.2V0")


def _hedge(wide: float, high: float, pen: Pen) -> str:
    across = max(wide - 0.3, 0.01)
    return pen.body(f"M{-wide / 2:.2f} 0v{0.15 - high:.2f}q0-.15.15-.15h{across:.2f}q.15 0 .15.15V0z")


def _planter(wide: float, high: float, pen: Pen) -> str:
    half, rim = wide / 2, high * 0.7
    leaves = pen.body(f"M{-half:.2f} {-rim:.2f}q{half:.2f} {-high:.2f} {wide:.2f} 0z")
    return pen.body(f"M{-half:.2f} {-rim:.2f}h{wide:.2f}l-.08 {rim:.2f}H{-half + 0.08:.2f}z") + leaves


def _fence(_wide: float, high: float, pen: Pen) -> str:
    return pen.bars(f"M0 0V{-high:.2f}")


def _rail(_wide: float, _high: float, pen: Pen) -> str:
    return pen.bars("M-.07 0h.14M0 0v-.1M-.05-.1h.1")


def _bus_stop(_wide: float, high: float, pen: Pen) -> str:
    return pen.bars(f"M0 0V{-high:.2f}") + pen.block(f"M-.25 {-high:.2f}h.5v.5h-.5z")


def _post(_wide: float, high: float, pen: Pen) -> str:
    return pen.bars(f"M0 0V{-high:.2f}", ".14")


def _play(wide: float, high: float, pen: Pen) -> str:
    half = wide / 2
    return pen.bars(f"M{-half:.2f} 0L0 {-high:.2f}L{half:.2f} 0M0 {-high:.2f}V-.5M-.2-.5h.4")


_SHAPES: dict[str, Callable[[float, float, Pen], str]] = {
    "lamp": _lamp,
    "bench": _bench,
    "bike_stand": _stand,
    "hedge": _hedge,
    "planter": _planter,
    "barrier": _fence,
    "rail": _rail,
    "bus_stop": _bus_stop,
    "bollard": _post,
    "hydrant": _post,
    "play": _play,
}
