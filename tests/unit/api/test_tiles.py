"""The arithmetic of tiles, and the cache."""

from __future__ import annotations

import pytest

from app.core.tiles import HALF_WORLD_M, Tile, TileCache


def test_the_only_tile_of_zoom_zero_is_the_world() -> None:
    assert Tile(0, 0, 0).bounds() == pytest.approx((-HALF_WORLD_M, -HALF_WORLD_M, HALF_WORLD_M, HALF_WORLD_M))


def test_rows_are_counted_from_the_north() -> None:
    assert Tile(1, 0, 0).bounds() == pytest.approx((-HALF_WORLD_M, 0, 0, HALF_WORLD_M))
    assert Tile(1, 1, 1).bounds() == pytest.approx((0, -HALF_WORLD_M, HALF_WORLD_M, 0))


def test_neighbours_share_an_edge_and_a_buffer_reaches_over_it() -> None:
    west, east = Tile(16, 33659, 21538), Tile(16, 33660, 21538)
    assert west.bounds()[2] == pytest.approx(east.bounds()[0])
    assert east.bounds(64)[0] == pytest.approx(east.bounds()[0] - east.width_m / 64)


@pytest.mark.parametrize(
    ("z", "x", "y"),
    [
        ("23", "0", "0"),
        ("1", "2", "0"),
        ("1", "0", "2"),
        ("-1", "0", "0"),
        ("1.0", "0", "0"),
        ("9" * 5000, "0", "0"),
        ("²", "0", "0"),
        ("", "0", "0"),
    ],
)
def test_a_tile_outside_the_grid_does_not_exist(z: str, x: str, y: str) -> None:
    assert Tile.read(z, x, y) is None


def test_the_cache_lets_go_of_what_was_longest_unused() -> None:
    cache = TileCache(max_bytes=30)
    cache.put("a", b"1" * 9)
    cache.put("b", b"2" * 9)
    assert cache.get("a") == b"1" * 9
    cache.put("c", b"3" * 15)
    assert cache.get("b") is None and cache.get("a") is not None and len(cache) == 2


def test_putting_a_tile_again_does_not_count_it_twice() -> None:
    cache = TileCache(max_bytes=30)
    for _time in range(10):
        cache.put("a", b"1" * 9)
    cache.put("b", b"2" * 9)
    assert len(cache) == 2
