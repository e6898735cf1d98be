"""Our DICOM parts against the programs that everybody uses."""

import os
import signal
import struct
import subprocess
import time
from datetime import date, datetime
from pathlib import Path

import pytest
from PIL import Image

from quenotte.devices.dicom.fake import FakeHandler
from quenotte.devices.dicom.frames import Undecodable, read_frame
from quenotte.devices.dicom.listener import Listener, Status
from quenotte.devices.dicom.sender import echo, send
from quenotte.devices.dicom.synthetic import (
    SyntheticPatient,
    intraoral,
    panoramic,
    write_radiograph,
)
from quenotte.devices.dicom.wrap import wrap_photo
from tests.real.conftest import Orthanc, free_port, run
from tests.support.programs import program

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]

JEANNE = SyntheticPatient("1042", "QUENOTTE-DEMO", "LE GALL", "Éloïse", date(1980, 2, 3), "F")
TAKEN_AT = datetime(2026, 1, 2, 10, 30)


def written(folder: Path, *, seed: int = 1, rows: int = 600, columns: int = 400, **more) -> Path:
    path = folder / f"io{seed}.dcm"
    options = {"teeth": (36,), "bits": 12, "patient": JEANNE, "taken_at": TAKEN_AT, **more}
    pixels = options.pop("pixels", None)
    if pixels is None:
        pixels = intraoral(seed, teeth=(36,), rows=rows, columns=columns)
    write_radiograph(path, pixels=pixels, seed=seed, **options)
    return path


def data_set_of(content: bytes) -> bytes:
    (length,) = struct.unpack("<L", content[140:144])
    return content[144 + length :]


def wait_for(condition, timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def test_echoscu_is_answered(listener: Listener, handler: FakeHandler):
    answer = run("echoscu", "-aet", "PANO", "-aec", "QUENOTTE", "127.0.0.1", listener.port)

    assert answer.returncode == 0, answer.stderr
    assert [sender.calling_ae for sender in handler.echoes] == ["PANO"]


def test_echoscu_unknown_is_rejected(listener: Listener, handler: FakeHandler):
    handler.admits = False

    answer = run("echoscu", "127.0.0.1", listener.port)

    assert answer.returncode != 0
    assert "Calling AE Title Not Recognized" in answer.stdout + answer.stderr


@pytest.mark.parametrize("pdu_bytes", [4096, 16384, 131072])
def test_storescu_bytes_are_kept(
    listener: Listener, handler: FakeHandler, tmp_path: Path, pdu_bytes: int
):
    paths = [written(tmp_path, seed=seed) for seed in (1, 2, 3)]

    answer = run(
        "storescu", "-aet", "CAPTEUR1", "--max-send-pdu", pdu_bytes,
        "127.0.0.1", listener.port, *paths,
    )  # fmt: skip

    assert answer.returncode == 0, answer.stderr
    # storescu drops the padding of UIDs and rewrites lengths; pixels arrive last, as they were.
    for path, (received, content) in zip(paths, handler.received, strict=True):
        assert received.sender.calling_ae == "CAPTEUR1"
        assert content.endswith(path.read_bytes()[-600 * 400 * 2 :])


@pytest.mark.parametrize(
    ("compress", "propose", "syntax"),
    [
        (["dcmcjpeg", "+e1"], "-xs", "1.2.840.10008.1.2.4.70"),
        (["dcmcjpls"], "-xt", "1.2.840.10008.1.2.4.80"),
        (["dcmcrle"], "-xr", "1.2.840.10008.1.2.5"),
        (["dcmconv", "+te"], "-xe", "1.2.840.10008.1.2.1"),
        (["dcmconv", "+tb"], "-xb", "1.2.840.10008.1.2.2"),
        (["dcmconv", "+td"], "-xd", "1.2.840.10008.1.2.1.99"),
    ],
)
def test_storescu_in_other_transfer_syntaxes(
    listener: Listener,
    handler: FakeHandler,
    tmp_path: Path,
    compress: list[str],
    propose: str,
    syntax: str,
):
    source, other = written(tmp_path), tmp_path / "other.dcm"
    assert run(*compress, source, other).returncode == 0

    answer = run("storescu", propose, "127.0.0.1", listener.port, other)

    assert answer.returncode == 0, answer.stderr
    [(received, content)] = handler.received
    assert received.transfer_syntax_uid == syntax
    kept = tmp_path / "kept.dcm"
    kept.write_bytes(content)
    assert read_frame(kept).data == read_frame(source).data


@pytest.mark.parametrize(
    ("compress", "largest_error"),
    [
        (["dcmcjpeg", "+el"], 0),
        (["dcmcjpeg", "+e1"], 0),
        (["dcmcjpls", "+el"], 0),
        (["dcmcjpls", "+en", "+md", "4"], 4),
        (["dcmcrle"], 0),
    ],
)
def test_what_dcmtk_compresses_is_decoded(tmp_path: Path, compress: list[str], largest_error: int):
    source, other = written(tmp_path), tmp_path / "other.dcm"
    assert run(*compress, source, other).returncode == 0

    difference = read_frame(other).pixels().astype(int) - read_frame(source).pixels()

    assert abs(difference).max() <= largest_error


def test_twelve_bit_lossy_jpeg_is_refused_in_words(tmp_path: Path):
    source, other = written(tmp_path), tmp_path / "other.dcm"
    assert run("dcmcjpeg", "+ee", source, other).returncode == 0

    with pytest.raises(Undecodable, match="reste conservé"):
        read_frame(other)


def test_storescu_is_told_when_there_is_no_room(
    listener: Listener, handler: FakeHandler, tmp_path: Path
):
    handler.room = False

    answer = run("storescu", "-v", "127.0.0.1", listener.port, written(tmp_path))

    assert "OutOfResources" in answer.stdout + answer.stderr


def test_storescu_killed_in_the_middle_leaves_no_file(
    listener: Listener, handler: FakeHandler, tmp_path: Path
):
    big = written(tmp_path, pixels=panoramic(1, rows=3072, columns=6400), bits=14)
    incoming = tmp_path / "incoming"
    process = subprocess.Popen(
        [
            program("storescu"),
            "--max-send-pdu",
            "4096",
            "127.0.0.1",
            str(listener.port),
            str(big),
        ]
    )
    wait_for(lambda: list(incoming.iterdir()))
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=60)

    wait_for(lambda: not list(incoming.iterdir()))
    assert handler.received == []


