"""A cross-section as a picture (SVG): what is there as stone, what a design draws as chalk. Pure.

Widths and heights have the same scale. The picture also stands alone, in a print or a file, so colours are
attributes with the values of `frontend/styles/tokens.css`; classes let a page give more contrast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from app.designs.section_shapes import CAR_FRONT, CAR_SIDE, CYCLIST, PERSON, Pen, height_of, shape_of
from app.maps.drawing import CHALK, SURFACES
from geodata.section import Band, Element, Facade, Section

# Too narrow, as a verdict "kan, mits" is shown.
NARROW = "#8a5300"
INK, MUTED, JOINT, FIGURE, CAR = "#17292e", "#485a60", "#8b8a83", "#56636a", "#aeb3bd"
WALL, WALL_LINE, GLASS = "#dcd7cd", "#bfb8aa", "#ffffff"
CROWN, CROWN_LINE, METAL, BODY = "#b3cb9d", "#7f9c69", "#56636a", "#e9ecea"
UNKNOWN_GROUND = "none"
FONT = "Atkinson Hyperlegible Next, Verdana, sans-serif"
GROUNDS = {**{kind: fill for kind, (fill, _line) in SURFACES.items()}, "barrier": "#c9c5bb"}

GROUND_PX, LABELS_PX, ROW_PX = 13.0, 46.0, 17.0
# What somebody walks on, drives on and sits on lies this much lower than the pavement.
LOWER_PX = {"carriageway": 4.0, "parking": 4.0, "cycle_path": 2.0, "rail": 4.0, "water": 8.0}
VALUE_PX, NAME_PX = 14.0, 12.5
BAR_M = 5
# Mean width of a letter as a part of its size; figures of the heavy weight are wider.
LETTER, FIGURE_LETTER = 0.54, 0.6

Look = Literal["green", "water", "paving"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Room for a picture in pixels: width, the wall at either end, and the sky above the ground.

    `low_m` to `high_m`: the sky is at least and at most so many metres high; what is higher is cut off.
    `rows` may hold figures for which their band is too narrow; `bar` adds a scale bar, for paper.
    """

    width: float
    wall: float
    sky: float
    low_m: float
    high_m: float
    rows: int = 2
    bar: bool = False


LAYOUTS = {
    "strip": Layout(760, 44, 132, 4.2, 5.5),
    "narrow": Layout(358, 20, 150, 4.5, 6.5),
    "figure": Layout(700, 48, 190, 5, 9, rows=3),
    "page": Layout(960, 64, 250, 6, 12, rows=3, bar=True),
}


@dataclass(frozen=True, slots=True)
class Label:
    """The words under one band; `short` is the width without its unit, where there is little room.

    `narrow`: too narrow for what it is for; `needed` says how wide it should be, or nothing where another
    band says it.
    """

    name: str
    width: str
    short: str
    narrow: bool = False
    needed: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """All words of one picture. `ends`: what is at the left and right end."""

    title: str
    description: str
    labels: Sequence[Label]
    ends: tuple[str, str]


class _Picture:
    """Where metres are in pixels, and what was drawn so far."""

    def __init__(self, section: Section, layout: Layout, looks: Mapping[str, Look]) -> None:
        self.section, self.layout, self.looks = section, layout, looks
        length = section.span.length_m
        tallest = max((height_of(element) for element in section.elements), default=0.0)
        self.sky_m = min(max(tallest + 0.3, layout.low_m), layout.high_m)
        self.scale = min((layout.width - 2 * layout.wall) / length, layout.sky / self.sky_m)
        self.width = length * self.scale + 2 * layout.wall
        self.top = 4.0
        self.ground = self.top + self.sky_m * self.scale
        self.parts: list[str] = []

    def x(self, metres: float) -> float:
        """Pixels from the left of the picture."""
        return self.layout.wall + metres * self.scale

    def px(self, pixels: float) -> str:
        """A pen width for inside a group that is scaled to metres."""
        return f"{pixels / self.scale:.3g}"

    def look(self, element: str, kind: str) -> str:
        """The chalk colour of something drawn."""
        natural: Look = "green" if kind in ("tree", "green", "hedge", "planter") else "paving"
        return CHALK[self.looks.get(element, natural)]

    def add(self, svg: str) -> None:
        """Draw on top of what is there."""
        self.parts.append(svg)


