"""The picture of a cross-section: to scale, dashed only where drawn, and safe to put in a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.designs.section_drawing import LAYOUTS, Label, Wording, draw
from app.designs.section_shapes import USUAL_HEIGHTS
from geodata.section import STANDING, Band, Element, Facade, Section, Span

SVG = "{http://www.w3.org/2000/svg}"


def section(
    widths: Sequence[tuple[str, float, str | None]],
    elements: Sequence[Element] = (),
    facades: tuple[Facade | None, Facade | None] = (Facade(9.0), Facade(None)),
) -> Section:
    bands, at = [], 0.0
    for kind, width, certainty in widths:
        bands.append(Band(kind, at, at + width, certainty))  # type: ignore[arg-type]
        at += width
    return Section(Span((0, 0), (at, 0), at / 2, facades), tuple(bands), tuple(elements))


def words(of: Section, name: str = "stoep") -> Wording:
    labels = [Label(name, f"{band.width_m:.2f} m", f"{band.width_m:.2f}") for band in of.bands]
    return Wording("Doorsnede", "Van links naar rechts.", labels, ("noord", "zuid"))


def drawn(of: Section, layout: str = "page", **how: str) -> ElementTree.Element:
    return ElementTree.fromstring(draw(of, words(of, **how), layout=layout, uid="x"))


def grounds(root: ElementTree.Element) -> list[tuple[float, float]]:
    found = [g.find(f"{SVG}rect") for g in root.iter(f"{SVG}g") if "section-ground" in g.get("class", "")]
    return [(float(r.get("x", "")), float(r.get("width", ""))) for r in found if r is not None]


STREET = [("pavement", 2.0, "measured"), ("carriageway", 5.0, "estimated"), ("pavement", 3.0, "measured")]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_bands_are_to_scale_and_lie_side_by_side(layout: str) -> None:
    found = grounds(drawn(section(STREET), layout))
    scale = found[0][1] / 2
    assert [width for _, width in found] == pytest.approx([2 * scale, 5 * scale, 3 * scale], abs=0.02)
    assert found[1][0] == pytest.approx(found[0][0] + found[0][1], abs=0.02)
    assert found[2][0] == pytest.approx(found[1][0] + found[1][1], abs=0.02)


def test_heights_have_the_same_scale_as_widths() -> None:
    lamp = Element("lamp", 1.0, 1.0, 1.0, 0.0, "measured", height_m=4.0)
    root = drawn(section(STREET, [lamp]))
    [group] = [g for g in root.iter(f"{SVG}g") if g.get("class") == "section-lamp"]
    scale = re.search(r"scale\(([\d.]+)\)", group.get("transform", ""))
    assert scale is not None
    assert float(scale[1]) == pytest.approx(grounds(root)[0][1] / 2, abs=0.01)
    bar = group.find(f"{SVG}path")
    assert bar is not None and (bar.get("d") or "").startswith("M0 0V-4.00")


def test_a_lamp_hangs_over_the_carriageway() -> None:
    def turned(at: float) -> bool:
        root = drawn(section(STREET, [Element("lamp", at, at, at, 0.0, "measured")]))
        [group] = [g for g in root.iter(f"{SVG}g") if g.get("class") == "section-lamp"]
        return "scale(-" in (group.get("transform") or "")

    # The carriageway runs from 2 to 7 m.
    assert not turned(1.5)
    assert turned(7.5)


def test_only_what_is_drawn_is_dashed_in_chalk() -> None:
    tree = Element("tree", 1.0, 1.0, 1.0, 0.0, "drawn", "tree_small", 5.0, 4.0)
    stone = draw(
        section([("pavement", 4, "measured")]),
        words(section([("pavement", 4, "measured")])),
        layout="page",
        uid="x",
    )
    assert "stroke-dasharray" not in stone
    chalked = section([("green", 4, "drawn")], [tree])
    svg = draw(chalked, words(chalked), layout="page", uid="x", looks={"tree_small": "green"})
    assert 'class="section-tree section-drawn"' in svg
    assert 'stroke-dasharray="6 3"' in svg
    assert "#237a39" in svg


def test_words_of_people_are_no_markup_and_there_is_no_inline_style() -> None:
    of = section(STREET)
    wording = Wording('<script>"x"', "a & b", words(of, name="<b>").labels, ("<i>", "&"))
    svg = draw(of, wording, layout="page", uid="x")
    root = ElementTree.fromstring(svg)
    assert "<script>" not in svg and "style=" not in svg
    title = root.find(f"{SVG}title")
    assert title is not None and title.text == '<script>"x"'
    assert root.get("role") == "img"
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == ("x-t", "x-d")


def test_ids_are_of_the_picture_alone() -> None:
    of = section(STREET)
    one, other = (
        set(re.findall(r'id="([^"]+)"', draw(of, words(of), layout="strip", uid=uid))) for uid in "ab"
    )
    assert one and not one & other


def test_there_is_no_wall_where_there_is_no_facade() -> None:
    def walls(*facades: Facade | None) -> int:
        root = drawn(section(STREET, facades=facades))  # type: ignore[arg-type]
        return sum(g.get("class") == "section-wall" for g in root.iter(f"{SVG}g"))

    assert walls(Facade(9.0), Facade(None)) == 2
    assert walls(Facade(9.0), None) == 1
    assert walls(None, None) == 0


def test_a_car_stands_in_a_bay_and_people_where_nothing_is_in_their_way() -> None:
    def figures(bands: list[tuple[str, float, str | None]], *elements: Element) -> int:
        root = drawn(section(bands, elements))
        return sum(g.get("class") == "section-figure" for g in root.iter(f"{SVG}g"))

    assert figures([("parking", 2.0, "measured")]) == 1
    assert figures([("parking", 1.2, "measured")]) == 0
    assert figures([("pavement", 2.0, "measured"), ("carriageway", 4.0, "measured")]) == 2
    crowded = Element("bench", 1.0, 0.1, 1.9, 0.0, "measured")
    assert figures([("pavement", 2.0, "measured")], crowded) == 0


def test_cables_lie_in_the_ground_and_are_in_nobodys_way() -> None:
    gas = Element("cable", 1.0, 1.0, 1.0, 0.0, "measured", sort="gas")
    root = drawn(section([("pavement", 2.0, "measured")], [gas]))
    [cable] = [c for c in root.iter(f"{SVG}circle") if c.get("class") == "section-cable"]
    top = min(float(g.get("y", "")) for g in root.iter(f"{SVG}rect") if g.get("fill") == "#eae6dd")
    assert float(cable.get("cy", "")) > top
    assert sum(g.get("class") == "section-figure" for g in root.iter(f"{SVG}g")) == 1


def test_a_figure_too_wide_for_its_band_stands_lower_with_a_line_to_it() -> None:
    of = section([("pavement", 20, "measured"), ("green", 0.45, "drawn"), ("pavement", 20, "measured")])
    root = ElementTree.fromstring(draw(of, words(of), layout="strip", uid="x"))
    texts = {text.text: float(text.get("y", "0")) for text in root.iter(f"{SVG}text")}
    assert texts["0.45"] > texts["20.00 m"] + 14


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_pavement_that_is_too_narrow_says_what_is_needed(layout: str) -> None:
    """In words and in the colour of "kan, mits", in every size of picture."""
    of = section(
        [("pavement", 1.7, "measured"), ("carriageway", 5.0, "measured"), ("pavement", 2.0, "measured")]
    )
    plain = words(of)
    labels = [replace(plain.labels[0], narrow=True, needed="nodig 1,80"), *plain.labels[1:]]
    svg = draw(of, replace(plain, labels=labels), layout=layout, uid="x")
    marked = [e for e in ElementTree.fromstring(svg).iter() if e.get("class") == "section-needed"]
    lines = [e for e in marked if e.tag == f"{SVG}path"]
    told = " ".join(e.text or "" for e in marked if e.tag == f"{SVG}text")
    assert len(lines) == 1 and lines[0].get("stroke") == "#8a5300"
    assert "1.70" in told and "nodig 1,80" in told and "2.00" not in told
    assert "section-needed" not in draw(of, plain, layout=layout, uid="x")


ELEMENTS = st.builds(
    lambda kind, at, wide, height, certainty: Element(
        kind, at, max(0, at - wide / 2), at + wide / 2, 0.0, certainty, "", height, None
    ),
    st.sampled_from([*sorted(STANDING), "hedge", "barrier", "rail", "cable", "dinosaur"]),
    st.floats(0, 30),
    st.floats(0, 5),
    st.none() | st.floats(0.1, 120),
    st.sampled_from(["measured", "estimated", "drawn"]),
)
BANDS = st.lists(
    st.tuples(
        st.sampled_from(["pavement", "carriageway", "parking", "green", "water", "hedge", "unknown", "rail"]),
        st.floats(0.05, 40),
        st.sampled_from(["measured", "estimated", "drawn", None]),
    ),
    min_size=1,
    max_size=12,
)
FACADES = st.none() | st.builds(Facade, st.none() | st.floats(0.1, 120), st.booleans())


@settings(deadline=None)
@given(BANDS, st.lists(ELEMENTS, max_size=6), st.tuples(FACADES, FACADES), st.sampled_from(sorted(LAYOUTS)))
def test_whatever_the_street_the_picture_is_whole(
    bands: list[tuple[str, float, str | None]],
    elements: list[Element],
    facades: tuple[Facade | None, Facade | None],
    layout: str,
) -> None:
    of = section(bands, elements, facades)
    svg = draw(of, words(of), layout=layout, uid="x")
    root = ElementTree.fromstring(svg)
    assert "nan" not in svg and "inf" not in svg
    assert float(root.get("width", "")) <= LAYOUTS[layout].width + 0.5
    assert 40 < float(root.get("height", "")) < 420
    right = float(root.get("viewBox", "").split()[2])
    for text in root.iter(f"{SVG}text"):
        assert -1 <= float(text.get("x", "")) <= right + 1


def test_every_standing_kind_has_a_height_to_draw_it_with() -> None:
    assert STANDING - {"tree"} <= USUAL_HEIGHTS.keys()
