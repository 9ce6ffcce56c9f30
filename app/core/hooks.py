"""Signals between features: a low feature tells, a high one listens, and neither imports the other.

Each is sent inside the transaction of the act it reports, so a listener's writes stand or fall with it.
"""

from __future__ import annotations

from blinker import ANY, Namespace

__all__ = ["ANY"]

_signals = Namespace()

person_merged = _signals.signal(
    "person-merged",
    doc="A guest signed in as a person who existed: move what the guest made. `source_id`, `target_id`.",
)
person_erased = _signals.signal(
    "person-erased", doc="A person leaves: let go of what hangs on them. `person_id`."
)
design_submitted = _signals.signal(
    "design-submitted", doc="A design, or a new version of it, became public. `design`, `actor`."
)
design_withdrawn = _signals.signal("design-withdrawn", doc="An author took a design back. `design`, `actor`.")
dates_moved = _signals.signal(
    "dates-moved", doc="A planner moved dates of an assignment that people see. `assignment`."
)
phases_changing = _signals.signal(
    "phases-changing",
    doc="A planner is about to change phases of an assignment: note in `problems` what hangs on them and"
    " would be lost. `assignment`, `after` (each phase that changes by its id as it will be; None: it goes).",
)
degree_changed = _signals.signal(
    "degree-changed",
    doc="A planner changed how much residents have to say in a public assignment. `assignment`.",
)
promise_changed = _signals.signal(
    "promise-changed",
    doc="A planner changed who decides, or how much residents have to say, in a public assignment; the change"
    " is logged. `assignment`.",
)
comment_placed = _signals.signal("comment-placed", doc="Somebody commented. `comment`, `actor`.")
round_frozen = _signals.signal(
    "round-frozen", doc="A round of voting was fixed and announced. `round`, `actor`."
)
