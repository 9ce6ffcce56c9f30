"""How many things come and go."""

from __future__ import annotations

from app.designs.checks.places import REMOVAL_KIND, takes_again
from app.designs.effects.figure import Account, Figure
from app.designs.effects.registry import figure
from app.designs.effects.scene import Work


@figure("added")
def added(work: Work) -> Figure:
    """Elements put down; taking a bay away is no addition."""
    account = Account("piece")
    for one in work.placed:
        if one.kind.id != REMOVAL_KIND:
            account.add("comes", one.kind.id, 1, changes=[one.index])
    return account.figure()


@figure("removed")
def removed(work: Work) -> Figure:
    """Existing things that go, and bays pointed out as going."""
    account = Account("piece")
    for gone in work.taken:
        account.add("gone", gone.thing.kind, 1, things=[gone.thing.object_id], changes=[gone.index])
    for one in work.placed:
        if one.kind.id == REMOVAL_KIND and not takes_again(one.thing, (gone.thing for gone in work.taken)):
            account.add("gone", one.kind.id, 1, changes=[one.index])
    return account.figure()
