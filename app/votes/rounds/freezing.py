"""What is fixed when a round is frozen, and what must be in order before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import orjson
import shapely
from flask_babel import gettext as _

from app.accounts import oidc
from app.core.formatting import day_and_time
from app.core.geometry import from_wkb
from app.core.problems import Problems
from app.designs.domain import Status as DesignStatus
from app.designs.models import DesignVersion
from app.designs.parts import Drawn, part_of
from app.designs.queries import design_by_id, exact_versions, version_of
from app.projects import phases
from app.projects.models import Assignment, PromiseChange
from app.projects.queries import assignment_by_id, promise_changes_of
from app.votes.counting import canonical
from app.votes.rounds import queries
from app.votes.rounds.domain import (
    LEAST_OPTIONS,
    Electorate,
    FrozenConflict,
    FrozenOption,
    Kind,
    Promised,
    freeze_document,
)
from app.votes.rounds.models import Round, RoundOption

ACTION = "rounds.vote"


def check(round_: Round, now: datetime, problems: Problems) -> None:
    """Note all that still has to be done before the round can be frozen."""
    assignment = assignment_by_id(round_.assignment_id)
    options = queries.options_of(round_.id)
    if round_.opens_at <= now:
        problems.add("/opens_at", _("De stemronde moet na nu opengaan."))
    _check_phase(round_, assignment, problems)
    if len(options) < LEAST_OPTIONS:
        problems.add("/options", _("Er moeten minstens twee ontwerpen te kiezen zijn."))
    for option in options:
        if design_by_id(option.design_id).status != DesignStatus.SUBMITTED:
            problems.add("/options", _("Ontwerp %(code)s is intussen ingetrokken.", code=option.code))
    for conflict in queries.conflicts_of(round_.id, state="proposed"):
        problems.add(
            f"/conflicts/{conflict.a}-{conflict.b}",
            _("Zeg van %(a)s en %(b)s of ze allebei kunnen, en waarom.", a=conflict.a, b=conflict.b),
        )
    _check_limits(round_, options, problems)
    if round_.electorate == Electorate.OIDC and not oidc.name():
        problems.add("/electorate", _("Inloggen bij de gemeente is op deze site niet ingesteld."))


def version_in(option: RoundOption) -> Drawn:
    """What can be chosen: the exact version, or only the part of it."""
    return _chosen(option, version_of(design_by_id(option.design_id), option.version))


def versions_in(options: Iterable[RoundOption]) -> dict[str, Drawn]:
    """What can be chosen in each of many options, by code, in their order."""
    return versions_and_wholes(options)[0]


def versions_and_wholes(options: Iterable[RoundOption]) -> tuple[dict[str, Drawn], dict[str, str]]:
    """What can be chosen in each of many options, and the titles of the designs of which options are parts;
    both by the option's code, in their order. Asks the database once for all of them."""
    found = list(options)
    versions = exact_versions((one.design_id, one.version) for one in found)
    whole = {one.code: versions[one.design_id, one.version] for one in found}
    return (
        {one.code: _chosen(one, whole[one.code]) for one in found},
        {one.code: whole[one.code].title for one in found if one.part},
    )


def _chosen(option: RoundOption, version: DesignVersion) -> Drawn:
    if not option.part:
        return version
    return part_of(version, option.part, option.title, option.part_effects)


def _check_phase(round_: Round, assignment: Assignment, problems: Problems) -> None:
    if assignment.published_at is None:
        problems.add("/phases", _("De opgave is nog niet openbaar."))
        return
    if not phases.degree_allows(assignment.degree, ACTION):
        problems.add(
            "/phases", _("Bij deze opgave wordt niet gestemd: dat past niet bij de mate van invloed.")
        )
        return
    if not lies_within_phases(round_, assignment):
        problems.add(
            "/phases",
            _(
                "Stemmen kan alleen in een fase waarin dat mag. Van %(opens)s tot %(closes)s loopt er niet"
                " steeds zo’n fase. Voeg een fase toe, of kies andere data.",
                opens=day_and_time(round_.opens_at),
                closes=day_and_time(round_.closes_at),
            ),
        )


