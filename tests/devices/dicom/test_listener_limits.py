"""What the listener cuts: the slow, the broken, the too many."""

import contextlib
import socket
import struct
import threading
import time
from pathlib import Path

import pytest
from pynetdicom.transport import AssociationSocket

from quenotte.devices.dicom import reception
from quenotte.devices.dicom.fake import FakeDevice, FakeHandler
from quenotte.devices.dicom.listener import Listener, Status
from tests.devices.dicom.listening import Radiograph, data_set_of, parts, wait_for
from tests.devices.dicom.wire import (
    BareDevice,
    associate_request,
    command_fragment,
    data_fragment,
    pdu,
    store_command,
)

pytestmark = pytest.mark.real_clock


def drip_into(connection: socket.socket) -> None:
    """Send a byte now and then, until the other side hangs up."""
    with contextlib.suppress(OSError):
        while True:
            connection.send(b"x")
            time.sleep(0.02)


@pytest.mark.parametrize("end", ["close", "reset", "abort"])
def test_a_sender_that_goes_away_in_the_middle_leaves_no_file(
    listener: Listener, handler: FakeHandler, tmp_path: Path, end: str
):
    with BareDevice(listener.port) as bare:
        bare.associate()
        bare.send(command_fragment(store_command()))
        bare.send(data_fragment(b"x" * 50_000, is_last=False))
        wait_for(lambda: parts(tmp_path))
        if end == "abort":
            bare.send(pdu(7, bytes(4)))
        elif end == "reset":
            bare.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        bare.connection.close()
        wait_for(lambda: not parts(tmp_path))

    assert handler.received == []


def test_a_sender_that_falls_asleep_in_a_pdu_is_cut(
    handler: FakeHandler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reception, "STALLED_AFTER_S", 0.2)
    listener = Listener(handler=handler, incoming=tmp_path / "incoming", port=0)
    listener.start()
    try:
        with BareDevice(listener.port) as bare:
            bare.associate()
            bare.send(command_fragment(store_command()))
            bare.send(data_fragment(b"x" * 500, is_last=False)[:100])
            assert bare.is_cut()
        wait_for(lambda: not parts(tmp_path))
    finally:
        listener.stop(timeout_s=1.0)


def test_a_sender_of_one_byte_now_and_then_is_cut(
    handler: FakeHandler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reception, "STALLED_AFTER_S", 0.5)
    monkeypatch.setattr(reception, "SLOWEST_BYTES_PER_S", 10_000_000)
    listener = Listener(handler=handler, incoming=tmp_path / "incoming", port=0)
    listener.start()
    try:
        with BareDevice(listener.port) as bare:
            bare.associate()
            bare.send(command_fragment(store_command()))
            bare.send(data_fragment(b"x" * 500, is_last=False)[:100])
            drip = threading.Thread(target=drip_into, args=[bare.connection], daemon=True)
            drip.start()
            assert bare.is_cut()
            drip.join()
    finally:
        listener.stop(timeout_s=1.0)


def test_a_slow_sender_is_served_beside_a_fast_one(
    listener: Listener, handler: FakeHandler, device: FakeDevice, radiograph: Radiograph
):
    with BareDevice(listener.port) as bare:
        bare.associate()
        whole = command_fragment(store_command()) + data_fragment(b"slow", is_last=True)
        for at in range(0, len(whole) - 1, 40):
            bare.send(whole[at : min(at + 40, len(whole) - 1)])
            time.sleep(0.002)
        [result] = device.store([radiograph()])
        assert result.is_stored
        assert len(handler.received) == 1
        bare.send(whole[-1:])
        assert bare.status() == Status.SUCCESS

    assert data_set_of(handler.received[1][1]) == b"slow"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(pdu(4, b"\0\0\0\x01\x01"), id="empty fragment"),
        pytest.param(command_fragment(b"nonsense"), id="command that cannot be read"),
        pytest.param(command_fragment(store_command(instance_uid="")), id="no name"),
        pytest.param(command_fragment(store_command(instance_uid="1" * 70)), id="long name"),
        pytest.param(command_fragment(store_command(), context_id=9), id="no such context"),
        pytest.param(
            command_fragment(store_command()) + data_fragment(b"x", is_last=False, context_id=3),
            id="fragment for another context",
        ),
        pytest.param(
            command_fragment(store_command()) + data_fragment(b"x", is_last=True) * 2,
            id="data before a command",
        ),
        pytest.param(struct.pack(">BBL", 4, 0, 0xFFFFFFF0), id="announces four gigabytes"),
        pytest.param(b"\x63" + bytes(5), id="unknown kind of PDU"),
    ],
)
def test_broken_messages_end_the_association_and_nothing_else(
    listener: Listener,
    handler: FakeHandler,
    device: FakeDevice,
    radiograph: Radiograph,
    tmp_path: Path,
    sent: bytes,
):
    with BareDevice(listener.port) as bare:
        bare.associate()
        bare.send(sent)
        assert bare.is_cut()

    [result] = device.store([radiograph()])
    assert result.is_stored
    wait_for(lambda: not parts(tmp_path))


