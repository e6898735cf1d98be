"""The loop, its threads, and what it says of itself."""

import threading
import time
from collections.abc import Callable

import pytest

from quenotte.devices.journal import presence, status
from quenotte.devices.journal.running import run
from tests.devices.journal.site import SEAL, Site

pytestmark = pytest.mark.real_clock


def _until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class _Rude:
    """A carrier that fails in a way of its own."""

    def put(self, name: str, body: bytes) -> None:
        raise RuntimeError

    def names(self) -> list[str]:
        return []

    def get(self, name: str) -> bytes:
        raise RuntimeError


def test_journal_runs_until_it_is_stopped(site: Site):
    stop = threading.Event()
    state = site.folder / "state"
    carriers = {"Disque": site.carriers[0], "Coffre": _Rude()}
    arguments = (site.database, carriers, SEAL, state, stop)
    assert status.read(state) is None
    assert not presence.is_followed(site.database)
    thread = threading.Thread(target=run, args=arguments, kwargs={"every_s": 0.02})
    thread.start()
    _until(lambda: (told := status.read(state)) is not None and told.carriers[0].current_to)
    assert presence.is_followed(site.database)
    site.write()
    _until(lambda: len(list(site.carriers[0].names())) == 2)
    site.write()
    stop.set()
    thread.join()
    assert not presence.is_followed(site.database)
    told = status.read(state)
    assert told is not None
    assert (told.chain, told.why, told.sequence) == ("proven", "", 3)
    disk, vault = told.carriers
    assert (disk.name, disk.sequence, disk.trouble) == ("Disque", 3, "")
    assert (vault.name, vault.current_to, vault.trouble) == ("Coffre", "", "?")
    assert told.waiting_bytes > 0
    assert site.replayed_dump() == site.dump()


def test_only_one_follows_a_log(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(presence, "_PATIENCE_S", 0.05)
    with presence.followed(site.database), pytest.raises(presence.AlreadyFollowed):
        run(site.database, {}, SEAL, site.folder / "state", threading.Event())
    with presence.followed(site.database):
        assert presence.is_followed(site.database)


def test_status_that_cannot_be_read_is_none(site: Site):
    (site.folder / "status.json").write_text('{"holes": [], "carriers": []}')
    assert status.read(site.folder) is None
