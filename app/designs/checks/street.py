"""The street as the rules see it: what stands and lies where, before and after a design.

All coordinates are metres in the neighbourhood's metric CRS, x east and y north. A `Street` never changes:
`after` gives another one that shares the index of the present situation, so that judging a drawing costs
what the drawing is, not what the street is.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import compress
from typing import Any, Literal

import numpy as np
import shapely
from shapely import STRtree, affinity, box
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clipping import clip, clip_each, joined, without
from geodata.catalogue import Catalogue, ElementKind
from geodata.kinds import SURFACES, UNDRAWN

# Answers that a street remembers: some designs' worth.
MOST_SEEN = 4_000

Certainty = Literal["measured", "estimated", "drawn"]

# What stands up from the ground, so that nobody walks or drives through it.
SOLID = frozenset(
    (
        *(
            "tree",
            "bench",
            "bike_stand",
            "lamp",
            "container",
            "bollard",
            "play",
            "charger",
            "planter",
            "hedge",
        ),
        *("barrier", "structure", "building", "bus_stop", "parklet"),
    )
)
# Diameter or (width, length) in metres of existing things that the map knows as a point only. Assumptions,
# on the small side: a design is not refused for the imagined size of something.
POINT_SIZES: dict[str, float | tuple[float, float]] = {
    "tree": 0.3,
    "lamp": 0.2,
    "bollard": 0.2,
    "bus_stop": 0.1,
    "charger": 0.3,
    "hydrant": 0.2,
    "bench": (0.6, 1.8),
    "bike_stand": (0.6, 1.8),
    "container": 0.8,
    "planter": 1.0,
    "play": 1.5,
}
LINE_WIDTHS = {"hedge": 0.5, "barrier": 0.1, "cable": 0.1}
# What the ground becomes under an element that is not a surface of its own. The others leave it as it is.
LAYS = {"road_narrowing": "pavement", "bus_stop": "pavement", "parking_removal": "carriageway"}
# What is left where a surface is taken away and nothing is put there.
LEFT_AFTER = {"parking": "carriageway", "cycle_path": "carriageway", "driveway": "pavement"}
LEFT_OTHERWISE = "pavement"
LEFT = "-left"
WALKABLE = ("pavement", "square", "driveway")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing in the street, existing or drawn.

    `kind` is the street object kind; for an element that is none on the map (a parklet, a speed hump) the
    element's id. `footprint` is the ground it takes: a polygon, for existing points an assumed small one.
    `change` is the index of the change that puts it there, `object_id` the street object it is or comes from.
    """

    id: str
    kind: str
    geometry: BaseGeometry
    footprint: BaseGeometry
    certainty: Certainty = "measured"
    attributes: Mapping[str, object] = field(default_factory=dict)
    element: ElementKind | None = None
    change: int | None = None
    object_id: int | None = None
    rotation_deg: float = 0
    width_m: float | None = None

    @property
    def is_solid(self) -> bool:
        """Whether it stands in the way; the platform of a drawn bus stop is ground instead."""
        return self.kind in SOLID and not (self.element is not None and self.element.id == "bus_stop")

    @property
    def lays(self) -> str | None:
        """The kind of ground it is or makes, None for what stands on other ground."""
        if self.kind in SURFACES:
            return self.kind
        return LAYS.get(self.element.id) if self.element is not None else None

    @property
    def is_drawn(self) -> bool:
        """Whether a design puts it there."""
        return self.change is not None

    def number(self, attribute: str) -> float | None:
        """A finite positive number among the attributes."""
        value = self.attributes.get(attribute)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if math.isfinite(value) and value > 0 else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change as the rules see it.

    `thing` is what stands there after it (None when something is only taken away), `object` the existing
    thing it concerns. `action` is add, remove, move, replace, keep, or `survey`: an existing thing judged as
    if it were being placed.
    """

    index: int
    action: str
    thing: Thing | None = None
    object: Thing | None = None

    @property
    def places(self) -> bool:
        """Whether something is put down."""
        return self.thing is not None and self.action in ("add", "move", "replace", "survey")

    @property
    def element(self) -> str:
        """The catalogue id of what is put down, "" for none."""
        return self.thing.element.id if self.thing is not None and self.thing.element is not None else ""

    @property
    def kind(self) -> str:
        """The street object kind (or element id) of what is put down, "" for none."""
        return self.thing.kind if self.thing is not None else ""

    @property
    def place(self) -> BaseGeometry:
        """Where it is: the footprint of what stands there after it, else of what goes."""
        concerned = self.thing or self.object
        return concerned.footprint if concerned is not None else Point()


class Street:
    """Things in and around an area, and which kinds of data are known there at all.

    `known` holds street object kinds, and further kinds of data such as `dwelling`, `cable` or
    `speed_limit`: where a kind is not in it, that there is none near by means nothing.
    """

    def __init__(
        self,
        things: Sequence[Thing],
        known: Iterable[str] = (),
        area: BaseGeometry | None = None,
        bay_m2: float = 12.0,
    ) -> None:
        self.present = tuple(things)
        self.known = frozenset(known)
        self.area = area
        # The size of one parking place, to count those of a long strip.
        self.bay_m2 = bay_m2
        # The changes that were made to it.
        self.proposals: tuple[Proposal, ...] = ()
        self.drawn: tuple[Thing, ...] = ()
        self.before: Street | None = None
        self._gone: frozenset[int] = frozenset()
        # What lies near what: the rules ask it of the same footprints again and again. The geometry is kept
        # with the answer, so that its identity stays its own.
        self._seen: dict[tuple[int, float, tuple[str, ...]], tuple[BaseGeometry, list[Thing]]] = {}
        self._indexes: dict[tuple[str, ...], tuple[STRtree, np.ndarray]] = {}
        self._grounds: dict[tuple[str, ...], BaseGeometry] = {}
        # What rules measured here and want to know again; it goes when the street goes.
        self.measured: dict[Hashable, Any] = {}

    def _index(self, kinds: tuple[str, ...] = ()) -> tuple[STRtree, np.ndarray]:
        """The present things of these kinds (without any, all) by place, and where in `present` they are."""
        if self.before is not None:
            return self.before._index(kinds)
        found = self._indexes.get(kinds)
        if found is None:
            places = [at for at, thing in enumerate(self.present) if not kinds or thing.kind in kinds]
            tree = STRtree([self.present[place].footprint for place in places])
            found = self._indexes[kinds] = tree, np.array(places, dtype=np.int64)
        return found

    @cached_property
    def _place_of(self) -> dict[str, int]:
        if self.before is not None:
            return self.before._place_of
        return {thing.id: place for place, thing in enumerate(self.present)}

    @cached_property
    def _drawn_grounds(self) -> np.ndarray:
        return np.array([thing.footprint for thing in self.drawn], dtype=object)

    def after(self, proposals: Iterable[Proposal]) -> Street:
        """The street once these changes are made to it."""
        gone: set[int] = set()
        drawn: list[Thing] = []
        proposals = tuple(proposals)
        for proposal in proposals:
            if proposal.action in ("keep", "survey"):
                continue
            if proposal.object is not None and proposal.object.id in self._place_of:
                gone.add(self._place_of[proposal.object.id])
            drawn += _left_behind(proposal)
            if proposal.thing is not None:
                drawn.append(proposal.thing)
        result = Street(self.present, self.known, self.area, self.bay_m2)
        result.before = self
        result.proposals = proposals
        result.drawn = _layered(drawn)
        result._gone = frozenset(gone)
        return result

    def with_one_more(self, proposal: Proposal) -> Street:
        """This street (after some changes) with one change more, which takes nothing away that is not gone
        already.

        Cheaper than `after`: what lies on the ground is worked out anew only when the change lays ground.
        """
        result = (self.before or self).after(())
        result.proposals = (*self.proposals, proposal)
        place = self._place_of.get(proposal.object.id) if proposal.object is not None else None
        result._gone = self._gone | ({place} if place is not None else frozenset())
        more = _left_behind(proposal) + ([proposal.thing] if proposal.thing is not None else [])
        result.drawn = _layered((*self.drawn, *more))
        if self.before is not None and place is None and all(thing.lays is None for thing in more):
            result._grounds = self._grounds
        return result

    def things(self, *kinds: str) -> list[Thing]:
        """All things of these kinds, or of all kinds: the present ones that stay, then the drawn ones."""
        stay = [thing for place, thing in enumerate(self.present) if place not in self._gone]
        return [thing for thing in (*stay, *self.drawn) if not kinds or thing.kind in kinds]

    def thing(self, identifier: str) -> Thing | None:
        """The thing with this id as it stands here; None when it is not there (any more)."""
        place = self._place_of.get(identifier)
        if place is not None and place not in self._gone:
            return self.present[place]
        return next((thing for thing in self.drawn if thing.id == identifier), None)

    def near(self, geometry: BaseGeometry, distance: float, *kinds: str) -> list[Thing]:
        """Things whose footprint lies within `distance` metres of a geometry; 0 means touching."""
        # Within a distance only things of these kinds are measured; what touches is found faster than that.
        asked = kinds if distance else ()
        known = self._seen.get((id(geometry), distance, asked))
        if known is None or known[0] is not geometry:
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            found = self._near(geometry, distance, asked)
            known = self._seen[id(geometry), distance, asked] = geometry, found
        if asked == kinds:
            return list(known[1])
        return [thing for thing in known[1] if thing.kind in kinds]

    def _near(self, geometry: BaseGeometry, distance: float, kinds: tuple[str, ...]) -> list[Thing]:
        tree, places = self._index(kinds)
        drawn = [thing for thing in self.drawn if not kinds or thing.kind in kinds]
        grounds = (
            np.array([thing.footprint for thing in drawn], dtype=object) if kinds else self._drawn_grounds
        )
        if distance:
            found = tree.query(geometry, predicate="dwithin", distance=distance)
            close = shapely.dwithin(grounds, geometry, distance)
        else:
            # The same for 0 m, but much cheaper.
            found = tree.query(geometry, predicate="intersects")
            close = shapely.intersects(grounds, geometry)
        present = [self.present[at] for at in np.sort(places[found]).tolist() if at not in self._gone]
        return [*present, *compress(drawn, close.tolist())]

    def nearest(
        self, geometry: BaseGeometry, within: float, *kinds: str, but: Thing | None = None
    ) -> tuple[Thing, float] | None:
        """The nearest thing of these kinds within a distance, and how far it is in metres; never `but`."""
        measured = [
            (thing.footprint.distance(geometry), thing)
            for thing in self.near(geometry, within, *kinds)
            if but is None or thing.id != but.id
        ]
        if not measured:
            return None
        distance, thing = min(measured, key=lambda pair: pair[0])
        return thing, distance

    def ground(self, *kinds: str, window: BaseGeometry | None = None) -> BaseGeometry:
        """The ground of these kinds, as one (multi)polygon; within the bounds of `window` when given.

        A drawn surface replaces what lay there. Kinds do not overlap as long as the map's own surfaces do
        not.
        """
        names = tuple(sorted(set(kinds)))
        whole = self._grounds.get(names)
        if window is None:
            if whole is None:
                whole = self._grounds[names] = self._ground(names)
            return whole
        bounds = _frame(window)
        if bounds is None:
            return shapely.union_all([])
        if whole is not None:
            return clip(whole, bounds)
        # Rectangles are asked about more than once; what lies in them is remembered.
        frame = box(*bounds)
        return self._ground_within(names, window if window.area == frame.area else frame)

    def _ground_within(self, kinds: tuple[str, ...], frame: BaseGeometry) -> BaseGeometry:
        """Only what lies in a rectangle: a drawing costs what lies around it, not the whole street."""
        here = self.near(frame, 0)
        bounds = frame.bounds
        result = shapely.union_all(
            clip_each(
                [thing.footprint for thing in here if thing.kind in kinds and not thing.is_drawn], bounds
            )
        )
        for thing in here:
            if not thing.is_drawn or thing.lays is None:
                continue
            if thing.lays in kinds:
                result = joined(result, clip(thing.footprint, bounds))
            else:
                result = without(result, thing.footprint)
        return result

    def _ground(self, kinds: tuple[str, ...]) -> BaseGeometry:
        if self.before is None:
            return shapely.union_all([thing.footprint for thing in self.present if thing.kind in kinds])
        gone = [self.present[place].footprint for place in self._gone if self.present[place].kind in kinds]
        result = self.before.ground(*kinds)
        if gone:
            result = without(result, shapely.union_all(gone))
        for thing in self.drawn:
            if thing.lays in kinds:
                result = joined(result, thing.footprint)
            elif thing.lays is not None and shapely.intersects(result, thing.footprint):
                result = without(result, thing.footprint)
        return result

    def obstacles(
        self, geometry: BaseGeometry, distance: float = 0, *, but: Thing | None = None
    ) -> list[Thing]:
        """Solid things within `distance` metres of a geometry; a drawn tree takes its whole open pit."""
        return [
            thing
            for thing in self.near(geometry, distance)
            if thing.is_solid and (but is None or thing.id != but.id)
        ]

    def knows(self, *data: str) -> bool:
        """Whether all these kinds of data are known here."""
        return self.known.issuperset(data)

    def is_estimated(self, geometry: BaseGeometry, *kinds: str) -> bool:
        """Whether any of the present ground of these kinds at a geometry has an estimated width."""
        return any(thing.certainty == "estimated" for thing in self.near(geometry, 0, *kinds))


def existing_thing(
    identifier: int,
    kind: str,
    geometry: BaseGeometry,
    certainty: str = "measured",
    attributes: Mapping[str, object] | None = None,
) -> Thing:
    """A street object as a thing; `geometry` in the metric CRS."""
    known: Mapping[str, object] = attributes or {}
    return Thing(
        str(identifier),
        kind,
        geometry,
        _existing_footprint(kind, geometry, stands=True),
        "estimated" if certainty == "estimated" else "measured",
        known,
        object_id=identifier,
    )


def drawn_thing(
    index: int,
    element: ElementKind,
    geometry: BaseGeometry,
    rotation_deg: float | None = None,
    width_m: float | None = None,
) -> Thing:
    """What change `index` puts down; `geometry` in the metric CRS, turned clockwise from north."""
    return Thing(
        f"+{index}",
        element.becomes if element.becomes and element.becomes != "street_axis" else element.id,
        geometry,
        element_footprint(element, geometry, rotation_deg or 0, width_m),
        "drawn",
        {"height_m": element.height_m.value}
        if element.height_m is not None and element.height_m.value > 0
        else {},
        element,
        index,
        rotation_deg=rotation_deg or 0,
        width_m=width_m,
    )


def moved_thing(index: int, thing: Thing, geometry: BaseGeometry, rotation_deg: float | None = None) -> Thing:
    """An existing thing in its new place."""
    footprint = _existing_footprint(thing.kind, geometry)
    if geometry.geom_type == "Point" and rotation_deg:
        footprint = affinity.rotate(footprint, -rotation_deg, origin="centroid")
    return replace(
        thing,
        id=f"+{index}",
        geometry=geometry,
        footprint=footprint,
        certainty="drawn",
        change=index,
        rotation_deg=rotation_deg or 0,
    )


def propose(
    index: int,
    action: str,
    geometry: BaseGeometry,
    *,
    kind: str | None = None,
    concerned: Thing | None = None,
    rotation_deg: float | None = None,
    width_m: float | None = None,
    catalogue: Catalogue,
) -> Proposal:
    """A change in metres as a proposal. Raises `KeyError` for a kind that is not in the catalogue."""
    if action in ("add", "replace") and kind is not None:
        return Proposal(
            index,
            action,
            drawn_thing(index, catalogue.kinds[kind], geometry, rotation_deg, width_m),
            concerned,
        )
    if action == "move" and concerned is not None:
        return Proposal(index, action, moved_thing(index, concerned, geometry, rotation_deg), concerned)
    return Proposal(index, action, None, concerned)


def settled(proposal: Proposal, street: Street) -> Proposal:
    """A proposal on the ground that it takes there: a façade garden lies against the wall, not half in it.

    Drawn as a line on (or within half its width of) a façade it comes forward, and is as deep as it is wide;
    away from façades, and whatever else is drawn, stays as it is. Metres.
    """
    thing = proposal.thing
    if thing is None or thing.element is None or thing.element.id != "facade_garden":
        return proposal
    if thing.geometry.geom_type != "LineString" or thing.footprint.area == 0:
        return proposal
    usual = thing.element.width_m.value if thing.element.width_m is not None else 0.0
    width = thing.width_m or usual
    houses = [one.footprint for one in street.near(thing.footprint, 0, "building")]
    if not houses or width <= 0:
        return proposal
    walls = shapely.make_valid(shapely.union_all(houses))
    along = shapely.intersection(thing.geometry, shapely.buffer(walls, width / 2))
    if along.length == 0:
        return proposal
    in_front = shapely.intersection(
        shapely.buffer(along, 1.5 * width, cap_style="flat", join_style="mitre"),
        shapely.buffer(walls, width, join_style="mitre"),
    )
    beyond = shapely.buffer(
        shapely.difference(thing.geometry, along), width / 2, cap_style="flat", join_style="mitre"
    )
    ground = shapely.difference(shapely.union(in_front, beyond), walls)
    if ground.area == 0:
        return proposal
    return replace(proposal, thing=replace(thing, footprint=ground))


def survey(street: Street) -> list[Proposal]:
    """Every existing thing that the rules know about, judged as if it were being placed where it is."""
    return [
        Proposal(index, "survey", thing, thing)
        for index, thing in enumerate(street.present)
        if thing.kind not in ("building", "yard", "water", "dwelling", "street_axis", *UNDRAWN)
    ]


def element_footprint(
    element: ElementKind, geometry: BaseGeometry, rotation_deg: float = 0, width_m: float | None = None
) -> BaseGeometry:
    """The ground an element takes: its outline, its line at its width, or its rectangle, turned clockwise
    from north.

    Across a rectangle is `width_m`, along its length; a tree takes its pit.
    """
    width = width_m or (element.width_m.value if element.width_m is not None else 0.5)
    if geometry.geom_type == "Point":
        length = element.length_m.value if element.length_m is not None else width
        return affinity.rotate(_rectangle(geometry, width, length), -rotation_deg, origin="centroid")
    if geometry.area == 0:
        return shapely.buffer(geometry, width / 2, cap_style="flat", join_style="mitre")
    return geometry


def trunk(thing: Thing) -> BaseGeometry:
    """The stem of a tree (0.3 m across), or the footprint of anything else."""
    if thing.kind != "tree" or thing.geometry.geom_type != "Point":
        return thing.footprint
    return _rectangle(thing.geometry, 0.3, 0.3)


def tree_size(thing: Thing) -> str:
    """`small`, `medium` or `large`: as drawn, else by height (classes of S92), else medium (assumed)."""
    if thing.element is not None:
        return thing.element.id.removeprefix("tree_")
    height = thing.number("height_m")
    if height is None:
        return "medium"
    return "small" if height < 6 else "medium" if height <= 12 else "large"


def _layered(drawn: Iterable[Thing]) -> tuple[Thing, ...]:
    """What lies on what, whatever was drawn first: bare ground below, and the smaller on the larger."""

    def order(thing: Thing) -> tuple[bool, float, int]:
        is_bare = thing.id.endswith(LEFT)
        return (not is_bare, -round(thing.footprint.area, 6), thing.change or 0)

    return tuple(sorted(drawn, key=order))


def _frame(window: BaseGeometry) -> tuple[float, float, float, float] | None:
    """The bounds of a geometry with at least a millimetre inside; None where there is nothing."""
    west, south, east, north = window.bounds
    if math.isnan(west):
        return None
    wide, high = (0.0 if size > 1e-3 else 5e-4 for size in (east - west, north - south))
    return west - wide, south - high, east + wide, north + high


def _left_behind(proposal: Proposal) -> list[Thing]:
    """The bare ground where a surface was taken away and the new thing is no surface."""
    thing = proposal.object
    if thing is None or thing.kind not in SURFACES or proposal.action not in ("remove", "replace", "move"):
        return []
    left = LEFT_AFTER.get(thing.kind, LEFT_OTHERWISE)
    return [
        replace(
            thing, id=f"{thing.id}{LEFT}", kind=left, certainty="drawn", change=proposal.index, attributes={}
        )
    ]


def _existing_footprint(kind: str, geometry: BaseGeometry, *, stands: bool = False) -> BaseGeometry:
    """The ground of an existing thing. Which way one that `stands` there as a point is turned, no map tells:
    then only what it takes whichever way, as long as it is wide."""
    if geometry.geom_type == "Point":
        size = POINT_SIZES.get(kind)
        if size is None:
            return geometry
        width, length = size if isinstance(size, tuple) else (size, size)
        return _rectangle(geometry, width, width if stands else length)
    if geometry.area == 0 and kind in LINE_WIDTHS:
        return shapely.buffer(geometry, LINE_WIDTHS[kind] / 2, cap_style="flat")
    return geometry


def _rectangle(middle: BaseGeometry, width: float, length: float) -> BaseGeometry:
    x, y = middle.centroid.x, middle.centroid.y
    return box(x - width / 2, y - length / 2, x + width / 2, y + length / 2)
