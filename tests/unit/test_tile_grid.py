"""The WebMercatorQuad grid, held against PROJ."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Transformer

from app.core.tiles import MAX_ZOOM, Tile

TO_MERCATOR = Transformer.from_crs(4326, 3857, always_xy=True)
# Where the square of the grid ends.
HIGHEST_LAT = 85.05


@given(
    st.integers(0, MAX_ZOOM),
    st.floats(-180, 180, allow_nan=False),
    st.floats(-HIGHEST_LAT, HIGHEST_LAT, allow_nan=False),
)
@example(22, 4.3571, 52.0116)
def test_a_place_lies_in_its_tile(z: int, lon: float, lat: float) -> None:
    west, south, east, north = Tile.at(z, lon, lat).bounds()
    x, y = TO_MERCATOR.transform(lon, lat)
    # A millimetre for what the two ways to reckon differ.
    assert west - 0.001 <= x <= east + 0.001
    assert south - 0.001 <= y <= north + 0.001


def test_beyond_the_grid_is_its_edge() -> None:
    assert Tile.at(3, 181, 90) == Tile(3, 7, 0)
    assert Tile.at(3, -181, -90) == Tile(3, 0, 7)
