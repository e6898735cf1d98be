"""The listener, with pynetdicom or a bare socket as the device."""

import contextlib
import logging
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from pathlib import Path
from typing import cast

import psutil
import pytest
from pynetdicom import AE
from pynetdicom.transport import AssociationSocket

from quenotte.devices.dicom import reception
from quenotte.devices.dicom.fake import FakeDevice, FakeHandler
from quenotte.devices.dicom.listener import Listener, Received, Sender, Status
from quenotte.devices.dicom.parts import Refused
from quenotte.devices.dicom.sender import Rejected, Unreachable, send
from tests.devices.dicom.conftest import JEANNE
from tests.devices.dicom.wire import (
    BareDevice,
    associate_request,
    command_fragment,
    data_fragment,
    pdu,
    store_command,
)

pytestmark = pytest.mark.real_clock

Radiograph = Callable[..., Path]
INTRAORAL = "1.2.840.10008.5.1.4.1.1.1.3"
EXPLICIT = "1.2.840.10008.1.2.1"


def wait_for(condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def drip_into(connection: socket.socket) -> None:
    """Send a byte now and then, until the other side hangs up."""
    with contextlib.suppress(OSError):
        while True:
            connection.send(b"x")
            time.sleep(0.02)


def data_set_of(content: bytes) -> bytes:
    """Return what follows group 2."""
    (length,) = struct.unpack("<L", content[140:144])
    return content[144 + length :]


def parts(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "incoming").iterdir())


def test_store_keeps_the_data_set_bytes_unchanged(
    device: FakeDevice, handler: FakeHandler, radiograph: Radiograph, tmp_path: Path
):
    path = radiograph(7)

    [result] = device.store([path])

    assert result.status == Status.SUCCESS
    [(received, content)] = handler.received
    assert content[:132] == bytes(128) + b"DICM"
    assert data_set_of(content) == data_set_of(path.read_bytes())
    assert received.sop_class_uid == INTRAORAL
    assert received.sop_instance_uid.startswith("2.25.")
    assert received.transfer_syntax_uid == EXPLICIT
    assert received.received_at.tzinfo is UTC
    assert received.sender == handler.senders[0]
    assert received.sender.calling_ae == "SALLE1"
    assert received.sender.called_ae == "QUENOTTE"
    assert received.sender.address == "127.0.0.1"
    assert received.sender.port > 0
    assert parts(tmp_path) == []


def test_store_twice_gives_the_same_file(
    device: FakeDevice, handler: FakeHandler, radiograph: Radiograph, listener: Listener
):
    path = radiograph(7)

    device.store([path])
    FakeDevice(listener, ae_title="AUTRE").store([path])

    assert handler.received[0][1] == handler.received[1][1]


def test_store_of_the_same_object_on_two_associations_keeps_both(
    device: FakeDevice, handler: FakeHandler, radiograph: Radiograph
):
    paths = [radiograph(3, rows=rows) for rows in (400, 401)]
    meeting = threading.Barrier(2)
    handler.before_answer = lambda received: meeting.wait(timeout=10)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda path: device.store([path]), paths))

    assert [each.is_stored for [each] in results] == [True, True]
    kept = {content for _, content in handler.received}
    assert {data_set_of(content) for content in kept} == {
        data_set_of(path.read_bytes()) for path in paths
    }
    assert len({received.path for received, _ in handler.received}) == 2


def test_store_with_many_files_reuses_one_association(
    device: FakeDevice, handler: FakeHandler, radiograph: Radiograph
):
    results = device.store([radiograph(seed) for seed in range(5)])

    assert all(each.is_stored for each in results)
    assert len(handler.senders) == 1


def test_store_into_the_folder_that_the_handler_adopts(
    listener: Listener, handler: FakeHandler, device: FakeDevice, radiograph: Radiograph
):
    def adopt(received: Received) -> None:
        received.path.rename(received.path.with_name("adopted"))

    handler.before_answer = adopt
    device.store([radiograph()])

    assert handler.received[0][0].path.with_name("adopted").exists()


@pytest.mark.parametrize("status", list(Status))
def test_store_answers_what_the_handler_says(
    device: FakeDevice, handler: FakeHandler, radiograph: Radiograph, status: Status
):
    handler.status = status

    [result] = device.store([radiograph()])

    assert result.status == status
    assert result.is_stored == (status == Status.SUCCESS)


def test_store_when_the_handler_fails_logs_no_patient(
    device: FakeDevice,
    handler: FakeHandler,
    radiograph: Radiograph,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
):
    quoted = f"{JEANNE.birth_name} is not welcome"

    def fail(received: Received) -> None:
        raise RuntimeError(quoted)

    handler.before_answer = fail
    [result] = device.store([radiograph()])

    assert result.status == Status.OUT_OF_RESOURCES
    assert parts(tmp_path) == []
    assert "incident" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "GALL" not in caplog.text


def test_store_without_room_drains_and_answers(
    device: FakeDevice, handler: FakeHandler, radiograph: Radiograph, tmp_path: Path
):
    handler.room = False

    results = device.store([radiograph(1), radiograph(2)])

    assert [each.status for each in results] == [Status.OUT_OF_RESOURCES] * 2
    assert [(each.calling_ae, why) for each, why in handler.refusals] == [
        ("SALLE1", Refused.NO_ROOM)
    ] * 2
    assert handler.received == []
    assert parts(tmp_path) == []


