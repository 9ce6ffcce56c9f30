"""Forms of polls: the planner's question and somebody's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry

from app.core.geometry import from_wkb, to_geojson
from app.core.problems import Problems
from app.votes.fields import (
    after_last_day,
    day_in,
    first_moment,
    last_day_in,
    read_day,
    read_place,
    read_shape,
    read_whole,
)
from app.votes.polls.domain import (
    LONGEST_ABOUT,
    LONGEST_CHOICE,
    LONGEST_QUESTION,
    LONGEST_WORDS,
    MOST_CHOICES,
    Answer,
    Kind,
    Relation,
)
from app.votes.polls.models import Poll
from app.votes.polls.service import PollDraft, check_choices

FIELDS = (
    *("question", "about", "kind", "choices", "most", "low_words", "high_words", "asks_relation"),
    *("place", "area", "phase", "opens_on", "closes_on"),
)


def read_poll(
    form: Mapping[str, str], zone: ZoneInfo, neighbourhood: str, present: Poll | None = None
) -> PollDraft:
    """The planner's form. `present`: the poll that is changed. Raises `Invalid` with every problem."""
    fields: dict[str, Any] = {name: form.get(name, "") for name in FIELDS}
    problems = Problems()
    question = problems.text(fields, "question", required=True, longest=LONGEST_QUESTION)
    about = problems.text(fields, "about", longest=LONGEST_ABOUT)
    kind = Kind(problems.choice(fields, "kind", tuple(Kind)))
    choices = _choices(fields, problems) if kind is not Kind.SCALE else ()
    # Only where somebody sees the field: what stands in a hidden one says nothing.
    asks_most = kind is Kind.SEVERAL
    most = (
        read_whole(fields, "most", 1, MOST_CHOICES, problems, default=len(choices) or 1) if asks_most else 1
    )
    low = problems.text(fields, "low_words", longest=LONGEST_WORDS)
    high = problems.text(fields, "high_words", longest=LONGEST_WORDS)
    name, point = problems.text(fields, "place", longest=100), _point_of(present)
    if present is None or point is None or name != present.place_name:
        name, point = read_place(name, neighbourhood, "/place", problems)
    shape = read_shape(fields["area"], "/area", problems)
    phase = problems.uuid({"phase": fields["phase"] or None}, "phase")
    opens_on = read_day(fields, "opens_on", problems, required=True)
    closes_on = read_day(fields, "closes_on", problems)
    if problems.found:
        # All at once: nobody should correct a form twice. A field has one problem at a time.
        told = {one.pointer for one in problems.found}
        if not told & {"/choices", "/most", "/low_words", "/high_words"}:
            check_choices(kind, choices, most, (low, high), problems)
        problems.raise_if_any()
    if opens_on is None:
        raise AssertionError("a required day is there")
    return PollDraft(
        question,
        kind,
        first_moment(opens_on, zone),
        after_last_day(closes_on, zone) if closes_on else None,
        about,
        choices,
        most,
        low,
        high,
        bool(fields["asks_relation"]),
        shape if shape is not None else point,
        name,
        phase,
    )


def _point_of(poll: Poll | None) -> BaseGeometry | None:
    """Where a poll's place is that has a name; the form shows the name only. It stays there, also where the
    neighbourhood's map knows that name no longer."""
    shape = from_wkb(poll.geom) if poll is not None and poll.geom is not None and poll.place_name else None
    return shape if shape is not None and shape.geom_type == "Point" else None


def _choices(fields: dict[str, Any], problems: Problems) -> tuple[str, ...]:
    lines = problems.text(fields, "choices", longest=MOST_CHOICES * (LONGEST_CHOICE + 1)).splitlines()
    found = tuple(" ".join(line.split()) for line in lines if line.strip())
    if any(len(choice) > LONGEST_CHOICE for choice in found):
        problems.add(
            "/choices", _("Een antwoord is te lang: er passen %(max)d tekens in.", max=LONGEST_CHOICE)
        )
    return found


def filled(poll: Poll, zone: ZoneInfo) -> dict[str, str]:
    """The form as it stands for an existing poll."""
    shape = from_wkb(poll.geom) if poll.geom is not None else None
    drawn = shape is not None and (shape.geom_type != "Point" or not poll.place_name)
    return {
        "question": poll.question,
        "about": poll.about,
        "kind": poll.kind,
        "choices": "\n".join(poll.choices),
        "most": str(poll.most) if poll.kind == Kind.SEVERAL else "",
        "low_words": poll.low_words,
        "high_words": poll.high_words,
        "asks_relation": "yes" if poll.asks_relation else "",
        "place": poll.place_name,
        "area": orjson.dumps(to_geojson(shape)).decode() if shape is not None and drawn else "",
        "phase": str(poll.phase_id or ""),
        "opens_on": day_in(poll.opens_at, zone),
        "closes_on": last_day_in(poll.closes_at, zone) if poll.closes_at else "",
    }


def read_end(form: Mapping[str, str], zone: ZoneInfo, longest: int) -> tuple[datetime | None, str]:
    """Another last day (None: no last day) and the reason. Raises `Invalid`."""
    problems = Problems()
    fields = {name: form.get(name, "") for name in ("closes_on", "reason")}
    day = read_day(fields, "closes_on", problems)
    reason = problems.text(fields, "reason", required=True, longest=longest)
    problems.raise_if_any()
    return (after_last_day(day, zone) if day else None), reason


def read_answer(chosen: Sequence[str], relation: str) -> Answer:
    """Somebody's answer: numbers of choices; what is no number becomes 0, which is never a choice."""
    numbers = tuple(
        int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        for text in chosen[: MOST_CHOICES + 1]
    )
    return Answer(numbers, Relation(relation) if relation in tuple(Relation) else None)
