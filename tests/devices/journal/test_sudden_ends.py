"""The journal is killed, or its disk is full, at each of its writes: nothing is lost."""

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quenotte.devices.journal.carriers import Folder
from quenotte.devices.journal.states import Chain, Why
from tests.devices.journal.site import Site

#: What the journal asks of the disk.
_CALLS = ("fsync", "write", "replace", "rename", "unlink", "open")


def _on_each_call(monkeypatch: pytest.MonkeyPatch, what: Callable[[str], None]) -> None:
    for name in _CALLS:
        ours: Any = getattr(os, name)

        def called(*arguments: Any, _ours: Any = ours, _name: str = name, **named: Any) -> Any:
            what(_name)
            return _ours(*arguments, **named)

        monkeypatch.setattr(os, name, called)


def _work(site: Site, monkeypatch: pytest.MonkeyPatch, *, die_at: int) -> int:
    """Go through all that the journal does, and be killed on the way; return the calls made."""
    calls = [0]

    def count(_name: str) -> None:
        calls[0] += 1
        if calls[0] == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr("quenotte.devices.journal.steps.PART_BYTES", 3 * 4096)
    monkeypatch.setattr("quenotte.devices.journal.shipping.SETTLE_FRAMES", 12)
    _on_each_call(monkeypatch, count)
    for _ in range(3):
        site.turn()
        site.write(2, each=20)
    site.turn()
    return calls[0]


def _in_another_process(work: Callable[[], object]) -> int:
    """Run work in a copy of this process; return its exit status: negative when it was killed."""
    number = os.fork()
    if number == 0:
        try:
            work()
        finally:
            # Killed on the way, it does not come here.
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def test_killed_at_each_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "all").mkdir()
    counted = Site(tmp_path / "all")
    with monkeypatch.context() as patched:
        calls = _work(counted, patched, die_at=0)
    counted.close()
    assert calls > 100
    ends = []
    for die_at in range(1, calls, 13):
        folder = tmp_path / str(die_at)
        folder.mkdir()

        def live(folder: Path = folder, die_at: int = die_at) -> None:
            with monkeypatch.context() as patched:
                _work(Site(folder), patched, die_at=die_at)

        ends.append(_in_another_process(live))
        _comes_back(folder)
    assert set(ends) == {-signal.SIGKILL}


def _comes_back(folder: Path) -> None:
    again = Site(folder)
    assert again.turn().chain is Chain.PROVEN
    assert again.replayed_dump() == again.dump()
    again.write()
    again.turn()
    made = again.replayed()
    assert again.replayed_dump() == again.dump()
    assert made.is_whole
    again.shipper.prove()
    again.close()


def test_full_disk_at_each_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    site = Site(tmp_path)
    site.turn()
    monkeypatch.setattr("quenotte.devices.journal.steps.PART_BYTES", 3 * 4096)
    told = set()
    for full_at in range(1, 40, 3):
        calls = [0]

        def refuse(name: str, calls: list[int] = calls, full_at: int = full_at) -> None:
            calls[0] += name in {"fsync", "write"}
            if calls[0] >= full_at and name in {"fsync", "write"}:
                raise OSError(errno.ENOSPC, "No space left on device")

        site.write(2, each=20)
        with monkeypatch.context() as patched:
            _on_each_call(patched, refuse)
            told.add(site.turn(deliver=False).why)
        site.write()
        site.now += 1000
        assert site.turn().chain is Chain.PROVEN
        assert site.replayed_dump() == site.dump()
        site.shipper.prove()
    assert Why.DISK_FULL in told
    assert told <= {Why.DISK_FULL, Why.NOTHING}


def test_carrier_that_is_full_has_it_when_it_is_not(site: Site, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    site.turn()
    with monkeypatch.context() as patched:
        patched.setattr(Folder, "put", refuse)
        for _ in range(3):
            site.write()
            assert site.turn().chain is Chain.PROVEN
        assert site.couriers[0].trouble == "No space left on device"
        assert len(site.shipper.end.spool.names()) == 3
        site.restart()
    site.turn()
    assert (site.couriers[0].trouble, site.shipper.end.spool.names()) == ("", [])
    assert (site.memory.holes, site.replayed_dump()) == ((), site.dump())
