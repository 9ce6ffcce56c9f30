"""What slows cars down (M16)."""

from __future__ import annotations

from app.designs.checks.street import Thing
from app.designs.effects.along import largest_gap, reached, route_of, spans
from app.designs.effects.figure import Account, Figure, exactly, missing
from app.designs.effects.registry import figure
from app.designs.effects.scene import Work

# How the Dutch base map marks a speed hump in the carriageway.
HUMP = "verkeersdrempel"


def is_slowing(work: Work, thing: Thing) -> bool:
    """Whether a thing slows cars down: a hump on the base map, or an element that scores for it."""
    if thing.element is None:
        return thing.attributes.get("plus_function") == HUMP or thing.kind == "speed_hump"
    number = thing.element.effects.calming
    return number is not None and number.value >= work.scene.number("calming_from")


def _knows_humps(work: Work) -> bool:
    """The base map (BGT) draws humps as carriageway of their own; other maps that we read have none."""
    return work.scene.knows("speed_hump") or any(
        thing.attributes.get("layer") == "wegdeel" for thing in work.scene.street.present
    )


def _slowing(work: Work) -> tuple[list[Thing], list[Thing]]:
    standing = [thing for thing in work.scene.counted if is_slowing(work, thing)]
    stay = work.staying(standing)
    new = [one.thing for one in work.placed if is_slowing(work, one.thing)]
    return standing, stay + new


def _steps(work: Work, result: Figure, before: list[Thing], after: list[Thing], length: float) -> Figure:
    for step, things in (("slowing_now", before), ("slowing_then", after)):
        result.tell(
            exactly(
                step,
                len(things),
                "piece",
                objects=[thing.object_id for thing in things],
                changes=[thing.change for thing in things],
            )
        )
    result.tell(exactly("route", length, "m"))
    return result.assume(work.scene.metrics.assumptions["calming_from"]).warn("no_accident_figures")


@figure("calming_gap_m")
def calming_gap(work: Work) -> Figure:
    """The longest way along the street between two places that slow cars down."""
    lines = route_of(work.scene)
    if not _knows_humps(work) or not lines:
        return missing("no_humps_on_map" if lines else "no_route")
    before, after = _slowing(work)
    gaps = [largest_gap(spans(lines, [thing.footprint for thing in things])) for things in (before, after)]
    result = _steps(work, Figure(gaps[0], gaps[1]), before, after, sum(line.length for line in lines))
    return result.warn("fewer_than_two") if None in gaps else result


@figure("calming_share")
def calming_share(work: Work) -> Figure:
    """The part of the street within 50 m of a place that slows cars down."""
    lines = route_of(work.scene)
    if not _knows_humps(work) or not lines:
        return missing("no_humps_on_map" if lines else "no_route")
    before, after = _slowing(work)
    reach = work.scene.number("calming_reach_m")
    length = sum(line.length for line in lines)
    shares = [
        100 * reached(lines, spans(lines, [thing.footprint for thing in things]), reach) / length
        for things in (before, after)
    ]
    result = _steps(work, Figure(shares[0], shares[1]), before, after, length)
    return result.assume(work.scene.metrics.assumptions["calming_reach_m"])


@figure("modal_filters")
def modal_filters(work: Work) -> Figure:
    """Places where the design stops through traffic by car."""
    account = Account("piece")
    for one in work.placed:
        if one.kind.id == "modal_filter":
            account.add("comes", one.kind.id, 1, changes=[one.index])
    result = account.figure()
    return result.warn("filters_now_unknown") if result.after else result
