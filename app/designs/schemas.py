"""The shape of designs in requests and answers: GeoJSON in EPSG:4326 (RFC 7946)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry

from app.core.geometry import from_wkb, geometry_class, outside_message, read_geometry, to_geojson, to_metric
from app.core.language import current_language
from app.core.problems import Problems
from app.designs.domain import (
    LARGEST_AREA_M2,
    LONGEST_LINE_M,
    LONGEST_STORY,
    LONGEST_TITLE,
    MAX_CHANGES,
    PICKABLE,
    SHORTEST_LINE_M,
    SMALLEST_AREA_M2,
    WIDTH_M,
    Action,
    ChangeDraft,
    DesignDraft,
    ExistingObject,
)
from app.designs.effect_words import describe_effects
from app.designs.models import Change, Design, DesignVersion
from app.designs.zoning import refusal
from app.errors import Invalid, Problem
from app.projects.models import Assignment
from app.projects.queries import area_of, zones_of
from geodata.catalogue import Catalogue, ElementKind

ACTIONS = tuple(Action)
GEOMETRY_TYPES = {"point": ("Point",), "line": ("LineString",), "area": ("Polygon",)}
DESIGN_MEMBERS = {"assignment", "title", "story", "remix_of", "changes"}
MAX_OBJECT_ID = 2**53

Objects = Callable[[set[int]], Mapping[int, ExistingObject]]


class DesignReader:
    """Reads one design's body and notes every problem in it, each with a JSON pointer."""

    def __init__(self, assignment: Assignment, catalogue: Catalogue, objects: Objects) -> None:
        self.area = area_of(assignment)
        self.zones = zones_of(assignment)
        self.srid = assignment.neighbourhood.metric_srid
        self.allowed = None if assignment.allowed_kinds is None else frozenset(assignment.allowed_kinds)
        self.catalogue = catalogue
        self.objects = objects
        self.problems = Problems()

    def read(self, body: dict[str, Any]) -> DesignDraft:
        """The checked design. Raises `Invalid` with every problem at once."""
        problems = self.problems
        problems.only(body, DESIGN_MEMBERS)
        title = problems.text(body, "title", required=True, longest=LONGEST_TITLE)
        story = problems.text(body, "story", longest=LONGEST_STORY)
        remix_of = problems.uuid(body, "remix_of")
        features = self._features(body.get("changes"))
        known = self.objects({number for number in map(_object_id, features) if number is not None})
        changes = [
            self.change(feature, f"/changes/features/{i}", known) for i, feature in enumerate(features)
        ]
        self._twice(features)
        problems.raise_if_any()
        return DesignDraft(title, story, tuple(change for change in changes if change is not None), remix_of)

    def _features(self, collection: Any) -> list[Any]:
        if collection is None:
            return []
        if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
            self.problems.add("/changes", _("Hier hoort een FeatureCollection te staan."))
            return []
        features = collection.get("features")
        if not isinstance(features, list):
            self.problems.add("/changes/features", _("Hier hoort een lijst te staan."))
            return []
        if len(features) > MAX_CHANGES:
            message = _(
                "Een ontwerp heeft hoogstens %(max)d wijzigingen; dit zijn er %(n)d.",
                max=MAX_CHANGES,
                n=len(features),
            )
            self.problems.add("/changes/features", message)
            return []
        return features

    def _twice(self, features: list[Any]) -> None:
        seen: set[int] = set()
        for index, feature in enumerate(features):
            number = _object_id(feature)
            if number in seen:
                self.problems.add(
                    f"/changes/features/{index}/properties/object",
                    _("Dit ding heeft al een wijziging in dit ontwerp."),
                )
            elif number is not None:
                seen.add(number)

    def change(self, feature: Any, at: str, known: Mapping[int, ExistingObject]) -> ChangeDraft | None:
        """One checked change, or None after noting what is wrong with it."""
        problems, noted = self.problems, len(self.problems.found)
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            problems.add(at, _("Hier hoort een GeoJSON-Feature te staan."))
            return None
        properties = feature.get("properties")
        if not isinstance(properties, dict):
            problems.add(f"{at}/properties", _("Hier horen eigenschappen te staan, met minstens “action”."))
            return None
        at_properties = f"{at}/properties"
        action = Action(problems.choice(properties, "action", ACTIONS, at=at_properties, default=None))
        kind = self._kind(properties, action, at_properties)
        existing = self._object(properties, action, at_properties, known)
        if existing is not None:
            self._goes(existing, action, kind, at_properties)
        rotation = problems.number(properties, "rotation_deg", -360, 360, at=at_properties)
        width = problems.number(properties, "width_m", *WIDTH_M, at=at_properties)
        height = problems.number(properties, "height_m", 0, 60, at=at_properties)
        geometry = None
        if len(problems.found) == noted:
            geometry = self._geometry(feature.get("geometry"), action, kind, existing, f"{at}/geometry")
        if geometry is None or len(problems.found) > noted:
            return None
        change = ChangeDraft(action, geometry, kind.id if kind else None, existing, rotation, width, height)
        if (message := refusal(self.zones, change)) is not None:
            problems.add(f"{at}/geometry", message)
            return None
        return change

    def _kind(self, properties: dict[str, Any], action: Action, at: str) -> ElementKind | None:
        name = properties.get("kind")
        if action not in (Action.ADD, Action.REPLACE):
            return None
        kind = self.catalogue.get(name) if isinstance(name, str) else None
        if kind is None:
            self.problems.add(f"{at}/kind", _("Dit element staat niet in de lijst."))
        elif not self._allows(kind):
            self.problems.add(f"{at}/kind", not_allowed_message(kind))
        return kind

    def _allows(self, kind: ElementKind) -> bool:
        return self.allowed is None or kind.id in self.allowed

    def _goes(self, existing: ExistingObject, action: Action, kind: ElementKind | None, at: str) -> None:
        """Note when the assignment does not let this thing go: removed, or something else in its place."""
        removal = self.catalogue.removal_of(existing.kind)
        if removal is None or self._allows(removal):
            return
        if action is Action.REMOVE:
            self.problems.add(f"{at}/action", not_allowed_message(removal))
        elif action is Action.REPLACE and kind is not None and kind.becomes != existing.kind:
            self.problems.add(f"{at}/kind", not_allowed_message(removal))

    def _object(
        self, properties: dict[str, Any], action: Action, at: str, known: Mapping[int, ExistingObject]
    ) -> ExistingObject | None:
        if action is Action.ADD:
            if properties.get("object") is not None:
                self.problems.add(
                    f"{at}/object",
                    _("Iets nieuws hoort niet bij een bestaand ding. Kies vervangen of verplaatsen."),
                )
            return None
        existing = known.get(_object_id({"properties": properties}) or -1)
        if existing is None:
            self.problems.add(f"{at}/object", _("Dit ding staat niet (meer) op de kaart."))
        elif existing.kind not in PICKABLE:
            self.problems.add(f"{at}/object", _("Dit ding kan een bewoner niet wijzigen."))
        else:
            return existing
        return None

    def _geometry(
        self, value: Any, action: Action, kind: ElementKind | None, existing: ExistingObject | None, at: str
    ) -> BaseGeometry | None:
        if existing is not None and (
            action in (Action.REMOVE, Action.KEEP) or (action is Action.REPLACE and value is None)
        ):
            if not self.area.intersects(existing.geometry):
                self.problems.add(at, outside_message(existing.geometry, self.area))
                return None
            return existing.geometry
        if action is Action.MOVE and existing is not None:
            allowed: tuple[str, ...] = GEOMETRY_TYPES[geometry_class(existing.geometry)]
        else:
            allowed = tuple(name for form in (kind.geometry if kind else ()) for name in GEOMETRY_TYPES[form])
        geometry = read_geometry(value, self.problems, at, allowed)
        if geometry is None:
            return None
        if not self.area.covers(geometry):
            self.problems.add(at, outside_message(geometry, self.area))
            return None
        return self._of_size(geometry, at)

    def _of_size(self, geometry: BaseGeometry, at: str) -> BaseGeometry | None:
        metric = to_metric(geometry, self.srid)
        if metric.geom_type == "LineString" and metric.length > LONGEST_LINE_M:
            self.problems.add(at, _("Deze lijn is te lang: hoogstens %(max)d meter.", max=LONGEST_LINE_M))
            return None
        if 0 < metric.area < SMALLEST_AREA_M2 or (
            metric.geom_type == "LineString" and metric.length < SHORTEST_LINE_M
        ):
            self.problems.add(at, _("Deze vorm heeft bijna geen grootte. Teken hem groter."))
            return None
        if metric.area > LARGEST_AREA_M2:
            self.problems.add(
                at, _("Dit vlak is te groot: hoogstens %(max)d vierkante meter.", max=LARGEST_AREA_M2)
            )
            return None
        return geometry