def draw(
    section: Section, wording: Wording, *, layout: str, uid: str, looks: Mapping[str, Look] | None = None
) -> str:
    """The cross-section as SVG. `layout` is a key of `LAYOUTS`; `uid` makes the ids in it unique in a page.

    `looks` gives the chalk colour of catalogue elements; what it does not name is drawn as paving.
    """
    picture = _Picture(section, LAYOUTS[layout], looks or {})
    picture.add(f'<g clip-path="url(#{uid}-sky)">')
    _walls(picture)
    _elements(picture, behind=True)
    _scale_figures(picture)
    _elements(picture, behind=False)
    picture.add("</g>")
    _grounds(picture)
    _below(picture)
    height = _labels(picture, wording)
    width = picture.width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="section" viewBox="0 0 {width:.1f} {height:.1f}"'
        f' width="{width:.0f}" height="{height:.0f}" fill="none" role="img"'
        f' aria-labelledby="{uid}-t" aria-describedby="{uid}-d"'
        f' font-family="{FONT}"><title id="{uid}-t">{escape(wording.title)}</title>'
        f'<desc id="{uid}-d">{escape(wording.description)}</desc>'
        f'<clipPath id="{uid}-sky"><rect width="{width:.1f}" height="{picture.ground + 20:.1f}"/></clipPath>'
        f"{''.join(picture.parts)}</svg>"
    )


# --- Walls and ground --------------------------------------------------------------------------------------


def _walls(picture: _Picture) -> None:
    left, right = picture.section.span.facades
    _wall(picture, left, 0.0)
    _wall(picture, right, picture.width - picture.layout.wall)


def _wall(picture: _Picture, facade: Facade | None, x: float) -> None:
    """A house, cut off where the sky ends; where its height is not known it goes on, unfinished."""
    if facade is None:
        return
    wall, scale, ground = picture.layout.wall, picture.scale, picture.ground
    high = min(facade.height_m or picture.sky_m, picture.sky_m) * scale
    ends_here = facade.height_m is not None and facade.height_m <= picture.sky_m
    top = ground - high - (0 if ends_here else picture.top + 2)
    height = ground - top + GROUND_PX
    parts = [
        f'<g class="section-wall"><rect x="{x:.1f}" y="{top:.1f}" width="{wall:.1f}" height="{height:.1f}"'
        f' fill="{WALL}" stroke="{WALL_LINE}"/>'
    ]
    floor = 0.9
    while (floor + 1.4) * scale < high:
        y = ground - (floor + 1.4) * scale
        parts.append(
            f'<rect x="{x + wall * 0.3:.1f}" y="{y:.1f}" width="{wall * 0.4:.1f}" height="{1.4 * scale:.1f}"'
            f' fill="{GLASS}" fill-opacity=".6" stroke="{WALL_LINE}"/>'
        )
        floor += 3.0
    picture.add("".join(parts) + "</g>")


def _grounds(picture: _Picture) -> None:
    for band in picture.section.bands:
        _ground(picture, band)
    _open_ends(picture)


def _ground(picture: _Picture, band: Band) -> None:
    x, width = picture.x(band.from_m), band.width_m * picture.scale
    lower = LOWER_PX.get(band.kind, 0.0)
    y = picture.ground + lower
    drawn = band.certainty == "drawn"
    look = picture.look(band.element, band.kind)
    fill = GROUNDS.get(band.kind, UNKNOWN_GROUND)
    picture.add(
        f'<g class="section-ground section-{band.kind}"><rect x="{x:.2f}" y="{y:.1f}" width="{width:.2f}"'
        f' height="{GROUND_PX + 4 - lower:.1f}" fill="{fill}"/>'
    )
    if drawn:
        picture.add(
            f'<rect x="{x:.2f}" y="{y:.1f}" width="{width:.2f}" height="{GROUND_PX + 4 - lower:.1f}"'
            f' fill="{look}" fill-opacity=".2"/>'
        )
    pen = {
        "drawn": f'stroke="{look}" stroke-width="3" stroke-dasharray="6 3"',
        # As on the map: dotted means that the width is an estimate.
        "estimated": f'stroke="{JOINT}" stroke-width="2" stroke-dasharray="2 3"',
        "measured": f'stroke="{JOINT}" stroke-width="1.5"',
    }.get(band.certainty or "", f'stroke="{JOINT}" stroke-width="1" stroke-dasharray="1 5"')
    picture.add(f'<path class="section-top" d="M{x:.2f} {y:.1f}h{width:.2f}" {pen}/></g>')


def _open_ends(picture: _Picture) -> None:
    """Where no façade ends the line, the street goes on outside it."""
    wall, y = picture.layout.wall, picture.ground
    for facade, x in zip(picture.section.span.facades, (0.0, picture.width - wall), strict=True):
        if facade is None:
            picture.add(
                f'<path d="M{x + wall * 0.15:.1f} {y:.1f}h{wall * 0.7:.1f}" stroke="{JOINT}"'
                ' stroke-width="1.5" stroke-dasharray="2 5"/>'
            )


def _below(picture: _Picture) -> None:
    """Cables and pipes where they cross the line: in the ground, at no depth in particular."""
    y = picture.ground + GROUND_PX - 2
    for element in picture.section.elements:
        if element.kind == "cable":
            picture.add(
                f'<circle class="section-cable" cx="{picture.x(element.at_m):.1f}" cy="{y:.1f}" r="4"'
                f' fill="#ffffff" stroke="{INK}" stroke-width="1.6"/>'
            )