def test_storescu_can_abort_instead_of_releasing(
    listener: Listener, handler: FakeHandler, tmp_path: Path
):
    run("storescu", "--abort", "127.0.0.1", listener.port, written(tmp_path))

    wait_for(lambda: len(handler.received) == 1)
    wait_for(lambda: not list((tmp_path / "incoming").iterdir()))


def test_storescp_takes_what_we_send(tmp_path: Path):
    port = free_port()
    folder = tmp_path / "storescp"
    folder.mkdir()
    source = written(tmp_path)
    server = subprocess.Popen([program("storescp"), "+B", "-od", str(folder), str(port)])
    try:
        wait_for(lambda: run("echoscu", "127.0.0.1", port).returncode == 0)
        echo(host="127.0.0.1", port=port)
        [result] = send([source], host="127.0.0.1", port=port)
    finally:
        server.terminate()
        server.wait(timeout=60)

    assert result.status == Status.SUCCESS
    [stored] = folder.iterdir()
    assert stored.read_bytes().endswith(data_set_of(source.read_bytes()))


def test_orthanc_sends_to_us_what_we_sent_to_it(
    orthanc: Orthanc, handler: FakeHandler, tmp_path: Path
):
    source = written(tmp_path)
    [result] = send([source], host="127.0.0.1", port=orthanc.dicom_port, called_ae="ORTHANC")
    assert result.is_stored
    instances = orthanc.ask("/instances")
    assert isinstance(instances, list)

    orthanc.ask("/modalities/quenotte/store", instances[0].encode())

    [(received, content)] = handler.received
    assert received.sender.calling_ae == "ORTHANC"
    kept = tmp_path / "kept.dcm"
    kept.write_bytes(content)
    assert read_frame(kept).data == read_frame(source).data


@pytest.mark.parametrize("coding", ["SCT", "SRT", "text", "none"])
def test_our_intraoral_pictures_are_valid(tmp_path: Path, coding: str):
    assert errors_in(written(tmp_path, coding=coding, rows=60, columns=40)) == []


def test_our_panoramic_pictures_are_valid(tmp_path: Path):
    pixels = panoramic(1, rows=96, columns=200)

    assert errors_in(written(tmp_path, pixels=pixels, modality="PX", bits=14, teeth=())) == []


@pytest.mark.parametrize(
    ("mode", "name"), [("RGB", "x.jpg"), ("RGB", "x.png"), ("L", "x.png"), ("I;16", "x.png")]
)
def test_our_wrapped_pictures_are_valid(tmp_path: Path, mode: str, name: str):
    source, target = tmp_path / name, tmp_path / "x.dcm"
    Image.new(mode, (40, 30)).save(source)
    wrap_photo(source, target, patient_id="1", issuer="I", patient_name="A^B", taken_at=TAKEN_AT)

    assert errors_in(target) == []


def errors_in(path: Path) -> list[str]:
    """Return what dciodvfy finds wrong."""
    said = run("dciodvfy", path).stderr.splitlines()
    assert said, "dciodvfy said nothing"
    return [line for line in said if line.startswith("Error")]
