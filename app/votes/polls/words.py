"""What polls say on a page, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.formatting import number
from app.votes.polls.domain import SCALE, Bar, Group, Kind, Relation, Results, Status
from app.votes.polls.models import Poll

KINDS = {
    Kind.ONE: _l("Eén antwoord kiezen"),
    Kind.SEVERAL: _l("Meer antwoorden kiezen"),
    Kind.SCALE: _l("Een schaal van 1 tot 5"),
}
RELATIONS: dict[Relation | None, object] = {
    Relation.HERE: _l("Ik woon of werk aan deze straat"),
    Relation.NEAR: _l("Ik woon of werk in de buurt"),
    Relation.OFTEN: _l("Ik kom hier vaak langs"),
    Relation.OTHER: _l("Iets anders"),
    None: _l("Zeg ik liever niet"),
}
STATUSES = {
    Status.COMING: _l("Komt nog"),
    Status.OPEN: _l("Open"),
    Status.CLOSED: _l("Voorbij"),
}
ACTS = {
    "made": _l("Peiling gemaakt"),
    "changed": _l("Vraag gewijzigd, voor het eerste antwoord"),
    "moved_end": _l("Laatste dag verplaatst"),
    "ended": _l("Peiling eerder gesloten"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One choice in the chart: its words, how many people, which part of all, and a bar of 0 to 100."""

    words: str
    people: int
    percent: str
    width: float


@dataclass(frozen=True, slots=True)
class GroupRow:
    """People with one or several relations, and how many of them chose what."""

    words: str
    people: int
    counts: tuple[int, ...]


def choice_words(poll: Poll, chosen: int) -> str:
    """The words of one choice; the ends of a scale have their own."""
    if poll.kind != Kind.SCALE:
        return poll.choices[chosen - 1]
    ends = {SCALE[0]: poll.low_words, SCALE[-1]: poll.high_words}
    return f"{chosen}: {ends[chosen]}" if chosen in ends else str(chosen)


def rows(poll: Poll, results: Results) -> list[Row]:
    """The chart, in the order of the question."""
    return [_row(poll, bar) for bar in results.bars]


def _row(poll: Poll, bar: Bar) -> Row:
    percent = _("%(n)s%%", n=number(100 * bar.share))
    return Row(choice_words(poll, bar.number), bar.people, percent, round(100 * bar.share, 1))


def group_rows(results: Results) -> list[GroupRow]:
    """The answers by what people have to do with the place."""
    return [GroupRow(_relations(group), group.people, group.counts) for group in results.groups]


def _relations(group: Group) -> str:
    return " / ".join(str(RELATIONS[one]) for one in group.relations)


def middle(poll: Poll, results: Results) -> str:
    """The middle of a scale in a sentence; empty for other kinds."""
    if results.middle is None:
        return ""
    return str(
        _("De helft van de mensen gaf een %(n)d of lager, de helft een %(n)d of hoger.", n=results.middle)
    )


def shortest(poll: Poll, results: Results) -> str:
    """The outcome in a few words, for the map: the choice of most people, or the middle of a scale."""
    if not results.enough:
        return ""
    if results.middle is not None:
        return str(_("midden: %(n)d van 5", n=results.middle))
    most = max(bar.people for bar in results.bars)
    best = [bar for bar in results.bars if bar.people == most]
    if len(best) > 1:
        return str(_("gelijk"))
    return f"{choice_words(poll, best[0].number)}: {_('%(n)s%%', n=number(100 * best[0].share))}"
