from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from app.accounts.models import Person
from app.accounts.overview import Made, Section
from app.accounts.schemas import export_document

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_export_holds_the_person_and_what_each_feature_adds() -> None:
    person = Person(id=uuid4(), email="a@voorbeeld.nl", role="resident", language="nl", created_at=NOW)
    things = [Made("Groen", NOW, data={"id": 1}), Made("Kaal", NOW)]
    document = export_document(
        person, [], [(Section("designs", "Ontwerpen", lambda _id: things), things)], NOW
    )
    assert document["person"]["email"] == "a@voorbeeld.nl"
    assert document["designs"] == [{"id": 1}, {"title": "Kaal", "made_at": NOW}]
