"""A disk that is really full: a small one in memory, where the account of the tests may mount it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask

from tests.factories import make_street
from tools import checks
from tools.cluster import Cluster
from tools.console import DISK_FULL, Stop
from tools.database import NO_ROOM


class SmallDisk:
    """A disk of its own, as large as asked."""

    def __init__(self, path: Path, megabytes: int) -> None:
        self.path = path
        self._mount("-t", "tmpfs", "-o", f"size={megabytes}M,mode=755", "tmpfs")

    def _mount(self, *words: str) -> None:
        done = subprocess.run(["mount", *words, str(self.path)], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"this account may not mount a disk in memory: {done.stderr.strip()}")

    def grow(self, megabytes: int) -> None:
        """Give it more room."""
        self._mount("-o", f"remount,size={megabytes}M")

    def fill(self) -> None:
        """Use all that is left, to the last block."""
        with (self.path / "filler").open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass
        assert shutil.disk_usage(self.path).free == 0


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    """16 MB: less than an empty database needs."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a disk")
    path = Path(tempfile.mkdtemp(prefix="stoepkrijt-disk-", dir="/var/tmp"))
    path.chmod(0o755)
    try:
        yield SmallDisk(path, 16)
    finally:
        subprocess.run(["umount", str(path)], capture_output=True, check=False)
        path.rmdir()


def test_too_little_room_is_said_with_the_folder_and_what_is_needed(disk: SmallDisk) -> None:
    with pytest.raises(Stop, match=rf"too little room on the disk of {disk.path}: 16 MB free, 100 MB needed"):
        checks.disk(disk.path)


def test_a_disk_that_fills_up_ends_in_a_sentence_and_with_more_room_the_start_goes_on(
    disk: SmallDisk,
) -> None:
    cluster = Cluster(disk.path / "cluster", durable=False)
    with pytest.raises(Stop) as caught:
        cluster.start()
    assert str(caught.value) == DISK_FULL
    disk.grow(200)
    cluster.start()
    try:
        url = cluster.ensure_database("small")
        disk.fill()
        command = [sys.executable, "-m", "tools.database", "check", url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr.strip()) == (1, NO_ROOM)
        (disk.path / "filler").unlink()
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    finally:
        cluster.join()
        cluster.remove()


@pytest.fixture
def full(app: Flask, clean: None, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> SmallDisk:
    """A street, and no room on the disk where its exports would be kept."""
    with app.app_context():
        make_street()
    (disk.path / "exports").mkdir()
    monkeypatch.setitem(app.config, "CACHE_DIR", str(disk.path))
    disk.fill()
    return disk


def test_a_copy_that_fits_only_in_part_is_not_kept(app: Flask, full: SmallDisk) -> None:
    """A disk with one page left takes the beginning of a file without a word."""
    filler = full.path / "filler"
    os.truncate(filler, filler.stat().st_size - 4096)
    client = app.test_client()
    bodies = [client.get("/api/export/street-objects.geojson", buffered=True).data for _time in range(3)]
    assert len(bodies[0]) > 4096
    assert bodies[0] == bodies[1] == bodies[2]
    assert list((full.path / "exports").iterdir()) == []


def test_without_a_folder_to_keep_files_in_streams_go_on(
    app: Flask, clean: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        make_street()
    (tmp_path / "a file").touch()
    monkeypatch.setitem(app.config, "CACHE_DIR", str(tmp_path / "a file" / "cache"))
    client = app.test_client()
    answers = {
        form: client.get(f"/api/export/street-objects.{form}", buffered=True).status_code
        for form in ("geojson", "csv", "gpkg", "fgb", "parquet")
    }
    assert answers == {"geojson": 200, "csv": 200, "gpkg": 503, "fgb": 503, "parquet": 503}


@pytest.mark.parametrize("form", ["gpkg", "fgb", "parquet"])
def test_a_file_for_which_there_is_no_room_is_refused_with_what_can_be_had(
    app: Flask, full: SmallDisk, form: str
) -> None:
    client = app.test_client()
    refused = client.get(f"/api/export/street-objects.{form}")
    assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert "geen ruimte" in refused.get_json()["detail"] and refused.headers["Retry-After"] == "300"
    for _time in range(2):
        assert client.get("/api/export/street-objects.geojson", buffered=True).status_code == 200
    assert list((full.path / "exports").iterdir()) == []
    (full.path / "filler").unlink()
    assert client.get(f"/api/export/street-objects.{form}", buffered=True).status_code == 200
