"""What the figures are computed from: the street before a design, and the same street once it is made.

A `Scene` is all that does not depend on the design; make one for an assignment and keep it. A `Work` is one
design on that scene. Both work out what several figures share once, when it is first asked for. In metres.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import cached_property

import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.amounts import units
from app.designs.checks.street import Proposal, Street, Thing
from app.designs.effects.patchwork import Patchwork
from geodata import metrics as metric_tables
from geodata import rulebook
from geodata.catalogue import Catalogue, ElementKind
from geodata.metrics import Metrics
from geodata.rulebook import RuleBook

# What everybody may use, façade to façade. Water, rails and yards are no part of it.
PUBLIC_GROUND = ("carriageway", "parking", "cycle_path", "pavement", "driveway", "square", "green")
WALKING_GROUND = ("pavement", "square")
# Which of two drawn surfaces that overlap is told as lying on top. The checks refuse such a drawing; the
# figures must not depend on what was drawn first.
UPPERMOST = ("green", "water", "cycle_path", "parking", "pavement", "square", "driveway", "carriageway")
# A home belongs to the street when its façade or address lies this near to the area. Assumption.
AT_THE_STREET_M = 10.0


@dataclass(frozen=True, slots=True)
class Home:
    """Dwellings at one place: the building they are in where the map knows it, else the address."""

    geometry: BaseGeometry
    count: int = 1


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of the neighbourhood. None, or nothing in a tuple, means: not known.

    `area_m2` and `green_m2`: of the whole neighbourhood, with `play_m2` and `dwellings`. `homes`: those from
    where one walks to the street (400 m). `things`: green, trees and play places around them. `counts`:
    areas within 300 m in which parked cars were counted. `lon`, `lat`: where the sun is looked up;
    `north_deg`: true north, clockwise from the map's. `route`: a line by which one goes through the street.
    """

    area_m2: float | None = None
    green_m2: float | None = None
    play_m2: float | None = None
    dwellings: int | None = None
    dwellings_are_buildings: bool = False
    homes: tuple[Home, ...] = ()
    things: tuple[Thing, ...] = ()
    counts: tuple[Thing, ...] = ()
    buildings: tuple[Thing, ...] = ()
    lon: float | None = None
    lat: float | None = None
    north_deg: float = 0.0
    zone: tzinfo | None = None
    route: BaseGeometry | None = None