def test_a_command_without_end_is_cut(listener: Listener, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reception, "LARGEST_MESSAGE_BYTES", 5000)
    with BareDevice(listener.port) as bare:
        bare.associate()
        for _ in range(7):
            bare.send(command_fragment(b"x" * 1000, is_last=False))
        assert bare.is_cut()


def test_a_second_object_before_the_first_answer_is_cut(listener: Listener, handler: FakeHandler):
    goes_on = threading.Event()
    handler.before_answer = lambda received: goes_on.wait(10)
    with BareDevice(listener.port) as bare:
        bare.associate()
        bare.send(command_fragment(store_command()) + data_fragment(b"first", is_last=True))
        bare.send(command_fragment(store_command()))
        assert bare.is_cut()
        goes_on.set()


def test_too_many_connections_are_closed_at_once(
    handler: FakeHandler, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    listener = Listener(
        handler=handler, incoming=tmp_path / "incoming", port=0, maximum_connections=2
    )
    listener.start()
    try:
        with BareDevice(listener.port), BareDevice(listener.port):
            time.sleep(0.1)
            with BareDevice(listener.port) as third:
                assert third.is_cut()
    finally:
        listener.stop(timeout_s=1.0)
    assert "connection closed at once: 2 are open" in caplog.text


@pytest.mark.parametrize("first", [b"", b"\x01", b"GET / HTTP/1.0\r\n\r\n"])
def test_connections_that_only_open_and_close_take_no_place(
    listener: Listener, device: FakeDevice, first: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reception, "REQUEST_WITHIN_S", 120.0)
    for _ in range(100):
        with BareDevice(listener.port) as bare:
            bare.send(first)
    began = time.monotonic()

    device.echo()

    assert time.monotonic() - began < 60


def test_a_connection_whose_peer_left_first_is_closed_all_the_same():
    connection = AssociationSocket.__new__(AssociationSocket)
    connection.socket = wire = socket.socket()

    # Never connected: it cannot be shut down.
    reception.hang_up(connection)
    connection.socket = None
    reception.hang_up(connection)

    assert wire.fileno() == -1


def test_silent_connections_leave_the_places_to_others(
    handler: FakeHandler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reception, "REQUEST_WITHIN_S", 0.5)
    listener = Listener(
        handler=handler, incoming=tmp_path / "incoming", port=0, maximum_associations=1
    )
    listener.start()
    try:
        with contextlib.ExitStack() as stack:
            silent = [stack.enter_context(BareDevice(listener.port)) for _ in range(40)]
            FakeDevice(listener).echo()
            assert all(each.is_cut() for each in silent)
    finally:
        listener.stop(timeout_s=1.0)


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(associate_request()[:20], id="part of a request"),
        pytest.param(struct.pack(">BBL", 1, 0, 1 << 30), id="announces a huge request"),
    ],
)
def test_a_request_that_does_not_come_whole_is_cut(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, begun: bytes
):
    monkeypatch.setattr(reception, "REQUEST_WITHIN_S", 0.3)
    with BareDevice(listener.port) as bare:
        bare.connection.settimeout(20)
        bare.send(begun)
        assert bare.is_cut()


def test_a_request_of_one_byte_now_and_then_is_cut(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reception, "REQUEST_WITHIN_S", 0.3)
    with BareDevice(listener.port) as bare:
        bare.send(struct.pack(">BBL", 1, 0, 5000))
        drip = threading.Thread(target=drip_into, args=[bare.connection], daemon=True)
        drip.start()
        assert bare.is_cut()
        drip.join()


def test_place_of_an_association_that_ended_is_taken_again(handler: FakeHandler, tmp_path: Path):
    listener = Listener(
        handler=handler, incoming=tmp_path / "incoming", port=0, maximum_associations=1
    )
    listener.start()
    try:
        with BareDevice(listener.port) as first:
            first.associate()
        time.sleep(0.2)
        FakeDevice(listener).echo()
    finally:
        listener.stop(timeout_s=1.0)


def test_one_association_too_many_is_rejected(
    handler: FakeHandler, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    listener = Listener(
        handler=handler, incoming=tmp_path / "incoming", port=0, maximum_associations=1
    )
    listener.start()
    try:
        with BareDevice(listener.port) as first:
            first.associate()
            with BareDevice(listener.port) as second:
                second.send(associate_request())
                assert second.read_pdu() == (3, bytes([0, 2, 3, 2]))
    finally:
        listener.stop(timeout_s=1.0)
    assert "association refused for now: 1 are open" in caplog.text
