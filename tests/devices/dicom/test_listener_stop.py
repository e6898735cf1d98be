"""Start, stop and what earlier processes left."""

import os
import threading
import time
from pathlib import Path
from typing import cast

import psutil
import pytest
from pynetdicom.transport import AssociationSocket

from quenotte.devices.dicom import reception
from quenotte.devices.dicom.fake import FakeDevice, FakeHandler
from quenotte.devices.dicom.listener import Listener, Status
from quenotte.devices.dicom.sender import Unreachable, send
from tests.devices.dicom.listening import Radiograph, data_set_of, parts, wait_for
from tests.devices.dicom.wire import (
    BareDevice,
    associate_request,
    command_fragment,
    data_fragment,
    store_command,
)

pytestmark = pytest.mark.real_clock


def test_stop_does_not_wait_for_the_silent(listener: Listener, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reception, "REQUEST_WITHIN_S", 120.0)
    with BareDevice(listener.port) as bare:
        time.sleep(0.1)
        began = time.monotonic()
        listener.stop(timeout_s=120.0)
        assert time.monotonic() - began < 60
        assert bare.is_cut()


def test_stop_cuts_a_request_that_is_not_whole(listener: Listener):
    with BareDevice(listener.port) as bare:
        bare.send(associate_request()[:20])
        time.sleep(0.1)
        listener.stop()
        assert bare.is_cut()


def test_connection_taken_while_stopping_is_not_waited_for(listener: Listener):
    server = listener._server
    assert server is not None
    server.hang_up_on_the_silent()
    with BareDevice(listener.port) as bare:
        bare.connection.settimeout(3)
        assert bare.is_cut()


def test_stop_lets_an_object_under_way_finish(
    listener: Listener, handler: FakeHandler, tmp_path: Path
):
    with BareDevice(listener.port) as bare:
        bare.associate()
        bare.send(command_fragment(store_command()) + data_fragment(b"first ", is_last=False))
        wait_for(lambda: parts(tmp_path))
        stopping = threading.Thread(target=listener.stop)
        stopping.start()
        time.sleep(0.1)
        bare.send(data_fragment(b"last", is_last=True))
        assert bare.status() == Status.SUCCESS
        stopping.join()
        assert bare.is_cut()

    assert data_set_of(handler.received[0][1]) == b"first last"


def test_stop_takes_no_new_object(listener: Listener, handler: FakeHandler, tmp_path: Path):
    with BareDevice(listener.port) as busy, BareDevice(listener.port) as idle:
        busy.associate()
        idle.associate()
        busy.send(command_fragment(store_command()) + data_fragment(b"x", is_last=False))
        wait_for(lambda: parts(tmp_path))
        stopping = threading.Thread(target=listener.stop, kwargs={"timeout_s": 1.0})
        stopping.start()
        time.sleep(0.1)
        idle.send(command_fragment(store_command()) + data_fragment(b"y", is_last=True))
        assert idle.status() == Status.OUT_OF_RESOURCES
        stopping.join()

    assert handler.received == []
    assert parts(tmp_path) == []


def test_stop_gives_up_on_an_object_that_never_ends(listener: Listener, tmp_path: Path):
    with BareDevice(listener.port) as bare:
        bare.associate()
        bare.send(command_fragment(store_command()) + data_fragment(b"x", is_last=False))
        wait_for(lambda: parts(tmp_path))
        listener.stop(timeout_s=0.1)
        wait_for(lambda: not parts(tmp_path))
        assert bare.is_cut()


def test_stop_frees_the_port_and_may_be_called_twice(
    listener: Listener, handler: FakeHandler, radiograph: Radiograph, tmp_path: Path
):
    port = listener.port
    listener.stop()
    listener.stop()

    with pytest.raises(Unreachable):
        send([radiograph()], host="127.0.0.1", port=port)

    again = Listener(handler=handler, incoming=tmp_path / "incoming", port=port)
    again.start()
    try:
        FakeDevice(again).echo()
    finally:
        again.stop()


def test_start_on_a_taken_port_fails(listener: Listener, handler: FakeHandler, tmp_path: Path):
    with pytest.raises(OSError, match="in use"):
        Listener(handler=handler, incoming=tmp_path, port=listener.port).start()


def test_reading_from_a_closed_connection_gives_nothing():
    class Closed:
        socket = None

    assert reception.read_exactly(cast(AssociationSocket, Closed()), 10) == b""


def test_sweep_removes_what_dead_processes_left(listener: Listener, tmp_path: Path):
    folder = tmp_path / "incoming"
    dead = max(psutil.pids()) + 100_000
    mine = folder / f"{os.getpid()}-ab.part"
    left = [folder / f"{dead}-ab.part", folder / "nobody.part"]
    for path in [mine, *left, folder / "other.txt"]:
        path.write_bytes(b"x")

    listener.sweep()

    assert sorted(path.name for path in folder.iterdir()) == sorted([mine.name, "other.txt"])


def test_sweep_removes_what_an_earlier_owner_of_the_process_id_left(
    listener: Listener, tmp_path: Path
):
    old = tmp_path / "incoming" / f"{os.getpid()}-ab.part"
    old.write_bytes(b"x")
    os.utime(old, (1_000_000, 1_000_000))

    listener.sweep()

    assert not old.exists()


def test_sweep_leaves_what_it_may_not_judge(
    listener: Listener,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    def deny(pid: int) -> None:
        raise psutil.AccessDenied

    part = tmp_path / "incoming" / "12-ab.part"
    part.write_bytes(b"x")
    monkeypatch.setattr(psutil, "Process", deny)

    listener.sweep()

    assert part.exists()
