"""Places to sit and to put a bicycle (M13, M14)."""

from __future__ import annotations

from collections.abc import Callable

from app.designs.checks.amounts import count_of
from app.designs.checks.street import Thing
from app.designs.effects.along import largest_gap, route_of, spans
from app.designs.effects.figure import Account, Figure, Step, exactly, missing
from app.designs.effects.registry import figure
from app.designs.effects.scene import Work
from geodata.catalogue import Status


@figure("seats")
def seats(work: Work) -> Figure:
    """M14: places to sit."""
    return _places(work, "seat", "bench", "seats", "bench_seats")


@figure("bike_places")
def bike_places(work: Work) -> Figure:
    """M13: places for bicycles."""
    return _places(work, "place", "bike_stand", "capacity", "stand_places", brings="bike_places")


def _places(work: Work, unit: str, kind: str, attribute: str, assumed: str, brings: str = "seats") -> Figure:
    account = Account(unit)
    guessed = False
    holds = _counter(work, attribute, assumed)
    for thing in work.before_things(kind):
        count, status = holds(thing)
        guessed |= status is Status.ASSUMED
        account.now(kind, count, status=status, things=[thing.object_id])
    for gone in work.taken:
        if gone.thing.kind == kind:
            count, status = holds(gone.thing)
            account.add(
                "goes", kind, -count, status=status, things=[gone.thing.object_id], changes=[gone.index]
            )
    for one in work.placed:
        number = getattr(one.kind.effects, brings)
        if number is not None:
            account.comes_by(number, one.kind, one.units, one.index)
    result = account.figure()
    if guessed:
        # What stands there was guessed too; the figure's status is about what changes.
        statuses = set(result.statuses)
        result.assume(work.scene.metrics.assumptions[assumed]).statuses = statuses
    if not work.scene.knows(kind):
        result.warn(f"no_{kind}_on_map").more["before_known"] = False
    return result


def _counter(work: Work, attribute: str, assumed: str) -> Callable[[Thing], tuple[float, Status]]:
    def holds(thing: Thing) -> tuple[float, Status]:
        told = count_of(thing, attribute)
        if told is not None:
            return told, Status.DERIVED
        return work.scene.number(assumed), Status.ASSUMED

    return holds


@figure("bike_places_per_dwelling")
def bike_places_per_dwelling(work: Work) -> Figure:
    """M13: places for bicycles in the street, shared out among its dwellings."""
    homes = work.scene.dwellings_in_street
    if not homes:
        return missing("no_dwellings")
    if not work.scene.knows("bike_stand"):
        return missing("no_bike_stand_on_map")
    places = bike_places(work)
    result = Figure(
        (places.before or 0) / homes,
        (places.after or 0) / homes,
        (places.low or 0) / homes,
        (places.high or 0) / homes,
        set(places.statuses),
        dict(places.sources),
    )
    result.tell(Step("places_then", unit="place", low=places.low or 0, high=places.high or 0))
    result.tell(exactly("divided_by_homes", homes, "dwelling"))
    return result.warn("homes_are_buildings") if work.scene.around.dwellings_are_buildings else result


@figure("seat_gap_m")
def seat_gap(work: Work) -> Figure:
    """M14: the longest way along the street from one seat to the next."""
    if not work.scene.knows("bench"):
        return missing("no_bench_on_map")
    lines = route_of(work.scene)
    if not lines:
        return missing("no_route")
    standing = work.before_things("bench")
    new = [one.thing for one in work.placed if one.kind.effects.seats is not None]
    stay = work.staying(standing) + [one.to for one in work.moved if one.to.kind == "bench"]
    gaps = [
        largest_gap(spans(lines, [thing.geometry for thing in things])) for things in (standing, stay + new)
    ]
    result = Figure(gaps[0], gaps[1])
    for step, things in (("seats_now", standing), ("seats_then", stay + new)):
        result.tell(
            exactly(
                step,
                len(things),
                "piece",
                objects=[thing.object_id for thing in things],
                changes=[thing.change for thing in things],
            )
        )
    length = sum(line.length for line in lines)
    result.tell(exactly("route", length, "m"))
    if None in gaps:
        result.warn("fewer_than_two")
    return result.warn("along_the_street")