def test_store_when_looking_for_room_fails_is_refused(
    device: FakeDevice,
    handler: FakeHandler,
    radiograph: Radiograph,
    monkeypatch: pytest.MonkeyPatch,
):
    def fail() -> bool:
        raise OSError

    monkeypatch.setattr(handler, "has_room", fail)

    [result] = device.store([radiograph()])

    assert result.status == Status.OUT_OF_RESOURCES


def test_store_over_the_cap_is_drained_and_removed(
    handler: FakeHandler, radiograph: Radiograph, tmp_path: Path
):
    listener = Listener(
        handler=handler, incoming=tmp_path / "incoming", port=0, max_object_bytes=5000
    )
    listener.start()
    try:
        results = FakeDevice(listener).store([radiograph(1, rows=300), radiograph(2, rows=20)])
    finally:
        listener.stop(timeout_s=1.0)

    assert [each.status for each in results] == [Status.OUT_OF_RESOURCES, Status.SUCCESS]
    assert [why for _, why in handler.refusals] == [Refused.TOO_BIG]
    assert parts(tmp_path) == []


def test_store_when_the_folder_is_gone_answers_out_of_resources(
    device: FakeDevice, handler: FakeHandler, radiograph: Radiograph, tmp_path: Path
):
    (tmp_path / "incoming").rmdir()

    [result] = device.store([radiograph()])

    assert result.status == Status.OUT_OF_RESOURCES
    assert handler.received == []


def test_store_when_the_disk_fills_in_the_middle_leaves_nothing(
    device: FakeDevice,
    handler: FakeHandler,
    radiograph: Radiograph,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    real_write = os.write

    def full(descriptor: int, data: memoryview) -> int:
        if len(data) > 1000:
            raise OSError(28, "No space left on device")
        return real_write(descriptor, data)

    monkeypatch.setattr(os, "write", full)

    [result] = device.store([radiograph()])

    assert result.status == Status.OUT_OF_RESOURCES
    assert parts(tmp_path) == []


def test_associate_from_an_unknown_sender_is_rejected(
    device: FakeDevice, handler: FakeHandler, radiograph: Radiograph
):
    handler.admits = False

    with pytest.raises(Rejected):
        device.store([radiograph()])

    assert [sender.calling_ae for sender in handler.senders] == ["SALLE1"]
    assert handler.received == []


def test_associate_when_admitting_fails_is_rejected_for_now(
    listener: Listener, handler: FakeHandler, monkeypatch: pytest.MonkeyPatch
):
    def fail(sender: Sender) -> bool:
        raise RuntimeError

    monkeypatch.setattr(handler, "admit", fail)
    entity = AE()
    entity.add_requested_context("1.2.840.10008.1.1")
    association = entity.associate("127.0.0.1", listener.port)

    assert association.is_rejected
    answer = association.acceptor.primitive
    assert answer is not None
    assert answer.result == 2


def test_echo_is_answered_and_noted(device: FakeDevice, handler: FakeHandler):
    device.echo()

    assert [sender.calling_ae for sender in handler.echoes] == ["SALLE1"]


def test_echo_is_answered_even_when_noting_it_fails(
    device: FakeDevice,
    handler: FakeHandler,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    def fail(sender: Sender) -> None:
        raise RuntimeError

    monkeypatch.setattr(handler, "echoed", fail)

    device.echo()

    assert "noting an echo" in caplog.text


def test_unknown_and_private_storage_classes_are_accepted(listener: Listener):
    entity = AE()
    entity.add_requested_context("1.2.840.10008.5.1.4.1.1.999")
    entity.add_requested_context("1.2.3.4.5.6.7.8")
    association = entity.associate("127.0.0.1", listener.port)

    assert len(association.accepted_contexts) == 2
    association.release()


def test_nothing_is_logged_by_the_network_library(
    device: FakeDevice, radiograph: Radiograph, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)

    device.store([radiograph()])

    assert not [line for line in caplog.records if line.name.startswith("pynetdicom")]


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


def test_a_data_set_in_many_fragments_of_one_pdu_is_joined(
    listener: Listener, handler: FakeHandler
):
    with BareDevice(listener.port) as bare:
        bare.associate()
        bare.send(
            pdu(
                4,
                command_fragment(store_command())[6:]
                + data_fragment(b"one ", is_last=False)[6:]
                + data_fragment(b"", is_last=False)[6:]
                + data_fragment(b"two", is_last=True)[6:],
            )
        )
        assert bare.status() == Status.SUCCESS

    assert data_set_of(handler.received[0][1]) == b"one two"


@pytest.mark.parametrize(
    ("uid", "status"),
    [("1.2.03.4", Status.SUCCESS), ("../../etc/passwd", Status.INVALID_INSTANCE)],
)
def test_an_instance_uid_holds_only_digits_and_dots(
    listener: Listener, handler: FakeHandler, uid: str, status: Status, tmp_path: Path
):
    with BareDevice(listener.port) as bare:
        bare.associate()
        bare.send(command_fragment(store_command(instance_uid=uid)))
        bare.send(data_fragment(b"data", is_last=True))
        assert bare.status() == status

    assert parts(tmp_path) == []


def test_a_store_without_data_set_cannot_be_understood(listener: Listener):
    with BareDevice(listener.port) as bare:
        bare.associate()
        bare.send(command_fragment(store_command(has_data_set=False)))
        assert bare.status() == Status.CANNOT_UNDERSTAND


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
