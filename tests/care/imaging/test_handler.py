"""From a device's association to the record, through the real listener."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from quenotte.base.audit.models import Line
from quenotte.base.files import operations as files
from quenotte.base.live.models import Event
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.operations import arrivals, pending
from quenotte.care.imaging.operations.filing import PictureMoved, file_picture
from quenotte.care.imaging.operations.handler import PictureHandler
from quenotte.care.patients.models import Patient
from quenotte.devices.dicom.fake import FakeDevice
from quenotte.devices.dicom.listener import Listener, Status
from tests import factories
from tests.care.imaging.objects import radiograph
from tests.care.imaging.test_filing import actor_for

pytestmark = pytest.mark.real_clock


@pytest.fixture
def sensor(listener: Listener) -> FakeDevice:
    return FakeDevice(listener, ae_title="CAPTEUR1")


def statuses(results) -> list[int]:
    return [int(result.status) for result in results]


def test_object_sent_is_in_the_record_with_its_thumbnail(
    sensor: FakeDevice, handler: PictureHandler, device: Device, patient: Patient, tmp_path: Path
):
    assert statuses(sensor.store([radiograph(tmp_path / "a.dcm", patient)])) == [Status.SUCCESS]
    handler._drawers.submit(lambda: None).result(timeout=10)

    picture = Picture.objects.get()
    assert (picture.patient, picture.device) == (patient, device)
    assert picture.thumbnail is not None
    assert Event.objects.filter(name="pictures").count() == 2


def test_broken_object_waits_and_is_not_understood(
    sensor: FakeDevice, device: Device, patient: Patient, tmp_path: Path
):
    path = radiograph(tmp_path / "a.dcm", patient)
    path.write_bytes(path.read_bytes()[:-500])

    assert statuses(sensor.store([path])) == [Status.CANNOT_UNDERSTAND]

    assert Picture.objects.get().reasons == ["truncated"]


def test_full_disk_answers_out_of_resources_then_recovers(
    sensor: FakeDevice,
    folder: Path,
    device: Device,
    patient: Patient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    path = radiograph(tmp_path / "a.dcm", patient)
    with monkeypatch.context() as full:
        full.setattr(files, "has_room", lambda extra=0: False)
        assert statuses(sensor.store([path])) == [Status.OUT_OF_RESOURCES]
        assert statuses(sensor.store([path])) == [Status.OUT_OF_RESOURCES]
    assert Picture.objects.count() == 0
    line = Line.objects.get(action="failure")
    assert (line.object_kind, line.result, line.person_label) == ("picture", "refused", "CAPTEUR1")
    assert (line.practice_id, line.detail) == (
        device.practice_id,
        {"reason": "no_room", "count": 1},
    )
    assert [each for each in (folder / "incoming").rglob("*") if each.is_file()] == []

    assert statuses(sensor.store([path])) == [Status.SUCCESS]
    assert Picture.objects.get().patient == patient


def test_failing_database_answers_out_of_resources_and_loses_nothing(
    sensor: FakeDevice,
    handler: PictureHandler,
    device: Device,
    patient: Patient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    def down(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    path = radiograph(tmp_path / "a.dcm", patient)
    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "register", down)
        assert statuses(sensor.store([path])) == [Status.OUT_OF_RESOURCES]
    assert len(list(pending.folder().iterdir())) == 1

    PictureHandler().close()  # the next start

    assert Picture.objects.get().patient == patient
    assert list(pending.folder().iterdir()) == []


def test_start_with_a_failing_database_leaves_the_sweep_to_the_job(
    handler: PictureHandler, device: Device, patient: Patient, monkeypatch: pytest.MonkeyPatch
):
    radiograph(pending.folder() / "43.a.dcm", patient)

    def down(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(arrivals, "register", down)
    PictureHandler().close()

    assert len(list(pending.folder().iterdir())) == 1


def test_echo_of_an_unknown_device_shows_it(
    listener: Listener, practice: Practice, handler: PictureHandler
):
    FakeDevice(listener, ae_title="NOUVEAU").echo()

    device = Device.objects.get()
    assert (device.ae_title, device.is_recognised) == ("NOUVEAU", False)
    assert device.last_seen_at is not None


def test_echo_before_the_installation_is_answered(listener: Listener):
    FakeDevice(listener).echo()

    assert Device.objects.count() == 0


def test_same_object_on_two_associations_at_once_is_one_row(
    listener: Listener, device: Device, patient: Patient, tmp_path: Path
):
    path = radiograph(tmp_path / "a.dcm", patient)
    devices = [FakeDevice(listener, ae_title="CAPTEUR1") for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: statuses(each.store([path])), devices))

    assert answers == [[Status.SUCCESS]] * 4
    assert Picture.objects.count() == 1
    assert Line.objects.filter(result="filed").count() == 1
    assert Line.objects.filter(result="duplicate").count() == 3


def test_same_object_from_two_devices_at_once_is_one_row(
    listener: Listener, device: Device, patient: Patient, tmp_path: Path
):
    """No lock is shared here: the unique constraint decides, the loser looks up."""
    factories.DeviceFactory.create(practice=device.practice, ae_title="CAPTEUR2")
    path = radiograph(tmp_path / "a.dcm", patient)
    devices = [FakeDevice(listener, ae_title=f"CAPTEUR{n}") for n in (1, 2)]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: statuses(each.store([path])), devices))

    assert answers == [[Status.SUCCESS]] * 2
    assert Picture.objects.count() == 1


def test_study_for_two_patients_at_once_files_one_only(
    listener: Listener, device: Device, patient: Patient, tmp_path: Path
):
    other = factories.PatientFactory.create(practice=patient.practice)
    study = {"StudyInstanceUID": "1.2.3.4.5"}
    paths = [
        radiograph(tmp_path / "a.dcm", patient, seed=1, **study),
        radiograph(tmp_path / "b.dcm", other, seed=2, **study),
    ]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda p: FakeDevice(listener, ae_title="CAPTEUR1").store([p]), paths))

    assert sorted(Picture.objects.values_list("state", flat=True)) == ["filed", "tray"]


def test_two_people_file_one_picture_and_one_wins(
    transactional_db: None, practice: Practice, alice: Person, bob: Person, patient: Patient
):
    picture = factories.PictureFactory.create(practice=practice, patient=None, state="tray")
    other = factories.PatientFactory.create(practice=practice)
    start = threading.Barrier(2)

    def act(person: Person, target: Patient) -> str:
        try:
            start.wait(timeout=10)
            file_picture(
                picture_id=picture.id,
                patient_id=target.id,
                by=actor_for(person),
                expected_version=1,
            )
        except PictureMoved:
            return "told"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(act, (alice, bob), (patient, other)))

    assert sorted(ends) == ["told", "won"]
    picture.refresh_from_db()
    assert picture.patient == (patient if ends[0] == "won" else other)
    assert Line.objects.filter(action="file").count() == 1


def test_anybody_may_send_and_the_disk_decides(handler: PictureHandler, listener: Listener):
    from quenotte.devices.dicom.listener import Sender

    assert handler.admit(Sender("INTRUS", "QUENOTTE", "192.0.2.1", 1))
    assert handler.has_room()