class Scene:
    """The street before any design, with its neighbourhood and the tables."""

    def __init__(
        self,
        street: Street,
        catalogue: Catalogue,
        around: Surroundings | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self.street = street
        self.catalogue = catalogue
        self.around = around or Surroundings()
        self.metrics = metrics or metric_tables.load()
        # What a family of figures worked out about the street as it is; each keeps its own key.
        self.kept: dict[object, object] = {}

    def number(self, key: str) -> float:
        """A number from the table of assumptions."""
        return self.metrics.number(key)

    def knows(self, kind: str) -> bool:
        """Whether the map of this neighbourhood has this kind at all."""
        return kind in self.street.known

    @cached_property
    def counted(self) -> tuple[Thing, ...]:
        """The present things that lie in the area: whole things, by a point inside them."""
        area = self.street.area
        if area is None or not self.street.present:
            return self.street.present
        shapely.prepare(area)
        inside = shapely.intersects(
            shapely.point_on_surface([thing.geometry for thing in self.street.present]), area
        )
        return tuple(thing for thing, is_in in zip(self.street.present, inside, strict=True) if is_in)

    @cached_property
    def counted_by_kind(self) -> dict[str, list[Thing]]:
        """The same by kind."""
        found: dict[str, list[Thing]] = {}
        for thing in self.counted:
            found.setdefault(thing.kind, []).append(thing)
        return found

    @cached_property
    def counted_ids(self) -> frozenset[str]:
        """The ids of what lies in the area."""
        return frozenset(thing.id for thing in self.counted)

    @cached_property
    def homes_in_street(self) -> tuple[Home, ...]:
        """Dwellings along the street; none where they are not known."""
        area = self.street.area
        if area is None:
            return self.around.homes
        return tuple(
            home for home in self.around.homes if shapely.dwithin(home.geometry, area, AT_THE_STREET_M)
        )

    @cached_property
    def dwellings_in_street(self) -> int:
        """How many dwellings that is."""
        return sum(home.count for home in self.homes_in_street)

    def clip(self, geometry: BaseGeometry) -> BaseGeometry:
        """The part of a geometry that lies in the area."""
        area = self.street.area
        return geometry if area is None or geometry.is_empty else shapely.intersection(geometry, area)

    @cached_property
    def public_ground(self) -> BaseGeometry:
        """The street from façade to façade, as far as it is public."""
        return self.clip(self.street.ground(*PUBLIC_GROUND))

    @cached_property
    def public_patches(self) -> Patchwork:
        """The same in pieces."""
        return Patchwork(self.public_ground)

    @cached_property
    def public_m2(self) -> float:
        """Its area."""
        return float(self.public_ground.area)

    def ground(self, *kinds: str) -> BaseGeometry:
        """The ground of these kinds in the area now."""
        key = ("ground", tuple(sorted(kinds)))
        found = self.kept.get(key)
        if not isinstance(found, BaseGeometry):
            found = self.kept[key] = self.clip(self.street.ground(*kinds))
        return found

    def patches(self, *kinds: str) -> Patchwork:
        """The same in pieces."""
        key = ("patches", tuple(sorted(kinds)))
        found = self.kept.get(key)
        if not isinstance(found, Patchwork):
            found = self.kept[key] = Patchwork(self.ground(*kinds))
        return found


@dataclass(frozen=True, slots=True)
class Placed:
    """An element that the design puts down: `units` of its price."""

    index: int
    kind: ElementKind
    thing: Thing
    units: float


@dataclass(frozen=True, slots=True)
class Taken:
    """An existing thing that goes; `by` is the element in its place, if any."""

    index: int
    thing: Thing
    by: ElementKind | None


@dataclass(frozen=True, slots=True)
class Moved:
    """An existing thing in another place."""

    index: int
    thing: Thing
    to: Thing


@dataclass(frozen=True, slots=True)
class Ground:
    """Some kinds of ground: how many square metres in all, and what lies near the changes of a design."""

    area: float
    local: BaseGeometry


@dataclass
class Work:
    """One design on a scene. `moment_hour`: an hour at which the shade is asked for besides.

    `rules`: the municipality's numbers for figures that ask what a rule asks.
    """

    scene: Scene
    proposals: Sequence[Proposal]
    moment_hour: float | None = None
    rules: RuleBook = field(default_factory=rulebook.load)
    kept: dict[object, object] = field(default_factory=dict)

    @cached_property
    def after(self) -> Street:
        """The street once the design is made."""
        return self.scene.street.after(self.proposals)

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """What is put down, in the order of the design."""
        return tuple(
            Placed(p.index, p.thing.element, p.thing, units(p.thing.element, p.thing.geometry))
            for p in self.proposals
            if p.action in ("add", "replace") and p.thing is not None and p.thing.element is not None
        )

    @cached_property
    def taken(self) -> tuple[Taken, ...]:
        """What goes."""
        return tuple(
            Taken(p.index, p.object, p.thing.element if p.thing is not None else None)
            for p in self.proposals
            if p.action in ("remove", "replace") and p.object is not None
        )

    @cached_property
    def moved(self) -> tuple[Moved, ...]:
        """What stands somewhere else."""
        return tuple(
            Moved(p.index, p.object, p.thing)
            for p in self.proposals
            if p.action == "move" and p.object is not None and p.thing is not None
        )

    @cached_property
    def gone(self) -> tuple[Thing, ...]:
        """What is no longer where it was."""
        return tuple(p.object for p in self.proposals if p.object is not None and p.action != "keep")

    @cached_property
    def gone_ids(self) -> frozenset[str]:
        """The ids of what is no longer where it was."""
        return frozenset(thing.id for thing in self.gone)

    @cached_property
    def concerned_outside(self) -> tuple[Thing, ...]:
        """What a change names although it lies outside the area: it counts, or the figures go below zero."""
        ids = self.scene.counted_ids
        return tuple(p.object for p in self.proposals if p.object is not None and p.object.id not in ids)

    def before_things(self, *kinds: str) -> list[Thing]:
        """Present things of these kinds that count."""
        found = [thing for kind in kinds for thing in self.scene.counted_by_kind.get(kind, ())]
        return found + [thing for thing in self.concerned_outside if thing.kind in kinds]

    def staying(self, things: Iterable[Thing]) -> list[Thing]:
        """Those that the design leaves where they are."""
        return [thing for thing in things if thing.id not in self.gone_ids]

    def ground_before(self, *kinds: str) -> Ground:
        """The ground of these kinds in the area now."""
        patches = self.scene.patches(*kinds)
        key = ("ground before", tuple(sorted(kinds)))
        local = self.kept.get(key)
        if not isinstance(local, BaseGeometry):
            local = self.kept[key] = patches.near(self.region)
        return Ground(patches.area, local)

    def ground_after(self, *kinds: str) -> Ground:
        """The ground of these kinds in the area once the design is made.

        Where drawn surfaces overlap, the first of `UPPERMOST` wins, in whatever order they were drawn.
        """
        before = self.ground_before(*kinds)
        if not self.changes_ground:
            return before
        key = ("ground after", tuple(sorted(kinds)))
        local = self.kept.get(key)
        if not isinstance(local, BaseGeometry):
            gone = [thing.footprint for thing in self.gone if thing.kind in kinds]
            local = before.local
            if gone:
                local = shapely.difference(local, shapely.union_all(gone))
            for lays, surface in self._layers:
                local = (shapely.union if lays in kinds else shapely.difference)(local, surface)
            self.kept[key] = local
        return Ground(before.area - before.local.area + local.area, local)

    @cached_property
    def _layers(self) -> list[tuple[str, BaseGeometry]]:
        """What the design lays, the lowest first: bare ground that is left, then new surfaces by kind."""
        layers: dict[tuple[int, str], list[BaseGeometry]] = {}
        for thing in self.after.drawn:
            if thing.lays is not None:
                left = thing.id.endswith("-left")
                place = UPPERMOST.index(thing.lays) if thing.lays in UPPERMOST else len(UPPERMOST)
                order = len(UPPERMOST) + 1 if left else place
                layers.setdefault((order, thing.lays), []).append(thing.footprint)
        return [
            (lays, self.scene.clip(shapely.union_all(footprints)))
            for (_, lays), footprints in sorted(layers.items(), key=lambda layer: (-layer[0][0], layer[0][1]))
        ]

    @cached_property
    def region(self) -> BaseGeometry:
        """All ground that any change touches."""
        return shapely.union_all(
            [
                thing.footprint
                for p in self.proposals
                if p.action != "keep"
                for thing in (p.thing, p.object)
                if thing is not None
            ]
        )

    @cached_property
    def changes_ground(self) -> bool:
        """Whether any surface comes, goes or moves."""
        return any(
            thing.lays is not None
            for p in self.proposals
            for thing in (p.thing, p.object)
            if thing is not None
        )