# --- What stands there -------------------------------------------------------------------------------------


def _elements(picture: _Picture, *, behind: bool) -> None:
    """Trees and lamps stand behind the people, all else before them."""
    for element in picture.section.elements:
        if element.kind != "cable" and (element.kind in ("tree", "lamp")) is behind:
            _element(picture, element)
    if not behind:
        for band in picture.section.bands:
            if band.kind == "hedge":
                middle = (band.from_m + band.to_m) / 2
                certainty = band.certainty or "measured"
                hedge = Element("hedge", middle, band.from_m, band.to_m, 0.0, certainty, band.element)
                _element(picture, hedge)


def _element(picture: _Picture, element: Element) -> None:
    drawn = element.certainty == "drawn"
    look = picture.look(element.element, element.kind)
    leafy = element.kind in ("tree", "hedge")
    outline = f'stroke-width="{picture.px(2 if drawn else 1.4)}"'
    dash = f"{picture.px(5)} {picture.px(2.5)}" if drawn else ""
    if drawn:
        outline += f' stroke-dasharray="{dash}" fill-opacity=".28"'
    pen = Pen(
        look if drawn else CROWN if leafy else BODY,
        look if drawn else CROWN_LINE if leafy else METAL,
        outline,
        picture.px(2),
        dash,
    )
    y = picture.ground + _depth_at(picture, element.at_m)
    # Inside the group one unit is one metre and up is minus.
    group = (
        f'<g class="section-{element.kind}{" section-drawn" if drawn else ""}"'
        f' transform="translate({picture.x(element.at_m):.1f} {y:.1f}) scale({_facing(picture, element)})"'
        ' stroke-linecap="round" stroke-linejoin="round">'
    )
    picture.add(group + shape_of(element, pen) + "</g>")


def _facing(picture: _Picture, element: Element) -> str:
    """The scale of a drawing; a lamp hangs over the carriageway."""
    road = _widest(picture.section.bands, "carriageway")
    if element.kind == "lamp" and road is not None and (road.from_m + road.to_m) / 2 < element.at_m:
        return f"{-picture.scale:.3f} {picture.scale:.3f}"
    return f"{picture.scale:.3f}"


def _depth_at(picture: _Picture, metres: float) -> float:
    for band in picture.section.bands:
        if band.from_m <= metres <= band.to_m:
            return LOWER_PX.get(band.kind, 0.0) if band.kind != "water" else 0.0
    return 0.0


# --- For the scale -----------------------------------------------------------------------------------------

FIGURE_M, CAR_M, CAR_LONG_M = 0.7, 1.6, 4.3


def _widest(bands: Sequence[Band], *kinds: str) -> Band | None:
    return max((band for band in bands if band.kind in kinds), key=lambda band: band.width_m, default=None)


def _scale_figures(picture: _Picture) -> None:
    """Somebody on the widest pavement, a bicycle, and a car in each bay; to see how wide things are."""
    bands = picture.section.bands
    walk = _widest(bands, "pavement", "square")
    ride = _widest(bands, "cycle_path") or _widest(bands, "carriageway")
    if walk is not None:
        _figure(picture, walk, FIGURE_M, PERSON, FIGURE)
    if ride is not None:
        _figure(picture, ride, FIGURE_M, CYCLIST, FIGURE)
    for band in bands:
        if band.kind == "parking" and band.width_m >= CAR_LONG_M:
            _figure(picture, band, CAR_LONG_M, CAR_SIDE, CAR)
        elif band.kind == "parking" and band.width_m >= CAR_M:
            _figure(picture, band, CAR_M, CAR_FRONT, CAR)


def _figure(picture: _Picture, band: Band, wide: float, shape: str, fill: str) -> None:
    """A figure in a band where nothing stands in its way; none where it does not fit."""
    if band.width_m < wide:
        return
    half = wide / 2
    for part in (0.5, 0.3, 0.7, 0.15, 0.85):
        at = band.from_m + half + (band.width_m - wide) * part
        free = all(
            element.to_m + 0.1 < at - half or element.from_m - 0.1 > at + half
            for element in picture.section.elements
            if element.kind not in ("rail", "cable")
        )
        if free:
            y = picture.ground + LOWER_PX.get(band.kind, 0.0)
            picture.add(
                f'<g class="section-figure" transform="translate({picture.x(at):.1f} {y:.1f})'
                f' scale({picture.scale:.3f})" fill="{fill}" stroke="{fill}" stroke-width="0">{shape}</g>'
            )
            return


# --- Words under the bands ---------------------------------------------------------------------------------


