"""Who decides, and how much residents have to say: told with a reason when it changes, and kept by rounds."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Flask
from flask.testing import FlaskClient

from app.core.geometry import from_wkb
from app.core.transaction import transaction
from app.errors import Invalid
from app.extensions import db
from app.projects import queries, service
from app.projects.models import PromiseChange
from app.projects.phases import Degree, PhaseDraft
from app.projects.queries import assignment_by_slug
from app.votes.results import service as results
from tests.factories import PLANNER, TOLD, make_street
from tests.factories.closed_rounds import closed_round
from tests.factories.mailbox import Mailbox
from tests.factories.people import Browser, sign_in
from tests.factories.rounds import announced_round

OLD, NEW = TOLD["who_decides"], "Het college, zonder de raad."
WHY = "De raad laat dit aan het college."


def changed(app: Flask, reason: str = WHY, **fields: Any) -> list[str]:
    """Change the brief of the street; answers the fields that were wrong. Waits for the mail after it."""
    with app.test_request_context("/"):
        kade = assignment_by_slug("kade")
        spans = fields.pop("phases", None) or tuple(
            PhaseDraft(one.type, one.starts_at, one.ends_at, one.id) for one in kade.phases
        )
        told = {name: getattr(kade, name) for name in service.TEXTS}
        brief = service.Brief(
            kade.title,
            kade.question,
            from_wkb(kade.area),
            spans,
            **{"degree": Degree(kade.degree), **told, **fields},
        )
        try:
            with transaction():
                service.change_assignment(
                    PLANNER, kade, brief, kade.revision, datetime.now(UTC), reason=reason
                )
        except Invalid as error:
            return [problem.pointer for problem in error.problems]
        finally:
            db.session.remove()
        for thread in threading.enumerate():
            if thread.name == "tell-followers":
                thread.join(20)
    return []


def logged(app: Flask) -> list[tuple[str, str, str, str, str]]:
    with app.app_context():
        rows = queries.promise_changes_of(assignment_by_slug("kade").id)
        return [(one.what, one.old, one.new, one.reason, one.by_role) for one in rows]


def test_who_decides_does_not_change_without_a_reason_that_everybody_reads(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        make_street()
    assert changed(app, " ", who_decides=NEW) == ["/reason"]
    assert changed(app, "", degree=Degree.CONSULT) == ["/reason"]
    # Other words that promise nothing, and other spaces, are no change.
    assert changed(app, "", planning="In mei.", who_decides=f"  {OLD.replace(' ', '  ')} ") == []
    assert logged(app) == []
    assert changed(app, who_decides=NEW) == []
    assert changed(app, "We willen het eerst horen.", degree=Degree.CONSULT) == []
    assert logged(app) == [
        ("degree", "advise", "consult", "We willen het eerst horen.", "planner"),
        ("who_decides", logged(app)[1][1], NEW, WHY, "planner"),
    ]
    page = client.get("/assignments/kade").text
    assert f"Wie beslist: nu “{NEW[:-1]}”." in page
    assert WHY in page
    assert "nu “Meepraten”. Dat was “Adviseren”." in page
    [first, second] = client.get("/api/assignments/kade").get_json()["promises_changed"]
    assert (first["what"], first["from"], first["to"]) == ("degree", "advise", "consult")
    assert (second["to"], second["reason"], second["by"]) == (NEW, WHY, "planner")


def test_a_concept_changes_freely(app: Flask, clean: None) -> None:
    with app.app_context():
        make_street()
        with transaction():
            assignment_by_slug("kade").published_at = None
    assert changed_concept(app) == 0


def changed_concept(app: Flask) -> int:
    with app.test_request_context("/"), transaction():
        kade = assignment_by_slug("kade", concepts=True)
        spans = tuple(PhaseDraft(one.type, one.starts_at, one.ends_at, one.id) for one in kade.phases)
        brief = service.Brief(
            kade.title, kade.question, from_wkb(kade.area), spans, **{**TOLD, "who_decides": NEW}
        )
        service.change_assignment(PLANNER, kade, brief, kade.revision, datetime.now(UTC))
        return db.session.scalar(db.select(db.func.count()).select_from(PromiseChange)) or 0


def test_followers_hear_it_once_together_with_dates_that_moved(
    app: Flask, client: FlaskClient, post: Mailbox
) -> None:
    with app.app_context():
        make_street()
    jan = Browser(app.test_client())
    sign_in(jan, "jan@voorbeeld.nl")
    assert jan.post("/assignments/kade/follow", {"follow": "yes"}).status_code == 303
    with app.app_context():
        one = assignment_by_slug("kade").phases[0]
        later = (PhaseDraft(one.type, one.starts_at, None, one.id),)
    assert changed(app, who_decides=NEW, phases=later) == []
    (message,) = post.messages
    said = str(message.get_content())
    assert message["Subject"] == "Anders besloten: De Kade opnieuw"
    assert f"Wie beslist: nu “{NEW[:-1]}”. Dat was “{OLD[:-1]}”." in said
    assert "zonder einddatum" in said
    assert said.count(f"Waarom: {WHY}") == 2
    # Nothing goes twice, and what comes after it is a mail of its own.
    assert app.test_cli_runner().invoke(args=["assignments", "tell"]).exit_code == 0
    assert len(post.messages) == 1
    assert changed(app, "Toch weer.", who_decides=OLD) == []
    assert len(post.messages) == 2
    assert "zonder einddatum" not in str(post.messages[1].get_content())


def test_a_round_says_what_was_promised_when_it_was_frozen(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context("/"):
        assignment = make_street(
            phases=(
                PhaseDraft("draw", datetime(2026, 1, 1, tzinfo=UTC), None),
                PhaseDraft("choose", datetime(2026, 1, 1, tzinfo=UTC), None),
            )
        )
        round_ = announced_round(assignment)
        round_id, promise = round_.id, round_.freeze_hash
        db.session.remove()
    document = client.get(f"/api/rounds/{round_id}/freeze")
    assert orjson.loads(document.data)["promised"] == {"degree": "advise", "who_decides": OLD}
    page = client.get(f"/rounds/{round_id}").text
    assert f"Wie beslist: {OLD}" in page
    assert "Nadat deze stemronde is vastgezet" not in page
    assert changed(app, who_decides=NEW) == []
    page = client.get(f"/rounds/{round_id}").text
    assert f"Wie beslist: {OLD}" in page
    assert "Nadat deze stemronde is vastgezet" in page
    assert f"Wie beslist: nu “{NEW[:-1]}”. Dat was “{OLD[:-1]}”." in page
    assert WHY in page
    assert client.get(f"/api/rounds/{round_id}").get_json()["freeze_hash"] == promise
    # How much residents have to say stays with a frozen round, with or without a reason.
    assert changed(app, degree=Degree.DECIDE) == ["/degree"]


def test_a_result_means_what_was_promised(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round(app, [["A"]] * 12)
    assert changed(app, who_decides=NEW) == []
    with app.test_request_context("/"):
        with transaction():
            results.count(round_.id, 10)
            results.publish(round_.id)
        db.session.remove()
    page = client.get(f"/rounds/{round_.id}/result").text
    assert f"Wie beslist: {OLD}" in page
    assert f"Dat was “{OLD[:-1]}”." in page


def test_of_a_round_from_before_the_log_tells_what_was_promised(app: Flask, client: FlaskClient) -> None:
    """Its frozen document does not say it, and stays as it is."""
    round_ = closed_round(app, [["A"]] * 12)
    with app.app_context(), transaction():
        db.session.execute(db.text("SET LOCAL session_replication_role = replica"))
        document = orjson.loads(db.session.execute(db.text("SELECT freeze_document FROM round")).scalar_one())
        del document["promised"]
        text = orjson.dumps(document).decode()
        db.session.execute(
            db.text(
                "UPDATE round SET freeze_document = :text,"
                " freeze_hash = encode(sha256(convert_to(:text, 'UTF8')), 'hex')"
            ),
            {"text": text},
        )
    assert changed(app, who_decides="Iemand anders.") == []
    assert changed(app, who_decides=NEW) == []
    assert f"Wie beslist: {OLD}" in client.get(f"/rounds/{round_.id}").text
