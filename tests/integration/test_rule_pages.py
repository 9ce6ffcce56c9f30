"""The page with all rules, and a planner who sets a number."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app.accounts.domain import Role
from geodata import rulebook
from tests.factories.people import Browser, sign_in

NUMBER = "/desk/rules/R15/small_m"


@pytest.fixture
def planner(app: Flask, clean: None) -> Browser:
    browser = Browser(app.test_client())
    sign_in(browser, "planner@voorbeeld.nl", Role.PLANNER)
    return browser


def test_everybody_reads_every_rule_with_its_numbers_and_who_stands_for_them(
    client: FlaskClient, clean: None
) -> None:
    page = html.fromstring(client.get("/rules").text)
    shown = {section.get("id") for section in page.xpath("//section[contains(@class,'rule')]")}
    assert shown == set(rulebook.load().rules)
    (row,) = page.xpath("//section[@id='R01']//tr[th[contains(.,'overal vrij')]]")
    assert "1,50 m" in row.text_content()
    assert "Zwolle" in row.text_content()
    (assumed,) = page.xpath("//section[@id='R11']//tbody/tr")
    assert "aanname" in assumed.text_content()
    assert not page.xpath("//a[contains(@href,'/desk/rules')]")


def test_a_planner_sets_a_number_and_its_history_stays(planner: Browser, client: FlaskClient) -> None:
    assert "Nog nooit" in planner.client.get(NUMBER).text
    form = {"value": "1,80", "owner": "Groen en water", "reason": "Besluit 12", "act": "set"}
    assert planner.post(NUMBER, form).status_code == 303
    assert "1,80 m" in planner.client.get("/rules").text
    assert planner.post(NUMBER, {**form, "act": "reset", "reason": "Ingetrokken"}).status_code == 303
    page = html.fromstring(planner.client.get(NUMBER).text)
    rows = [row.text_content() for row in page.xpath("//ol[@class='history']/li")]
    assert len(rows) == 2
    assert "Ingetrokken" in rows[0]
    assert "1,80 m" in rows[1]
    assert "Groen en water" in rows[1]
    assert "planner@voorbeeld.nl" not in client.get("/rules").text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"value": "veel"}, "value"),
        ({"value": "nan"}, "value"),
        ({"value": "1e400"}, "value"),
        ({"value": "99"}, "value"),
        ({"value": ""}, "value"),
        ({"owner": " "}, "owner"),
        ({"reason": "x" * 1001}, "reason"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(
    planner: Browser, given: dict[str, str], field: str
) -> None:
    form = {"value": "2", "owner": "Groen", "reason": "Omdat", "act": "set", **given}
    answer = planner.post(NUMBER, form)
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.xpath("//div[@role='alert']//a/@href") == [f"#f-{field}"]
    assert page.xpath("//input[@name='owner']/@value")[0] == form["owner"]
    assert "Nog nooit" in planner.client.get(NUMBER).text


@pytest.mark.parametrize("path", ["/desk/rules/R10/crossing_m", "/desk/rules/R99/min_m", "/desk/rules/R15/x"])
def test_what_cannot_be_set_is_not_found(planner: Browser, path: str) -> None:
    assert planner.client.get(path).status_code == 404
    assert planner.post(path, {"value": "2", "owner": "a", "reason": "b"}).status_code == 404


def test_a_resident_sets_nothing(app: Flask, clean: None) -> None:
    resident = Browser(app.test_client())
    form = {"value": "2", "owner": "a", "reason": "b"}
    assert resident.post(NUMBER, form).status_code in (302, 303, 403)
    assert (
        "2,00 m"
        not in html.fromstring(resident.client.get("/rules").text)
        .xpath("//section[@id='R15']")[0]
        .text_content()
    )
