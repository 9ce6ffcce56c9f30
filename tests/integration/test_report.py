"""The report: one file, nothing from outside, and people's words only as words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from markupsafe import escape
from playwright.sync_api import Browser, Page

from app.accounts.domain import Role
from app.pages.report import render_report, report_cli
from app.projects.queries import assignment_by_slug
from tests.factories import Resident, addition, design_body, make_street, object_id, people

NASTY = (
    "</script><script>window.pwned=1</script> \"dubbel\" 'enkel'"
    " `${window.pwned=2}` \\ <img src=x onerror=window.pwned=3>"
)
BUILT = Path(__file__).resolve().parents[2] / "static" / "build" / "report" / "leaflet.js"


@pytest.fixture(autouse=True)
def front_end() -> None:
    assert BUILT.exists(), "build the front end first (make test does)"


@pytest.fixture
def street(app: Flask, clean: None) -> Flask:
    """A street with two designs; the second has support and words that try to break out."""
    with app.app_context():
        make_street()
        bay = object_id("vak-0")
    author, neighbour = Resident(app.test_client()), Resident(app.test_client())
    removal = {"type": "Feature", "geometry": None, "properties": {"action": "remove", "object": bay}}
    for title, features in (
        ("Groene Kade", [addition(20, 2), addition(30, 2, "bench")]),
        (NASTY[:110], [removal]),
    ):
        made = author.send("POST", "/api/designs", design_body("kade", *features, title=title))
        assert made.status_code == 201, made.get_data(as_text=True)
        address = made.headers["Location"]
        assert author.send("POST", f"{address}/submit").status_code == 200
    assert neighbour.send("PUT", f"{address}/support").status_code == 200
    return app


def report_of(app: Flask) -> str:
    with app.test_request_context("/"):
        return render_report(assignment_by_slug("kade"))


@pytest.fixture(scope="module")
def offline_page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that is off the net."""
    context = browser.new_context(offline=True, viewport={"width": 1200, "height": 1400})
    yield context.new_page()
    context.close()


