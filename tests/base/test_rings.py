import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from quenotte.base import rings
from quenotte.base.rings import LIVE, Bell, is_alive, ring, ring_on_commit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]


@pytest.fixture
def run_folder(settings: Any, tmp_path: Path) -> Path:
    """An empty ``run`` folder."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


def test_bell_hears_a_committed_ring(run_folder: Path):
    with Bell(LIVE) as bell:
        with transaction.atomic():
            ring_on_commit(LIVE)
            assert not bell.wait(0.1)
        assert bell.wait(5)
        assert not bell.wait(0.05)


def test_bell_hears_nothing_of_what_is_undone_nor_of_others(run_folder: Path):
    def ring_and_break() -> None:
        with transaction.atomic():
            ring_on_commit(LIVE)
            raise ZeroDivisionError

    with Bell(LIVE) as bell:
        with pytest.raises(ZeroDivisionError):
            ring_and_break()
        ring_on_commit(rings.JOBS)
        assert not bell.wait(0.2)


def test_bell_is_woken_from_another_thread(run_folder: Path):
    with Bell(LIVE) as bell:
        threading.Timer(0.1, bell.wake).start()
        began = time.monotonic()
        bell.wait(120)
        assert time.monotonic() - began < 60


def test_cards_come_go_and_do_not_outlive_killed_processes(run_folder: Path):
    stale = run_folder / "live-4194399-1234.json"
    stale.write_text(json.dumps({"port": 9}))
    strange = run_folder / "live-x.json"
    strange.write_text("?")
    bell = rings._UdpWaiter(LIVE)
    cards = sorted(path.name for path in run_folder.iterdir())
    assert cards == [f"live-{os.getpid()}-{bell._address[1]}.json", "live-x.json"]
    ring(LIVE)
    assert bell.wait(5)
    bell.close()
    assert [path.name for path in run_folder.iterdir()] == ["live-x.json"]


def test_is_alive():
    assert is_alive(os.getpid())
    assert is_alive(1)
    assert not is_alive(4194399)


def test_bell_comes_back_when_its_connection_is_cut(run_folder: Path):
    with Bell(LIVE) as bell:
        if connection.vendor == "postgresql":
            waiter: Any = bell._waiter
            waiter._connection.close()
            # The next wait connects again and says: look, something may be lost.
            assert bell.wait(5)
        ring_on_commit(LIVE)
        assert bell.wait(5)
