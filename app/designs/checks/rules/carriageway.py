"""Rules about room on the carriageway and on cycle tracks: for fire engines, for traffic, for bicycles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width import Compared, Gap
from app.designs.checks.concerns import puts_anything
from app.designs.checks.model import N_, TOLERANCE, Case, Finding
from app.designs.checks.registry import rule
from app.designs.checks.street import Proposal
from app.designs.checks.ways import CYCLING, DRIVING, Passage, passage

# An axis further away than this is another street's.
AXIS_WITHIN_M = 15.0
# Bays this near the narrow place are beside it.
BESIDE_M = 0.5
TRACKS = {"cycle_track_oneway": "one_way_m", "cycle_track_twoway": "two_way_m"}


def _drives(proposal: Proposal) -> bool:
    return puts_anything(proposal) and proposal.element != "modal_filter"


def _driving(case: Case) -> Passage | None:
    widest = max(case.limit_of("R13", "two_way_m"), case.limit_of("R13", "two_way_parking_m"))
    return passage(case, DRIVING, max(widest, case.limit_of("R05", "min_m")))


@rule("R05", about=_drives)
def emergency_clear_width(case: Case) -> Iterator[Finding]:
    """A fire engine gets through: 3.50 m stays free between what is solid and what is parked (S05, S08).

    On a square it asks only that a way wide enough today stays so.
    """
    way = _driving(case)
    if way is None:
        return
    narrow = [
        one
        for one in way.narrowings(case.limit("min_m") - TOLERANCE)
        if _on_the_road(case, way.told(one)) or not _was_narrow(case, way, one)
    ]
    caused = N_(
        "De brandweer kan hier niet meer langs: er blijft %(w)s vrij, nodig is %(t)s. "
        "Zet dit verder van de rijbaan."
    )
    already = N_("Voor de brandweer is het hier krap: %(w)s vrij, nodig is %(t)s.")
    yield _narrowest(case, way, narrow, "min_m", caused, already)


def _narrowest(
    case: Case, way: Passage, narrow: Sequence[Compared], key: str, caused: str, already: str
) -> Finding:
    """What is left of a way, against the number `key`: at its narrowest, first where the change makes it so.

    Where none of it is too `narrow`, what is left beside the change. `caused` and `already` are sentences.
    """
    if not narrow:
        beside = way.gap()
        return case.against(key, beside.width_m if beside is not None else None, True, "")
    worst = min(narrow, key=lambda one: (not one.is_caused, way.told(one).width_m))
    gap = way.told(worst)
    return case.at_least(
        key,
        gap.width_m,
        caused if worst.is_caused else already,
        place=gap.across,
        uncertain=case.after.is_estimated(gap.across, *way.kinds),
        existing=not worst.is_caused,
    )


def _on_the_road(case: Case, gap: Gap) -> bool:
    road = case.before.ground("carriageway", window=gap.across.buffer(0.1))
    return bool(shapely.intersects(road, gap.across))


def _was_narrow(case: Case, way: Passage, compared: Compared) -> bool:
    """Whether no fire engine got through here before either."""
    return any(
        shapely.dwithin(old.over, compared.narrowing.over, BESIDE_M)
        for old in way.then.narrowings(case.limit("min_m") - TOLERANCE)
    )


@rule("R13", about=_drives)
def carriageway_min_width(case: Case) -> Iterator[Finding]:
    """What is left of the carriageway fits its traffic: one way or two, beside parked cars or not (weak)."""
    way = _driving(case)
    if way is None:
        return
    beside = way.gap()
    if beside is None:
        yield case.against("two_way_m", None, True, "")
        return
    key = _traffic(case, beside)
    if key is None:
        yield case.unchecked("street_axis")
        return
    yield case.at_least(
        key,
        beside.width_m,
        N_("De rijbaan wordt %(w)s breed. Voor één richting is %(t)s de maat.")
        if key == "one_way_m"
        else N_("De rijbaan wordt %(w)s breed. Voor twee richtingen is %(t)s de maat."),
        place=beside.across,
        uncertain=case.after.is_estimated(beside.across, "carriageway"),
        existing=way.then.had([beside.across])[0],
    )


def _traffic(case: Case, gap: Gap) -> str | None:
    """The number for the traffic here; None where only the direction of traffic, unknown, could tell."""
    parked = bool(case.after.near(gap.across, BESIDE_M, "parking"))
    two_way = "two_way_parking_m" if parked else "two_way_m"
    one_way = _is_one_way(case, gap.across)
    if one_way is not None:
        return "one_way_m" if one_way else two_way
    if gap.width_m >= case.limit(two_way) - TOLERANCE:
        return two_way
    return "one_way_m" if gap.width_m < case.limit("one_way_m") - TOLERANCE else None


def _is_one_way(case: Case, place: BaseGeometry) -> bool | None:
    """As drawn, else as the street's axis says; None where there is no axis."""
    if case.after.near(place, AXIS_WITHIN_M, "one_way_street"):
        return True
    nearest = case.after.nearest(place, AXIS_WITHIN_M, "street_axis")
    if nearest is None:
        return None
    return str(nearest[0].attributes.get("oneway", "")) in ("yes", "true", "1", "-1", "reverse")


@rule("R32", about=puts_anything)
def cycle_width(case: Case) -> Iterator[Finding]:
    """A cycle track is wide enough to overtake, and a car door's width from parked cars (S66-S68)."""
    if case.proposal.element in TRACKS:
        yield from _track(case)
        return
    way = passage(case, CYCLING, case.limit("one_way_m"))
    if way is None:
        return
    narrow = way.narrowings(case.limit("one_way_m") - TOLERANCE)
    told = N_("Van het fietspad blijft %(w)s vrij, en %(t)s is nodig. Zet dit naast het fietspad.")
    yield _narrowest(case, way, narrow, "one_way_m", told, told)


def _track(case: Case) -> Iterator[Finding]:
    """A track that is drawn: its own width, and its distance to bays."""
    track, element = case.thing, case.thing.element
    usual = element.width_m.value if element is not None and element.width_m is not None else 0.0
    width = track.width_m or usual
    key = TRACKS[case.proposal.element]
    if key == "one_way_m" and width < case.limit("one_way_min_m") - TOLERANCE:
        yield case.at_least(
            "one_way_min_m",
            width,
            N_("Dit fietspad is %(w)s breed. Onder %(t)s is het te smal voor één fiets. Maak het breder."),
            place=track.footprint,
        )
    else:
        yield case.at_least(
            key,
            width,
            N_("Dit fietspad is %(w)s breed; om in te halen is %(t)s nodig. Maak het breder."),
            place=track.footprint,
        )
    if not case.before.knows("parking"):
        yield case.unchecked("parking")
        return
    nearest = case.after.nearest(track.footprint, case.limit("buffer_m"), "parking")
    if nearest is None:
        yield case.against("buffer_m", None, True, "")
        return
    bay, distance = nearest
    yield case.at_least(
        "buffer_m",
        distance,
        N_("Tussen fietspad en geparkeerde auto's blijft %(w)s, nodig is %(t)s voor een open portier."),
        place=shapely.shortest_line(track.footprint, bay.footprint),
        uncertain=case.after.is_estimated(track.footprint, "parking"),
    )
