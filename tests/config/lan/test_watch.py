import logging
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quenotte.config import data_folder
from quenotte.config.lan import keeping
from quenotte.config.lan.watch import EVERY_S, Watch

pytestmark = pytest.mark.one_engine

HOME = keeping.Wanted(("cabinet.local",), ("127.0.0.1",))
MOVED = keeping.Wanted(("cabinet.local",), ("127.0.0.1", "192.168.1.77"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder."""
    return data_folder.prepare(tmp_path / "data")


@pytest.fixture
def watch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """A watch over a certificate that was just made."""
    monkeypatch.setattr(keeping, "wanted", lambda _name: HOME)
    return Watch(folder, "", keeping.ensure(folder, HOME, datetime.now(UTC)))


def test_it_looks_from_time_to_time(watch: Watch):
    assert not watch.is_due()
    watch.due_at = time.monotonic()
    assert watch.is_due()
    assert not watch.look()
    assert watch.due_at == pytest.approx(time.monotonic() + EVERY_S, abs=5)


def test_machine_that_moved_has_a_new_certificate(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keeping, "wanted", lambda _name: MOVED)
    assert watch.look()
    assert not watch.look()
    _authority, server = keeping.look(folder)
    assert server is not None
    assert "192.168.1.77" in server.names


def test_certificate_renewed_by_another_hand_is_seen(watch: Watch, folder: Path):
    keeping.ensure(folder, HOME, datetime.now(UTC), asked=True)
    assert watch.look()
    assert not watch.look()


def test_trouble_is_told_once_and_tried_again(
    watch: Watch,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    path = keeping.authority_path(folder)
    whole = path.read_bytes()
    path.write_bytes(b"half a file")
    assert not watch.look()
    assert not watch.look()
    assert len(caplog.records) == 1
    assert "illisible" in caplog.text
    path.write_bytes(whole)
    monkeypatch.setattr(keeping, "wanted", lambda _name: MOVED)
    caplog.set_level(logging.INFO)
    assert watch.look()
    assert "certificate renewed (name_missing)" in caplog.text


def test_clock_that_jumps_keeps_what_is_served(
    watch: Watch, folder: Path, frozen_clock: object, caplog: pytest.LogCaptureFixture
):
    before = keeping.look(folder)
    frozen_clock.shift(timedelta(days=20_000))  # type: ignore[attr-defined]
    assert not watch.look()
    assert "horloge" in caplog.text
    assert keeping.look(folder) == before
    frozen_clock.shift(timedelta(days=-20_000))  # type: ignore[attr-defined]
    assert not watch.look()
    assert keeping.look(folder) == before
