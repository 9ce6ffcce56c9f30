"""The colours that a municipality may override keep their contrast (WCAG 2.x), in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.maps import drawing

TOKENS = Path(__file__).resolve().parents[2] / "frontend" / "styles" / "tokens.css"
TEXT, SHAPE = 4.5, 3.0


def colours(css: str) -> dict[str, str]:
    """The colours that a block of declarations sets, by name."""
    return dict(re.findall(r"--stoep-([\w-]+):\s*(#[0-9a-f]{3,6})", css))


def themes() -> dict[str, dict[str, str]]:
    """The usual theme, the one a reader chooses, and the one the system asks for."""
    css = TOKENS.read_text("utf-8")
    usual = colours(css.split("@media")[0])
    chosen = colours(css.split("[data-contrast=more]{")[1].split("}")[0])
    asked = colours(css.split("prefers-contrast:more")[1])
    return {"usual": usual, "chosen": usual | chosen, "asked": usual | asked}


def luminance(colour: str) -> float:
    """Relative luminance of `#rgb` or `#rrggbb`."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """What stands on what, and the contrast it needs."""
    on_stone = [
        (f"color-{front}", f"color-{back}", TEXT)
        for front in ("text", "text-muted", "action", "kan", "mits", "niet", "open")
        for back in ("surface", "page")
    ]
    soft = [(f"color-{v}", f"color-{v}-soft", TEXT) for v in ("kan", "mits", "niet", "open", "action")]
    slate = [("color-on-slate", "color-slate", TEXT), ("color-on-slate-muted", "color-slate", TEXT)]
    slate += [(f"color-chalk-{c}", "color-slate", SHAPE) for c in ("yellow", "pink", "blue", "green")]
    action = [("color-on-action", "color-action", TEXT), ("color-on-action", "color-action-hover", TEXT)]
    edges = [("color-border-control", f"color-{back}", SHAPE) for back in ("surface", "page")]
    focus = [("focus-outer", "color-surface", SHAPE), ("focus-outer", "color-page", SHAPE)]
    focus += [("focus-inner", "color-slate", SHAPE), ("focus-inner", "color-action", SHAPE)]
    ground = ("ground", "pavement", "carriageway", "parking", "green", "water", "building")
    on_map = [("draw-tile", f"map-{kind}", SHAPE) for kind in ground]
    on_map += [("map-label", f"map-{kind}", TEXT) for kind in ground]
    on_map += [
        (f"draw-{chalk}", f"map-{kind}", SHAPE)
        for chalk in ("green", "water", "paving", "remove")
        for kind in ("pavement", "carriageway", "parking")
    ]
    yellow = [("color-ink", "color-chalk-yellow", TEXT)]
    return on_stone + soft + slate + action + edges + focus + on_map + yellow


@pytest.mark.parametrize("theme", ["usual", "chosen", "asked"])
def test_every_pair_of_colours_has_the_contrast_it_needs(theme: str) -> None:
    palette = themes()[theme]
    short = {
        f"{front} on {back}": round(contrast(palette[front], palette[back]), 2)
        for front, back, least in pairs()
        if contrast(palette[front], palette[back]) < least
    }
    assert short == {}


def test_drawn_maps_use_the_colours_of_the_tokens() -> None:
    palette = themes()["usual"]
    assert {f"draw-{name}": colour for name, colour in drawing.CHALK.items()} == {
        name: palette[name] for name in ("draw-green", "draw-water", "draw-paving", "draw-remove")
    }
    assert (
        palette["map-ground"],
        palette["map-label"],
        palette["draw-tile"],
        palette["draw-select"],
    ) == (drawing.GROUND, drawing.LABEL, drawing.TILE, drawing.SELECT)
    for kind, token in (("carriageway", "carriageway"), ("cycle_path", "cycle"), ("building", "building")):
        assert drawing.SURFACES[kind][0] == palette[f"map-{token}"]
