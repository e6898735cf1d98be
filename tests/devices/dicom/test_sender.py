"""Sending: each file as it is, and clear words when it does not work."""

import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import UID, JPEG2000Lossless
from pynetdicom import AE, _config, evt
from pynetdicom.association import Association
from pynetdicom.transport import ThreadedAssociationServer

from quenotte.devices.dicom import sender
from quenotte.devices.dicom.fake import FakeDevice, FakeHandler
from quenotte.devices.dicom.listener import Listener
from quenotte.devices.dicom.reception import Server
from quenotte.devices.dicom.sender import (
    Busy,
    NotDicom,
    Rejected,
    SendResult,
    Unreachable,
    echo,
    send,
)
from quenotte.kernel.errors import Refusal
from tests.devices.dicom import variants
from tests.devices.dicom.conftest import BUNDLED
from tests.devices.dicom.listening import data_set_of
from tests.devices.dicom.wire import BareDevice

pytestmark = pytest.mark.real_clock

Radiograph = Callable[..., Path]
CT = "1.2.840.10008.5.1.4.1.1.2"


@pytest.fixture
def narrow_peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a listener of others, which only takes CT pictures."""
    monkeypatch.setattr(_config, "UNRESTRICTED_STORAGE_SERVICE", False)
    entity = AE(ae_title="NARROW")
    entity.add_supported_context(CT)
    server = entity.start_server(
        ("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, lambda event: 0xB000)]
    )
    assert isinstance(server, ThreadedAssociationServer)
    yield server.server_address[1]
    server.shutdown()


def test_each_transfer_syntax_is_sent_as_it_is(
    device: FakeDevice, handler: FakeHandler, radiograph: Radiograph, tmp_path: Path
):
    source = radiograph()
    paths = [
        source,
        *(
            variants.rewritten(source, tmp_path / f"{number}.dcm", syntax)
            for number, syntax in enumerate(variants.UNCOMPRESSED)
        ),
        variants.recompressed(source, tmp_path / "j2k.dcm", JPEG2000Lossless),
    ]

    results = device.store(paths)

    assert all(result.is_stored for result in results)
    assert [received.transfer_syntax_uid for received, _ in handler.received] == [
        pydicom.dcmread(path).file_meta.TransferSyntaxUID for path in paths
    ]
    assert [data_set_of(content) for _, content in handler.received] == [
        data_set_of(path.read_bytes()) for path in paths
    ]


def test_file_without_preamble_is_sent(
    device: FakeDevice, handler: FakeHandler, radiograph: Radiograph, tmp_path: Path
):
    content = radiograph().read_bytes()
    (length,) = struct.unpack("<L", content[140:144])
    bare = tmp_path / "bare.dcm"
    bare.write_bytes(content[144 + length :])

    [result] = device.store([bare])

    assert result.is_stored
    assert result.path == bare
    assert data_set_of(handler.received[0][1]) == bare.read_bytes()


def test_progress_is_told(device: FakeDevice, listener: Listener, radiograph: Radiograph):
    seen: list[tuple[int, int, SendResult]] = []
    paths = [radiograph(1), radiograph(2)]

    results = send(
        paths,
        host="127.0.0.1",
        port=listener.port,
        on_progress=lambda *told: seen.append(told),
    )

    assert seen == [(1, 2, results[0]), (2, 2, results[1])]


def test_many_kinds_take_several_associations(
    device: FakeDevice,
    handler: FakeHandler,
    radiograph: Radiograph,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(sender, "_CONTEXTS_PER_ASSOCIATION", 2)

    def of_class(number: int) -> Path:
        def change(dataset: Dataset) -> None:
            dataset.SOPClassUID = f"1.2.3.{number}"
            dataset.file_meta.MediaStorageSOPClassUID = UID(f"1.2.3.{number}")

        return variants.changed(radiograph(number), tmp_path / f"class{number}.dcm", change)

    results = device.store([of_class(number) for number in (1, 2, 2, 3, 1)])

    assert all(result.is_stored for result in results)
    assert len(handler.senders) == 2


def test_nothing_to_send_connects_to_nobody():
    assert send([], host="127.0.0.1", port=1) == []


@pytest.mark.parametrize("content", [b"hello", b"", bytes(128) + b"DICM"])
def test_what_is_not_dicom_is_refused_before_anything_is_sent(
    device: FakeDevice,
    handler: FakeHandler,
    radiograph: Radiograph,
    tmp_path: Path,
    content: bytes,
):
    path = tmp_path / "x.dcm"
    path.write_bytes(content)

    with pytest.raises(NotDicom):
        device.store([radiograph(), path])

    assert handler.received == []


def test_object_without_class_is_refused(device: FakeDevice, tmp_path: Path):
    path = tmp_path / "x.dcm"
    path.write_bytes(struct.pack("<HHL", 8, 0x18, 6) + b"1.2.3\0")

    with pytest.raises(NotDicom):
        device.store([path])


@pytest.mark.parametrize("port", [1, 99_999])
def test_nobody_listening_is_unreachable(port: int):
    with pytest.raises(Unreachable, match="ne répond pas"):
        echo(host="127.0.0.1", port=port)


def test_host_that_has_no_address_is_unreachable(monkeypatch: pytest.MonkeyPatch):
    def nobody(*args: object, **options: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)

    with pytest.raises(Unreachable):
        echo(host="nobody.invalid", port=104)


def test_each_call_opens_one_connection(
    listener: Listener, device: FakeDevice, monkeypatch: pytest.MonkeyPatch
):
    opened: list[object] = []
    verify = Server.verify_request

    def count(server: Server, request: object, address: object) -> bool:
        opened.append(address)
        return verify(server, request, address)

    monkeypatch.setattr(Server, "verify_request", count)

    device.echo()

    assert len(opened) == 1


def test_busy_peer_is_told_apart_from_one_that_refuses(handler: FakeHandler, tmp_path: Path):
    listener = Listener(
        handler=handler, incoming=tmp_path / "incoming", port=0, maximum_associations=1
    )
    listener.start()
    try:
        with BareDevice(listener.port) as first:
            first.associate()
            with pytest.raises(Busy, match="occupé"):
                FakeDevice(listener).echo()
    finally:
        listener.stop(timeout_s=1.0)


def test_unknown_sender_is_rejected(device: FakeDevice, handler: FakeHandler):
    handler.admits = False

    with pytest.raises(Rejected, match="refuse"):
        device.echo()


def test_peer_that_accepts_nothing_we_propose_is_unreachable(
    narrow_peer: int, radiograph: Radiograph
):
    with pytest.raises(Unreachable):
        send([radiograph()], host="127.0.0.1", port=narrow_peer)


def test_peer_that_takes_only_some_classes_stores_those(narrow_peer: int, radiograph: Radiograph):
    refused, stored = send(
        [radiograph(), BUNDLED / "CT_small.dcm"], host="127.0.0.1", port=narrow_peer
    )

    assert (refused.status, refused.is_stored) == (None, False)
    assert (stored.status, stored.is_stored) == (0xB000, True)


def test_connection_that_breaks_is_told(
    listener: Listener, device: FakeDevice, handler: FakeHandler, radiograph: Radiograph
):
    handler.before_answer = lambda received: listener.stop(timeout_s=0.1)

    with pytest.raises(Unreachable, match="interrompue"):
        device.store([radiograph(1), radiograph(2)])


def test_connection_gone_before_an_object_is_told(
    device: FakeDevice, radiograph: Radiograph, monkeypatch: pytest.MonkeyPatch
):
    def gone(*args: object, **options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Association, "send_c_store", gone)

    with pytest.raises(Unreachable, match="interrompue"):
        device.store([radiograph()])


def test_echo_without_answer_is_told(device: FakeDevice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Association, "send_c_echo", lambda association: Dataset())

    with pytest.raises(Unreachable, match="interrompue"):
        device.echo()


def test_echo_that_is_refused_is_told(narrow_peer: int):
    with pytest.raises(Unreachable):
        echo(host="127.0.0.1", port=narrow_peer)


def test_refusals_speak_french_to_people():
    for refusal in (NotDicom(), Rejected(), Unreachable(), Busy()):
        assert isinstance(refusal, Refusal)
        assert str(refusal).endswith(".")