def lies_within_phases(round_: Round, assignment: Assignment) -> bool:
    """Whether voting is open in the assignment from the round's opening to its closing without a gap."""
    wanted = set(phases.opening(ACTION))
    reached = round_.opens_at
    for span in sorted((s for s in assignment.phases if s.type in wanted), key=lambda s: s.starts_at):
        if span.starts_at > reached:
            break
        if span.ends_at is None:
            return True
        reached = max(reached, span.ends_at)
    return reached >= round_.closes_at


def _check_limits(round_: Round, options: list[RoundOption], problems: Problems) -> None:
    parameters, n = round_.parameters, len(options)
    for name in ("min_choices", "max_choices", "winners"):
        if n and parameters.get(name, 0) > n:
            problems.add(f"/parameters/{name}", _("Dit zijn er meer dan er ontwerpen zijn."))
    budget = Decimal(parameters.get("budget_eur", "0"))
    if options and round_.kind == Kind.BUDGET and min(option.cost_eur for option in options) > budget:
        problems.add("/parameters/budget_eur", _("Voor dit bedrag past geen enkel ontwerp."))


def promised(round_: Round, assignment: Assignment) -> Promised:
    """What people were told when the round was frozen, whatever the assignment says since; of a draft what it
    says now.

    Documents of before this was frozen too do not say it: then what the log of the assignment knows counts.
    """
    now = Promised(assignment.degree, assignment.who_decides.strip())
    document = queries.freeze_document_of(round_.id) if round_.frozen_at is not None else None
    if document is None:
        return now
    told = orjson.loads(document).get("promised")
    if told is not None:
        return Promised(told["degree"], told["who_decides"])
    for change in changed_since(round_):
        # The latest comes first, so the last one leads back to the freeze.
        now = now._replace(**{change.what: change.old})
    return now


def changed_since(round_: Round) -> list[PromiseChange]:
    """What is told otherwise since the round was frozen, the latest first; nothing of a draft."""
    if round_.frozen_at is None:
        return []
    return promise_changes_of(round_.assignment_id, since=round_.frozen_at)


def document_of(round_: Round) -> str:
    """What is frozen of a round, as canonical JSON."""
    return freeze_document(
        round_id=str(round_.id),
        assignment_id=str(round_.assignment_id),
        title=round_.title,
        question=round_.question,
        kind=round_.kind,
        rule=round_.rule,
        parameters=round_.parameters,
        electorate=round_.electorate,
        electorate_parameters=round_.electorate_parameters,
        promised=promised(round_, assignment_by_id(round_.assignment_id)),
        opens_at=round_.opens_at,
        closes_at=round_.closes_at,
        options=[
            FrozenOption(
                option.code,
                str(option.design_id),
                option.version,
                option.title,
                option.cost_eur,
                option.cost_note,
                content_hash(version_in(option)),
                tuple(option.part),
            )
            for option in queries.options_of(round_.id)
        ],
        conflicts=[FrozenConflict(c.a, c.b, c.state, c.reason) for c in queries.conflicts_of(round_.id)],
    )


def content_hash(version: Drawn) -> str:
    """The SHA-256 over what a version says and draws: title, story, and every change with its geometry (WKB
    in EPSG:4326 as hexadecimal), lengths in millimetres and angles in thousandths of a degree. Of a part: its
    own title, no story, and its changes."""
    whole = {
        "title": version.title,
        "story": version.story,
        "changes": [
            {
                "action": change.action,
                "kind": change.kind,
                "object_kind": change.object_kind,
                "rotation_mdeg": _thousandths(change.rotation_deg),
                "width_mm": _thousandths(change.width_m),
                "height_mm": _thousandths(change.height_m),
                "wkb": shapely.to_wkb(from_wkb(change.geom), hex=True, byte_order=1, include_srid=False),
            }
            for change in version.changes
        ],
    }
    return hashlib.sha256(canonical.dumps(whole).encode()).hexdigest()


def _thousandths(value: float | None) -> int | None:
    return None if value is None else round(value * 1000)
