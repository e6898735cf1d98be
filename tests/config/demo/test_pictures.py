from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pydicom
import pytest
from django.utils import timezone

from quenotte.config.demo import pictures, practice, staff
from quenotte.devices.dicom import sender
from quenotte.devices.dicom.fake import FakeHandler
from quenotte.devices.dicom.listener import Listener, Status
from quenotte.kernel.errors import Refusal
from tests.config.demo.conftest import Filled

pytestmark = pytest.mark.real_clock


@pytest.fixture(scope="module")
def filled(filling: Filled) -> Iterator[None]:
    size = practice.Size(patients=60, years=1, days_ahead=5)
    with filling(lambda: practice.prepare(lambda _what, _share: None, size=size)):
        yield


@pytest.fixture
def few(
    filled: None, db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Path:
    """A small demo practice that has twelve pictures to send."""
    monkeypatch.setattr(pictures, "COUNT", 12)
    settings.DATA_DIR = tmp_path
    (tmp_path / "run").mkdir()
    (tmp_path / "incoming").mkdir()
    return tmp_path


@pytest.fixture
def door(few: Path) -> Iterator[tuple[Listener, FakeHandler]]:
    handler = FakeHandler()
    listener = Listener(handler=handler, incoming=few / "incoming", port=0)
    listener.start()
    yield listener, handler
    listener.stop()


def test_pictures_go_through_the_door_once(door: tuple[Listener, FakeHandler]) -> None:
    listener, handler = door
    said: list[float] = []
    pictures.send(
        host="127.0.0.1", port=listener.port, progress=lambda _, share: said.append(share)
    )
    assert len(handler.received) == 12
    assert said[-1] == 1.0
    assert {it.sender.calling_ae for it, _ in handler.received} <= {"CAPTEUR1", "CAPTEUR2", "PANO"}
    assert pictures.still_to_send() == 0
    pictures.send(host="127.0.0.1", port=listener.port, progress=lambda *_: pytest.fail("again"))


def test_start_that_goes_on_draws_the_same_bytes(few: Path, tmp_path: Path) -> None:
    from random import Random

    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        for number, write in pictures._draw(Random(practice.SEED)):
            write(tmp_path / folder / f"{number}.dcm")
            if number == 2:
                break
    for number in range(3):
        first, second = (tmp_path / folder / f"{number}.dcm" for folder in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_one_picture_in_fifty_lacks_its_issuer(few: Path, tmp_path: Path) -> None:
    from random import Random

    patient = pictures._patients(Random(1), timezone.localtime())[0]
    path = tmp_path / "radio.dcm"
    issuers = {}
    for number in (48, 49):
        pictures._write(Random(1), number, patient, timezone.localtime(), path)
        header = pydicom.dcmread(path, stop_before_pixels=True)
        issuers[number] = str(header.get("IssuerOfPatientID", ""))
    assert issuers == {48: staff.ISSUER, 49: ""}


def test_busy_door_is_tried_again_then_given_up(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def refuse(*_args: object, **_named: object) -> None:
        tries.append(1)
        raise Refusal("Occupé.")

    monkeypatch.setattr(sender, "send", refuse)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    with pytest.raises(Refusal):
        pictures.send(host="127.0.0.1", port=1, progress=lambda *_: None)
    assert len(tries) == 7
    assert pictures.still_to_send() == 12


def test_picture_that_is_not_kept_is_sent_again(
    door: tuple[Listener, FakeHandler], monkeypatch: pytest.MonkeyPatch
) -> None:
    listener, handler = door
    slept: list[float] = []

    def nap(seconds: float) -> None:
        slept.append(seconds)
        handler.status = Status.SUCCESS

    handler.status = Status.OUT_OF_RESOURCES
    monkeypatch.setattr(pictures, "time", SimpleNamespace(sleep=nap))

    pictures.send(host="127.0.0.1", port=listener.port, progress=lambda *_: None)

    assert slept == [1]
    assert pictures.still_to_send() == 0


def test_pictures_that_are_never_kept_are_left_for_later(
    door: tuple[Listener, FakeHandler], monkeypatch: pytest.MonkeyPatch
) -> None:
    listener, handler = door
    handler.status = Status.OUT_OF_RESOURCES
    monkeypatch.setattr(pictures, "time", SimpleNamespace(sleep=lambda _seconds: None))

    with pytest.raises(pictures.NotTaken):
        pictures.send(host="127.0.0.1", port=listener.port, progress=lambda *_: None)

    assert pictures.still_to_send() == 12
