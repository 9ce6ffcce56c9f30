"""Which changes a rule is about: small questions to put in `about=`."""

from __future__ import annotations

from collections.abc import Callable

from app.designs.checks.street import Proposal


def puts(*kinds: str) -> Callable[[Proposal], bool]:
    """Puts down (adds, moves, replaces by) a thing of one of these street object kinds or element ids."""
    wanted = frozenset(kinds)
    return lambda proposal: proposal.places and (proposal.kind in wanted or proposal.element in wanted)


def takes(*kinds: str) -> Callable[[Proposal], bool]:
    """Takes away (removes, moves, replaces) an existing thing of one of these kinds."""
    wanted = frozenset(kinds)
    return lambda proposal: (
        proposal.action in ("remove", "move", "replace")
        and proposal.object is not None
        and proposal.object.kind in wanted
    )


def either(*concerns: Callable[[Proposal], bool]) -> Callable[[Proposal], bool]:
    """At least one of these."""
    return lambda proposal: any(concern(proposal) for concern in concerns)


def puts_anything(proposal: Proposal) -> bool:
    """Puts down anything at all."""
    return proposal.places


puts_tree = puts("tree")