def test_it_opens_from_disk_without_a_request_and_draws_the_street(
    street: Flask, offline_page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "rapport.html"
    file.write_text(report_of(street), "utf-8")
    asked: list[str] = []
    wrong: list[str] = []
    offline_page.on("request", lambda request: asked.append(request.url))
    offline_page.on("pageerror", lambda error: wrong.append(str(error)))
    offline_page.on(
        "console", lambda message: wrong.append(message.text) if message.type == "error" else None
    )
    offline_page.goto(file.as_uri())
    offline_page.wait_for_selector(".leaflet-overlay-pane path")
    assert asked == [file.as_uri()]
    assert wrong == []
    # Surfaces, trees, the area's edge; one design is shown, with its tile.
    assert offline_page.locator(".leaflet-overlay-pane path").count() >= 12
    assert offline_page.locator(".leaflet-marker-icon").count() == 1
    layers = offline_page.locator(".leaflet-control-layers-overlays label")
    assert layers.count() == 3
    layers.nth(2).click()
    assert offline_page.locator(".leaflet-marker-icon").count() == 3
    assert offline_page.evaluate("window.pwned") is None


def test_what_people_wrote_shows_as_they_wrote_it(street: Flask, offline_page: Page, tmp_path: Path) -> None:
    file = tmp_path / "rapport.html"
    file.write_text(report_of(street), "utf-8")
    offline_page.goto(file.as_uri())
    offline_page.wait_for_selector(".leaflet-overlay-pane path")
    assert offline_page.locator("tbody th").nth(0).inner_text().startswith(NASTY[:110].replace("  ", " "))
    assert NASTY[:60] in offline_page.locator(".leaflet-control-layers-overlays label").nth(1).inner_text()
    assert offline_page.evaluate("window.pwned") is None


def test_everybody_can_read_it(street: Flask, offline_page: Page, tmp_path: Path) -> None:
    file = tmp_path / "rapport.html"
    # The check itself is a script from outside; only for it the file's own policy is left out.
    file.write_text(
        re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", report_of(street)), "utf-8"
    )
    offline_page.goto(file.as_uri())
    for width in (1200, 390):
        offline_page.set_viewport_size({"width": width, "height": 1400})
        offline_page.wait_for_selector(".leaflet-overlay-pane path")
        found = Axe().run(offline_page)
        assert found.violations_count == 0, found.generate_report()
        assert offline_page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_names_no_address_to_fetch_from(street: Flask) -> None:
    without_scripts = re.sub(r"(?s)<script>.*?</script>", "", report_of(street))
    assert re.findall(r"""<[^>]*\b(?:src|href)\s*=""", without_scripts) == []
    assert "url(" not in without_scripts and "@import" not in without_scripts


def test_the_table_holds_support_effects_and_cost(street: Flask) -> None:
    page = report_of(street)
    rows = re.findall(r"(?s)<tr>\s*<th scope=\"row\">(.*?)</tr>", page)
    assert len(rows) == 2
    most_supported, other = (
        [re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in re.findall(r"(?s)<td>(.*?)</td>", row)]
        for row in rows
    )
    assert most_supported[0] == "1" and "3 → 2 plekken" in most_supported
    assert other[0] == "0" and "2 → 3" in other  # trees
    assert "3 → 6 zitplekken" in other


def test_without_designs_it_says_so(app: Flask, clean: None) -> None:
    with app.app_context():
        make_street()
    assert "Er zijn nog geen ontwerpen ingezonden." in report_of(app)


def test_the_command_writes_the_file(street: Flask, tmp_path: Path) -> None:
    output = tmp_path / "rapport.html"
    runner = street.test_cli_runner()
    made = runner.invoke(report_cli, ["build", "--assignment", "kade", "--output", str(output)])
    assert made.exit_code == 0, made.output
    assert output.read_text("utf-8").startswith("<!doctype html>")


def test_the_command_refuses_what_is_not_there_in_one_sentence(street: Flask, tmp_path: Path) -> None:
    runner = street.test_cli_runner()
    unknown = runner.invoke(
        report_cli, ["build", "--assignment", "nergens", "--output", str(tmp_path / "x.html")]
    )
    assert unknown.exit_code == 1 and unknown.output.startswith("Error: ")
    nowhere = runner.invoke(
        report_cli, ["build", "--assignment", "kade", "--output", str(tmp_path / "geen" / "x.html")]
    )
    assert nowhere.exit_code == 1 and "No such file or directory" in nowhere.output


def test_a_planner_downloads_it_and_nobody_else(street: Flask) -> None:
    address = "/desk/assignments/kade/report.html"
    assert street.test_client().get(address).status_code in (302, 303, 401, 403)
    planner = people.Browser(street.test_client())
    people.sign_in(planner, "planner@example.nl", Role.PLANNER)
    answer = planner.client.get(address)
    assert answer.status_code == 200 and answer.mimetype == "text/html"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="kade-')
    assert planner.client.get("/desk/assignments/nergens/report.html").status_code == 404


SUMMARY = re.compile(r"(?s)<summary><span>(.*?)</span> <b>(.*?)</b>")
STEPS = re.compile(r"(?s)<ol>(.*?)</ol>")
GROUP = re.compile(r'<section class="figs"[^>]*>\s*<h4>(.*?)</h4>')


def test_a_design_has_the_same_figures_in_the_report_as_on_its_page(street: Flask) -> None:
    """All of them, in the same groups and order, with how they were computed; what is not known, too."""
    page = street.test_client()
    designs = page.get("/api/collections/designs/items").get_json()["features"]
    text = report_of(street)
    for design in designs:
        title = design["properties"]["title"]
        shown = page.get(f"/designs/{design['id']}").get_data(as_text=True)
        start = text.index(f"<h3>{escape(title)}</h3>")
        part = text[start : text.find("<h3>", start + 1)]
        figures = SUMMARY.findall(shown)
        assert len(figures) >= 20
        assert SUMMARY.findall(part) == figures
        groups = GROUP.findall(shown)
        assert len(groups) >= 5
        assert GROUP.findall(part) == groups
        how = STEPS.findall(shown[shown.index('id="alle-gevolgen"') :])
        assert how and STEPS.findall(part) == how
