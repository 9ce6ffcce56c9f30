"""What the ground is: green, and open to rain (M07).

Surfaces are counted by the ground they cover, so that what overlaps counts once and what is covered is lost.
Elements that are no surface of their own (a tree's pit, a planter) add what the catalogue says, as far as
they do not stand in green.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.effects.figure import Account, Figure, exactly, missing
from app.designs.effects.registry import figure
from app.designs.effects.scene import PUBLIC_GROUND, Placed, Work
from geodata.catalogue import Number, Status

# Ground that lets rain through wholly or by half, by what the base map says of a surface. The factors are
# those of green (1) and of permeable paving (0.5). BGT "open verharding" is brick paving: not permeable.
OPEN_SURFACES = frozenset(
    ("onverhard", "zand", "grass", "ground", "dirt", "earth", "sand", "mud", "woodchips", "bark_mulch")
)
HALF_OPEN_SURFACES = frozenset(
    (
        *("halfverhard", "grasklinkers", "gravel", "fine_gravel", "pebblestone", "grass_paver"),
        *("compacted", "unpaved", "schelpen", "grind"),
    )
)
# Less than this is rounding in the geometry, not overlap.
NOTHING_M2 = 0.05

Amount = Callable[[Placed], Number | None]


@figure("green_m2")
def green(work: Work) -> Figure:
    """Green ground in the street."""
    return green_figure(work)


def green_figure(work: Work) -> Figure:
    """Green ground in the street; worked out once for all figures that need it."""
    found = work.kept.get("green figure")
    if not isinstance(found, Figure):
        found = _covering(work, lambda one: one.kind.effects.green_m2)
        if not work.scene.knows("green"):
            found.warn("no_green_on_map").more["before_known"] = False
        work.kept["green figure"] = found
    return found


@figure("permeable_m2")
def permeable(work: Work) -> Figure:
    """Ground that is open to rain: green for the whole, permeable paving for half."""
    return _permeable(work)


def _permeable(work: Work) -> Figure:
    found = work.kept.get("permeable figure")
    if not isinstance(found, Figure):
        found = _covering(work, lambda one: one.kind.effects.permeable_m2)
        _unpaved_besides_green(work, found)
        if any(one.thing.kind == "tree" for one in work.taken):
            found.warn("pits_unknown")
        if not work.scene.knows("green"):
            found.warn("no_green_on_map").more["before_known"] = False
        work.kept["permeable figure"] = found
    return found


@figure("unpaved_share")
def unpaved_share(work: Work) -> Figure:
    """The part of public space that is open to rain."""
    whole = work.scene.public_m2
    if whole <= 0:
        return missing("no_ground")
    area = _permeable(work)
    result = Figure(
        before=100 * (area.before or 0) / whole,
        after=100 * (area.after or 0) / whole,
        low=100 * (area.low or 0) / whole,
        high=100 * (area.high or 0) / whole,
        statuses=set(area.statuses),
        sources=dict(area.sources),
        caveats=dict(area.caveats),
    )
    result.more.update(area.more)
    result.tell(exactly("open_ground", area.after or 0, "m2"))
    return result.tell(exactly("divided_by_street", whole, "m2"))


def _covering(work: Work, amount: Amount) -> Figure:
    """Green ground before and after, and what other elements add by `amount` where there is no green."""
    account = Account("m2")
    now, then = work.ground_before("green"), work.ground_after("green")
    before, after = now.local, then.local
    lying = work.before_things("green")
    if now.area > 0:
        account.now("green", now.area, count=len(lying) or 1, things=[thing.object_id for thing in lying])
    told = 0.0
    for kind, ones in _by_kind([one for one in work.placed if one.thing.lays == "green"]).items():
        fresh = _area_outside(shapely.union_all([one.thing.footprint for one in ones]), before)
        told += fresh
        number = amount(ones[0])
        account.add(
            "comes",
            kind,
            fresh,
            count=len(ones),
            status=number.status if number is not None else Status.DERIVED,
            sources=number.sources if number is not None else (),
            changes=[one.index for one in ones],
        )
    if work.changes_ground:
        lost = -float(shapely.difference(before, after).area)
        if lost < -NOTHING_M2:
            changes = _covering_changes(work, before)
            account.add("covered", "green", lost, count=len(changes) or 1, changes=changes)
            told += lost
        rest = after.area - before.area - told
        if abs(rest) > NOTHING_M2:
            account.add("overlap", "green", rest)
    _elements(work, account, after, amount)
    return account.figure()


def _covering_changes(work: Work, green_before: BaseGeometry) -> list[int]:
    """Which changes take green away: those that take a lawn, or lay something else on it."""
    gone = [one.index for one in work.taken if one.thing.kind == "green"]
    gone += [one.index for one in work.moved if one.thing.kind == "green"]
    laid = [
        one.index
        for one in work.placed
        if one.thing.lays not in (None, "green") and one.thing.footprint.intersects(green_before)
    ]
    return gone + laid


def _elements(work: Work, account: Account, green_after: BaseGeometry, amount: Amount) -> None:
    """What elements that are no green surface add, or take where they stand in green."""
    others = [one for one in work.placed if one.thing.lays != "green" and amount(one) is not None]
    for kind, ones in _by_kind(others).items():
        number = amount(ones[0])
        if number is None or number.low == number.high == 0:
            continue
        if number.high < 0 or (number.low < 0 and number.high == 0):
            # Surfaces took their ground already; what only stands there takes its footprint out of the green.
            if ones[0].thing.lays is None:
                for one in ones:
                    lost = float(shapely.intersection(one.thing.footprint, green_after).area)
                    if lost > NOTHING_M2:
                        account.add("covered", kind, -lost, status=number.status, changes=[one.index])
            continue
        if ones[0].kind.cost.unit in ("m1", "m2"):
            _by_area(account, kind, ones, number, green_after)
        else:
            _by_piece(account, kind, ones, number, green_after)


def _by_area(
    account: Account, kind: str, ones: list[Placed], number: Number, green_after: BaseGeometry
) -> None:
    width = ones[0].kind.width_m
    across = width.value if ones[0].kind.cost.unit == "m1" and width is not None else 1.0
    area = _area_outside(shapely.union_all([one.thing.footprint for one in ones]), green_after)
    account.add(
        "comes",
        kind,
        area * number.low / across,
        area * number.high / across,
        count=area,
        status=number.status,
        sources=number.sources,
        changes=[one.index for one in ones],
        note="m2",
    )


def _by_piece(
    account: Account, kind: str, ones: list[Placed], number: Number, green_after: BaseGeometry
) -> None:
    shares = _shares_outside(ones, green_after)
    outside = [(one, float(share)) for one, share in zip(ones, shares, strict=True) if share > 0]
    if not outside:
        return
    times = math.fsum(one.units * share for one, share in outside)
    account.add(
        "comes",
        kind,
        number.low * times,
        number.high * times,
        count=math.fsum(one.units for one, _ in outside),
        status=number.status,
        sources=number.sources,
        changes=[one.index for one, _ in outside],
        note=ones[0].kind.cost.unit,
    )


def _shares_outside(ones: list[Placed], surface: BaseGeometry) -> np.ndarray:
    """Which part of each footprint (0 to 1) lies outside a surface."""
    places = np.array([one.thing.footprint for one in ones], dtype=object)
    shares = np.ones(len(ones))
    if surface.is_empty:
        return shares
    shapely.prepare(surface)
    touched = shapely.intersects(surface, places) & (shapely.area(places) > 0)
    inside = shapely.area(shapely.intersection(places[touched], surface))
    shares[touched] = 1 - inside / shapely.area(places[touched])
    return np.where(shares < 1e-6, 0.0, shares)


def _area_outside(geometry: BaseGeometry, surface: BaseGeometry) -> float:
    if surface.is_empty or geometry.is_empty:
        return float(geometry.area)
    return float(geometry.area - shapely.intersection(geometry, surface).area)


def _by_kind(ones: list[Placed]) -> dict[str, list[Placed]]:
    grouped: dict[str, list[Placed]] = {}
    for one in ones:
        grouped.setdefault(one.kind.id, []).append(one)
    return grouped


def _unpaved_besides_green(work: Work, result: Figure) -> None:
    """Add unpaved and half-paved surfaces that the base map knows, before and after."""
    for surfaces, factor, name in (
        (OPEN_SURFACES, 1.0, "unpaved"),
        (HALF_OPEN_SURFACES, 0.5, "half_paved"),
    ):
        key = ("surfaces", name)
        before = work.scene.kept.get(key)
        if not isinstance(before, BaseGeometry):
            lying = [
                thing.footprint
                for thing in work.scene.street.present
                if thing.kind in PUBLIC_GROUND
                and thing.kind != "green"
                and str(thing.attributes.get("plus_surface") or thing.attributes.get("surface") or "")
                in surfaces
            ]
            before = work.scene.kept[key] = work.scene.clip(shapely.union_all(lying))
        if before.is_empty:
            continue
        after = before
        if work.changes_ground:
            taken = [
                p.object.footprint for p in work.proposals if p.object is not None and p.action != "keep"
            ]
            laid = [thing.footprint for thing in work.after.drawn if thing.lays is not None]
            after = shapely.difference(before, shapely.union_all([*taken, *laid]))
        result.how.append(exactly("now", factor * before.area, "m2", name))
        if before.area - after.area > NOTHING_M2:
            lost = factor * (after.area - before.area)
            result.tell(exactly("covered", lost, "m2", name))
        result.before = (result.before or 0) + factor * before.area
        result.after = (result.after or 0) + factor * after.area
        result.low = (result.low or 0) + factor * after.area
        result.high = (result.high or 0) + factor * after.area