def _labels(picture: _Picture, wording: Wording) -> float:
    """Widths and names below the ground; answers the height of the whole picture.

    A band too narrow for its words gets them one row lower, with a line to them, where there is room.
    """
    top = picture.ground + GROUND_PX + 10
    rows = _Rows(picture, top)
    for band, label in zip(picture.section.bands, wording.labels, strict=True):
        x, width = picture.x(band.from_m), band.width_m * picture.scale
        middle = x + width / 2
        _measure(picture, x, width, top, narrow=label.narrow)
        words = label.width if _wide(label.width) <= width - 2 else label.short
        told = f"{label.name} ({label.needed})"
        if _wide(words) > width + 2:
            rows.add(middle, f"{words} ({label.needed})" if label.needed else words, narrow=label.narrow)
            continue
        picture.add(_text(middle, top + 18, VALUE_PX, words, bold=True, narrow=label.narrow))
        if label.needed and _name_wide(told) <= width + 2:
            picture.add(_text(middle, top + 32, NAME_PX, told, narrow=True))
            continue
        if _name_wide(label.name) <= width + 2:
            picture.add(_text(middle, top + 32, NAME_PX, label.name))
        if label.needed:
            rows.add(middle, label.needed, narrow=True, start=top + 36)
    _ends(picture, wording.ends, top + 18)
    # Below the last row there is room for the tail of a letter.
    height = top + LABELS_PX - 10 + rows.used * ROW_PX + (3 if rows.used else 0)
    return height + _bar(picture, height) if picture.layout.bar else height


class _Rows:
    """Rows below the names, for words that do not fit under their band."""

    def __init__(self, picture: _Picture, top: float) -> None:
        self.picture, self.top = picture, top
        self.taken: list[float] = [-1e9] * picture.layout.rows
        self.used = 0

    def add(self, middle: float, words: str, *, narrow: bool, start: float | None = None) -> None:
        """Words with a line to them from `start`; nothing where all rows are full there."""
        wide = _wide(words)
        at = min(max(middle, wide / 2), self.picture.width - wide / 2)
        row = next((n for n, end in enumerate(self.taken) if at - wide / 2 > end + 6), None)
        if row is None:
            return
        self.taken[row] = at + wide / 2
        self.used = max(self.used, row + 1)
        y = self.top + 34 + ROW_PX * (row + 1)
        pen = NARROW if narrow else MUTED
        self.picture.add(
            f'<path d="M{middle:.1f} {start or self.top + 5:.1f}V{y - VALUE_PX:.1f}" stroke="{pen}"'
            ' stroke-width="1"/>'
        )
        self.picture.add(_text(at, y, VALUE_PX, words, bold=True, narrow=narrow))


def _bar(picture: _Picture, y: float) -> float:
    """A scale bar; answers the height it takes."""
    length = BAR_M if picture.section.span.length_m >= BAR_M else 1
    x, long = picture.layout.wall, length * picture.scale
    picture.add(
        f'<path d="M{x:.1f} {y + 6:.1f}v5h{long:.1f}v-5" stroke="{INK}" stroke-width="1.5"/>'
        + _text(x + long + 6, y + 12, NAME_PX, f"{length} m", anchor="start")
    )
    return 18.0


def _wide(figure: str) -> float:
    return len(figure) * VALUE_PX * FIGURE_LETTER


def _name_wide(name: str) -> float:
    return len(name) * NAME_PX * LETTER


def _measure(picture: _Picture, x: float, width: float, y: float, *, narrow: bool) -> None:
    inset = min(1.5, width / 4)
    start, long = x + inset, width - 2 * inset
    css, pen, thick = ("section-needed", NARROW, 2.4) if narrow else ("section-measure", MUTED, 1.2)
    picture.add(
        f'<path class="{css}" d="M{start:.2f} {y:.1f}h{long:.2f}M{start:.2f} {y - 4:.1f}v8'
        f'M{start + long:.2f} {y - 4:.1f}v8" stroke="{pen}" stroke-width="{thick:g}"/>'
    )


def _text(
    x: float,
    y: float,
    size: float,
    words: str,
    *,
    bold: bool = False,
    narrow: bool = False,
    anchor: str = "middle",
) -> str:
    weight = ' font-weight="700"' if bold else ""
    css = ' class="section-needed"' if narrow else ""
    colour = NARROW if narrow else INK if bold else MUTED
    return (
        f'<text{css} x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}"{weight}'
        f' fill="{colour}">{escape(words)}</text>'
    )


def _ends(picture: _Picture, ends: tuple[str, str], y: float) -> None:
    """The point of the compass at either end, where the wall is wide enough for it."""
    for words, x, anchor in ((ends[0], 2.0, "start"), (ends[1], picture.width - 2, "end")):
        if _name_wide(words) <= picture.layout.wall:
            picture.add(_text(x, y, NAME_PX, words, anchor=anchor))