def not_allowed_message(kind: ElementKind) -> str:
    """Why an element of this kind cannot be part of a design here."""
    message: str = _(
        "“%(name)s” hoort niet bij deze opgave. Haal het weg of kies iets anders.",
        name=kind.name(current_language()),
    )
    return message


def read_addition(body: dict[str, Any], catalogue: Catalogue) -> ChangeDraft:
    """One new element as a Feature; whether it lies in the area is for the statement that stores it.

    Raises `Invalid` with every problem.
    """
    problems = Problems()
    properties = body.get("properties")
    if body.get("type") != "Feature" or not isinstance(properties, dict):
        raise Invalid.of([Problem("", _("Hier hoort een GeoJSON-Feature te staan."))])
    action = properties.get("action", "add")
    if action != Action.ADD:
        problems.add("/properties/action", _("Hier kun je alleen iets toevoegen."))
    name = properties.get("kind")
    kind = catalogue.get(name) if isinstance(name, str) else None
    if kind is None:
        problems.add("/properties/kind", _("Dit element staat niet in de lijst."))
    allowed = tuple(item for form in (kind.geometry if kind else ()) for item in GEOMETRY_TYPES[form])
    geometry = read_geometry(body.get("geometry"), problems, "/geometry", allowed) if kind else None
    rotation = problems.number(properties, "rotation_deg", -360, 360, at="/properties")
    width = problems.number(properties, "width_m", *WIDTH_M, at="/properties")
    height = problems.number(properties, "height_m", 0, 60, at="/properties")
    problems.raise_if_any()
    if geometry is None or kind is None:
        raise Invalid
    return ChangeDraft(Action.ADD, geometry, kind.id, None, rotation, width, height)


