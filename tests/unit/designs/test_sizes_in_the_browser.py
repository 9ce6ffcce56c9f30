"""Sizes that the workshop needs before the server has answered are the ones that the checks use."""

from __future__ import annotations

import re
from pathlib import Path

from app.designs.checks.street import POINT_SIZES

SNAPPER = Path(__file__).resolve().parents[3] / "frontend" / "src" / "editor" / "snapper.ts"


def test_an_existing_thing_is_as_big_when_it_snaps_as_when_it_is_checked() -> None:
    table = re.search(r"(?s)POINT_SIZES: [^=]*= \{(.*?)\};", SNAPPER.read_text("utf-8"))
    assert table is not None
    shown = {
        kind: (float(width), float(length))
        for kind, width, length in re.findall(r"(\w+): \[([\d.]+), ([\d.]+)\]", table[1])
    }
    assert shown == {
        kind: size if isinstance(size, tuple) else (size, size) for kind, size in POINT_SIZES.items()
    }
