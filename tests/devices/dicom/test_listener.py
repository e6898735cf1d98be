"""The listener, with pynetdicom or a bare socket as the device."""

import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from pathlib import Path

import pytest
from pynetdicom import AE

from quenotte.devices.dicom.fake import FakeDevice, FakeHandler
from quenotte.devices.dicom.listener import Listener, Received, Sender, Status
from quenotte.devices.dicom.parts import Refused
from quenotte.devices.dicom.sender import Rejected
from tests.devices.dicom.conftest import JEANNE
from tests.devices.dicom.listening import Radiograph, data_set_of, parts
from tests.devices.dicom.wire import (
    BareDevice,
    command_fragment,
    data_fragment,
    pdu,
    store_command,
)

pytestmark = pytest.mark.real_clock


INTRAORAL = "1.2.840.10008.5.1.4.1.1.1.3"


EXPLICIT = "1.2.840.10008.1.2.1"


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
