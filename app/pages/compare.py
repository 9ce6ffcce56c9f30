"""Two designs beside each other, or one and the street as it is: drawn maps, figures and every difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import shapely
from flask import Response, make_response, redirect, render_template, request
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry
from werkzeug.wrappers import Response as AnyResponse

from app.accounts import access
from app.accounts.access import current_actor
from app.core.formatting import to
from app.core.geometry import to_geojson, to_metric
from app.core.language import current_language
from app.designs.compare import Difference, Standing
from app.designs.compare_queries import designs_to_compare
from app.designs.comparing import NOW, Comparison, Side, compared, side_of
from app.designs.models import Change, Design, DesignVersion
from app.errors import Invalid, NotFound
from app.maps.drawing import View, view_of
from app.pages import compare_words, pictures, queries, words
from app.pages.blueprint import blueprint
from app.pages.workshop import as_json, level_bearing
from app.projects.models import Assignment
from app.projects.queries import area_of, assignment_by_slug

SIZE = (720, 460)
LETTERS = ("a", "b")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a comparison is on the site. `address(a, b, path="", **more)` is the address of two sides, or of
    something of theirs; at `others` somebody chooses two others."""

    address: Callable[..., str]
    others: str


@dataclass(frozen=True, slots=True)
class Item:
    """One difference as the list shows it; `key` names it in addresses."""

    key: str
    icon: str
    action: str
    title: str
    act: str
    place: str
    said: list[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Differences of one standing, in the order of the street."""

    standing: str
    title: str
    items: list[Item]


@blueprint.get("/assignments/<slug>/compare")
@access.public
def compare(slug: str) -> str | AnyResponse:
    """The comparison that the address names (`a`, `b`, `a_version`, `b_version`), else a form to choose.

    `design=…&design=…` are the ticked designs of the assignment's page. 422 with a sentence where two cannot
    be compared, 404 for what one may not see.
    """
    assignment = assignment_by_slug(slug)
    ticked = request.args.getlist("design")
    if len(ticked) == 2 and ticked[0] != ticked[1]:
        return redirect(address(assignment, ticked[0], ticked[1]), 303)
    if ticked:
        return choose(assignment, ticked[:1], _("Kies precies twee ontwerpen."))
    chosen = [request.args.get(letter, "") for letter in LETTERS]
    if not all(chosen):
        return choose(assignment, chosen)
    a, b = _sides()
    if (a.design, a.version) == (b.design, b.version):
        return choose(assignment, chosen[:1], _("Dit is twee keer hetzelfde. Kies twee verschillende."))
    try:
        found = compared(assignment, a, b)
    except Invalid as error:
        return choose(assignment, [], error.problems[0].message)
    return render(found, _home(assignment))


def choose(assignment: Assignment, chosen: list[str], problem: str = "") -> AnyResponse:
    """The form to choose two designs; 422 with a `problem`."""
    choices = designs_to_compare(assignment.id, current_actor().id)
    a, b = [*chosen, "", ""][:2]
    page = render_template(
        "designs/compare_choose.html",
        assignment=assignment,
        choices=choices,
        chosen={"a": a, "b": b or next((str(one.id) for one in choices if str(one.id) != a), NOW)},
        now=NOW,
        problem=problem,
    )
    return make_response(page, 422 if problem else 200)


@blueprint.get("/assignments/<slug>/compare/<letter>.svg")
@access.public
def compare_map(slug: str, letter: str) -> Response:
    """One side as a drawn map; both sides have the same view. `show` rings a difference and goes there."""
    if letter not in LETTERS:
        raise NotFound
    assignment = assignment_by_slug(slug)
    a, b = _sides()
    return draw(compared(assignment, a, b), letter)


def draw(found: Comparison, letter: str) -> Response:
    """The map of one side (`a` or `b`) of a comparison."""
    shown = _shown(found)
    side = found.a if letter == "a" else found.b
    return pictures.picture(
        _view(found, shown),
        found.assignment,
        [pictures.map_change(change, side.places[key]) for key, change in side.changes.items()],
        title=_("Kaart van %(title)s", title=title_of(side)),
        description=pictures.described(side.drawn) if side.drawn else _("De straat zoals die nu is."),
        rings=[_place(found, shown, letter)] if shown else [],
        small=False,
    )


def _sides() -> tuple[Side, Side]:
    actor = current_actor()
    a, b = (side_of(actor, request.args.get(one, ""), request.args.get(f"{one}_version")) for one in LETTERS)
    return a, b


def title_of(side: Side) -> str:
    """What a side is called: the design's title, with its version where there is a newer one."""
    if side.version is None:
        return str(_("Zo is het nu"))
    if side.part is not None:
        return side.part.title
    return (
        f"{side.version.title} ({_('versie %(n)s', n=side.version.version)})"
        if side.is_old
        else side.version.title
    )


def address(assignment: Assignment, a: Any, b: Any, path: str = "", **more: Any) -> str:
    """Where two sides are compared. A side is a `Side`, a design's id, or `now`."""
    query: dict[str, str] = {}
    for letter, side in zip(LETTERS, (a, b), strict=True):
        if not isinstance(side, Side):
            query[letter] = str(side)
        elif side.design is None or side.version is None:
            query[letter] = NOW
        else:
            query[letter] = str(side.design.id)
            if side.is_old:
                query[f"{letter}_version"] = str(side.version.version)
    query.update({name: str(value) for name, value in more.items() if value is not None})
    return to(f"/assignments/{assignment.slug}/compare{path}") + "?" + urlencode(query)


def offers(
    design: Design,
    shown: DesignVersion,
    assignment: Assignment,
    original: tuple[Design, DesignVersion] | None,
) -> list[tuple[str, str]]:
    """Addresses and words of what a design's page offers to compare with."""
    side = Side(design, shown)
    found = [(address(assignment, Side(), side), _("Met hoe het nu is"))]
    if original is not None:
        found.append((address(assignment, Side(*original), side), _("Met het origineel")))
    if shown.version > 1:
        query = {"a": design.id, "a_version": shown.version - 1, "b": design.id}
        if side.is_old:
            query["b_version"] = shown.version
        words_for = _("Met versie %(n)s", n=shown.version - 1)
        found.append((to(f"/assignments/{assignment.slug}/compare") + "?" + urlencode(query), words_for))
    others = to(f"/assignments/{assignment.slug}/compare") + "?" + urlencode({"a": design.id})
    return [*found, (others, _("Met een ander ontwerp"))]


# --- which difference, and where ---


def _key(one: Difference, letter: str = "a") -> str:
    """The change of one side; the other's where that side has none."""
    change = (one.a or one.b) if letter == "a" else (one.b or one.a)
    return change.key if change else ""


def _shown(found: Comparison) -> Difference | None:
    """The difference that `?show=` names."""
    wanted = request.args.get("show", "")
    return next((one for one in found.differences if _key(one) == wanted), None) if wanted else None


def _place(found: Comparison, one: Difference, letter: str) -> BaseGeometry:
    """Where a difference is on one side; what is not there is where the other has it."""
    key = _key(one, letter)
    return found.a.places[key] if key in found.a.places else found.b.places[key]


def _view(found: Comparison, shown: Difference | None) -> View:
    area = area_of(found.assignment)
    if shown is not None:
        places = [_place(found, shown, letter) for letter in LETTERS]
    else:
        places = [*found.a.places.values(), *found.b.places.values()]
    return view_of(places or [area], SIZE, level=area)


# --- the page ---


def _home(assignment: Assignment) -> Home:
    def here(a: Any, b: Any, path: str = "", **more: Any) -> str:
        return address(assignment, a, b, path, **more)

    return Home(here, to(f"/assignments/{assignment.slug}/compare"))


def render(found: Comparison, home: Home) -> str:
    """The page of a comparison."""
    shown = _shown(found)
    key = _key(shown) if shown else None
    assignment = found.assignment
    first, others = compare_words.rows(found.figures)
    return render_template(
        "designs/compare.html",
        assignment=assignment,
        found=found,
        sides=[
            {
                "letter": letter,
                "title": title_of(side),
                "side": side,
                "href": _design_address(side),
                "verdicts": compare_words.verdicts(change.verdict for change in side.changes.values()),
                "picture": home.address(found.a, found.b, f"/{letter}.svg", show=key, plain=1),
            }
            for letter, side in zip(LETTERS, (found.a, found.b), strict=True)
        ],
        groups=_groups(found),
        rows=first,
        more_rows=others,
        shown=key,
        here=lambda **more: home.address(found.a, found.b, **more),
        swapped=home.address(found.b, found.a),
        others=home.others,
        module_config=as_json(_config(found, key)),
    )


def _design_address(side: Side) -> str | None:
    if side.design is None or side.version is None:
        return None
    old = f"/versions/{side.version.version}" if side.is_old else ""
    return to(f"/designs/{side.design.id}{old}")


def _groups(found: Comparison) -> list[Group]:
    titles = {
        Standing.DIFFERENT: _("In allebei, maar anders"),
        Standing.ONLY_A: _("Alleen in A: %(title)s", title=title_of(found.a)),
        Standing.ONLY_B: _("Alleen in B: %(title)s", title=title_of(found.b)),
        Standing.SAME: _("In allebei hetzelfde"),
    }
    view = _view(found, None)
    near = {**_addresses(found.a), **_addresses(found.b)}

    def along(one: Difference) -> tuple[float, float]:
        at = _place(found, one, "a").centroid
        x, y = view.to_pixels(shapely.get_coordinates(at))[0]
        return round(float(x)), round(float(y))

    groups = []
    for standing, title in titles.items():
        members = sorted((one for one in found.differences if one.standing is standing), key=along)
        if members:
            groups.append(Group(standing.value, title, [_item(found, one, near) for one in members]))
    return groups


def _addresses(side: Side) -> dict[str, str]:
    if side.design is None or side.version is None:
        return {}
    near = queries.places_of_changes(side.design.id, side.version.version)
    return {str(key): label for key, label in near.items()}


def _item(found: Comparison, one: Difference, near: dict[str, str]) -> Item:
    key = _key(one)
    change = found.a.changes.get(key) or found.b.changes[key]
    about = (change.action, change.kind, change.object_kind)
    title = words.change_title(*about)
    if one.other_action or (one.other_kind and change.action == "replace"):
        title = words.change_title("keep", None, change.object_kind)
    return Item(
        key,
        words.change_icon(*about),
        change.action,
        title,
        ""
        if one.standing is Standing.DIFFERENT or change.action == "replace"
        else str(words.ACTIONS[change.action]),
        near.get(key, ""),
        compare_words.said(one),
    )


def _config(found: Comparison, shown: str | None) -> dict[str, Any]:
    """What the sliding map needs: both sides' changes as they are drawn, and what belongs together."""
    assignment = found.assignment
    area = area_of(assignment)
    places = [*found.a.places.values(), *found.b.places.values()]
    return {
        "apiBase": to("/api"),
        "lang": current_language(),
        "attribution": assignment.neighbourhood.attribution,
        "place": assignment.title,
        "bbox": _bounds(places or [area]),
        "bearing": level_bearing(to_metric(area, assignment.neighbourhood.metric_srid)),
        "area": to_geojson(area),
        "sides": [
            {
                "title": title_of(side),
                "changes": [_drawn(key, change, side) for key, change in side.changes.items()],
            }
            for side in (found.a, found.b)
        ],
        "pairs": {
            _key(one): [to_geojson(_place(found, one, letter)) for letter in LETTERS]
            for one in found.differences
        },
        "standings": {_key(one): one.standing.value for one in found.differences},
        "shown": shown,
    }


def _bounds(places: Iterable[BaseGeometry]) -> list[float]:
    west, south, east, north = shapely.total_bounds(list(places))
    return [float(west), float(south), float(east), float(north)]


def _drawn(key: str, change: Change, side: Side) -> dict[str, Any]:
    as_drawn = pictures.map_change(change, side.places[key])
    return {
        "geometry": to_geojson(as_drawn.geometry),
        "action": as_drawn.action,
        "icon": as_drawn.icon,
        "chalk": "remove" if as_drawn.action == "remove" else as_drawn.look,
        "width": as_drawn.width_m,
        "crown": as_drawn.crown_m,
    }