def _object_id(feature: Any) -> int | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    number = properties.get("object") if isinstance(properties, dict) else None
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) <= 16:
        number = int(number)
    if isinstance(number, int) and not isinstance(number, bool) and 0 < number < MAX_OBJECT_ID:
        return number
    return None


def change_feature(change: Change, catalogue: Catalogue) -> dict[str, Any]:
    """A stored change as a GeoJSON Feature."""
    element = catalogue.get(change.kind) if change.kind else None
    return {
        "type": "Feature",
        "id": str(change.id),
        "geometry": to_geojson(from_wkb(change.geom)),
        "properties": {
            "action": change.action,
            "kind": change.kind,
            "object": change.object_id,
            "object_kind": change.object_kind,
            "verdict": change.verdict,
            "bgt_type": element.bgt_type if element else None,
            "imgeo_value": element.imgeo_value if element else None,
            "rotation_deg": change.rotation_deg,
            "width_m": change.width_m,
            "height_m": change.height_m,
        },
    }


def design_feature(
    design: Design,
    version: DesignVersion,
    assignment: Assignment,
    catalogue: Catalogue,
    *,
    mine: bool,
    counts: Mapping[str, int],
) -> dict[str, Any]:
    """A design as a GeoJSON Feature; its changes come along as the foreign member `changes`."""
    changes = [change_feature(change, catalogue) for change in version.changes]
    return {
        "type": "Feature",
        "id": str(design.id),
        "geometry": {"type": "GeometryCollection", "geometries": [change["geometry"] for change in changes]},
        "properties": {
            "id": str(design.id),
            "title": version.title,
            "story": version.story,
            "assignment": assignment.slug,
            "status": design.status,
            "version": version.version,
            "remix_of": str(design.remix_of_id) if design.remix_of_id else None,
            "mine": mine,
            "is_example": design.is_example,
            **counts,
            "cost_low_eur": version.cost_low_eur,
            "cost_high_eur": version.cost_high_eur,
            "effects": describe_effects(version.effects),
            "created_at": design.created_at,
            "updated_at": design.updated_at,
        },
        "changes": {"type": "FeatureCollection", "features": changes},
    }
