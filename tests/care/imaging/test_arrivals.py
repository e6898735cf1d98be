"""An object arrives: kept, matched, written, journalled, announced."""

import hashlib
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from quenotte.base.audit.models import Line
from quenotte.base.files import operations as files
from quenotte.base.live.models import Event
from quenotte.base.practice.models import Practice
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.operations import arrivals, pending, registering
from quenotte.care.imaging.operations.arrivals import NoPractice, Result, receive, sweep_pending
from quenotte.care.patients.merging import merge_patients
from quenotte.care.patients.models import Patient
from tests import factories
from tests.care.imaging.objects import ARRIVED_AT, change, incoming, radiograph
from tests.care.people import actor as actor_of

pytestmark = pytest.mark.django_db


def events(name: str) -> list[dict[str, str]]:
    return list(Event.objects.filter(name=name).order_by("id").values_list("data", flat=True))


def test_receive_proved_picture_files_it(folder: Path, device: Device, patient: Patient):
    path = radiograph(folder / "incoming" / "a.part", patient)
    content = path.read_bytes()

    outcome = receive(incoming(path))

    picture = Picture.objects.get(id=outcome.picture_id)
    assert outcome.result is Result.FILED
    assert (picture.state, picture.patient_id) == ("filed", patient.id)
    assert picture.reasons == []
    assert picture.proof == {"keys": ["file_number", "issuer", "birth_date", "name"]}
    assert picture.teeth == [36, 37]
    assert picture.modality == "IO"
    assert picture.taken_at.isoformat() == "2026-03-17T08:12:05+00:00"
    assert (picture.received_at, picture.device, picture.source) == (ARRIVED_AT, device, "dicom")
    assert picture.blob_id == hashlib.sha256(content).hexdigest()
    assert files.local_path(picture.blob).read_bytes() == content
    assert not path.exists()
    assert list(pending.folder().iterdir()) == []


@pytest.mark.parametrize("as_known", ["absorbed", "survivor"])
def test_receive_for_a_record_united_with_another_files_it_there(
    folder: Path, device: Device, patient: Patient, alice, as_known: str
):
    """The device still knows the number of the absorbed record, and perhaps its traits."""
    absorbed = factories.PatientFactory.create(
        practice=patient.practice,
        birth_name="Autrefois",
        born_on=date(1985, 3, 4),
        file_number=patient.file_number + 1000,
    )
    absorbed.refresh_from_db()
    path = radiograph(folder / "incoming" / "a.part", absorbed)
    if as_known == "survivor":
        path = radiograph(
            folder / "incoming" / "a.part", patient, PatientID=str(absorbed.file_number)
        )
    merge_patients(actor=actor_of(alice), survivor_id=patient.id, absorbed_id=absorbed.id, taken=())

    outcome = receive(incoming(path))

    picture = Picture.objects.get(id=outcome.picture_id)
    assert (picture.state, picture.patient_id, picture.reasons) == ("filed", patient.id, [])


def test_receive_writes_one_line_in_the_name_of_the_device(
    folder: Path, device: Device, patient: Patient
):
    outcome = receive(incoming(radiograph(folder / "incoming" / "a.part", patient)))

    line = Line.objects.get()
    assert (line.action, line.result) == ("receive", "filed")
    assert (line.person_id, line.person_label) == (None, "Capteur 1")
    assert (line.source, line.workstation) == ("dicom", "CAPTEUR1")
    assert line.patient_id == patient.id
    assert (line.object_kind, line.object_id) == ("picture", str(outcome.picture_id))


def test_receive_tells_the_open_pages(folder: Path, device: Device, patient: Patient):
    outcome = receive(incoming(radiograph(folder / "incoming" / "a.part", patient)))

    assert events("pictures") == [{"patient": str(patient.id), "picture": str(outcome.picture_id)}]
    assert events("tray") == []
    assert Event.objects.get().audience == "imaging.read"


def test_receive_doubtful_picture_waits_with_reasons(
    folder: Path, device: Device, patient: Patient
):
    path = radiograph(folder / "incoming" / "a.part", patient, PatientBirthDate="19850304")

    outcome = receive(incoming(path))

    picture = Picture.objects.get()
    assert outcome.result is Result.TRAY
    assert (picture.state, picture.patient_id) == ("tray", None)
    assert picture.reasons == ["birth_date_differs"]
    assert picture.header["born_on"] == "1985-03-04"
    assert events("tray") == [{"picture": str(picture.id)}]
    assert Event.objects.get().audience == "imaging.tray"
    assert Line.objects.get().result == "tray"


def test_receive_from_an_unknown_device_creates_it_and_waits(
    folder: Path, practice: Practice, patient: Patient
):
    outcome = receive(incoming(radiograph(folder / "incoming" / "a.part", patient), ae="INTRUS"))

    device = Device.objects.get()
    assert (device.ae_title, device.is_recognised, device.practice) == ("INTRUS", False, practice)
    assert device.last_address == "192.0.2.7"
    assert device.first_seen_at == device.last_seen_at == ARRIVED_AT
    assert Picture.objects.get(id=outcome.picture_id).reasons == ["device_unknown"]
    assert [line.action for line in Line.objects.order_by("number")] == ["create", "receive"]
    assert events("devices") == [{"device": str(device.id)}]


def test_receive_goes_to_the_practice_of_the_device(
    folder: Path, practice: Practice, other_practice: Practice
):
    factories.DeviceFactory.create(practice=other_practice, ae_title="CAPTEUR1")
    neighbour = factories.PatientFactory.create(practice=other_practice)

    outcome = receive(incoming(radiograph(folder / "incoming" / "a.part", neighbour)))

    assert Picture.objects.get(id=outcome.picture_id).patient == neighbour


def test_receive_prefers_the_practice_that_recognised_the_device(
    folder: Path, practice: Practice, other_practice: Practice
):
    factories.DeviceFactory.create(practice=practice, ae_title="CAPTEUR1", is_recognised=False)
    factories.DeviceFactory.create(practice=other_practice, ae_title="CAPTEUR1")

    receive(incoming(radiograph(folder / "incoming" / "a.part")))

    assert Picture.objects.get().practice == other_practice


def test_receive_of_somebody_of_another_practice_waits(
    folder: Path, device: Device, other_practice: Practice
):
    neighbour = factories.PatientFactory.create(practice=other_practice)

    receive(incoming(radiograph(folder / "incoming" / "a.part", neighbour)))

    picture = Picture.objects.get()
    assert picture.practice == device.practice
    assert "issuer_foreign" in picture.reasons


def test_receive_twice_keeps_one_row(folder: Path, device: Device, patient: Patient):
    first = receive(incoming(radiograph(folder / "incoming" / "a.part", patient)))
    second = receive(incoming(radiograph(folder / "incoming" / "b.part", patient)))

    assert second == arrivals.Outcome(Result.DUPLICATE, first.picture_id)
    assert Picture.objects.count() == 1
    assert len(events("pictures")) == 1
    assert [line.result for line in Line.objects.order_by("number")] == ["filed", "duplicate"]


def test_receive_same_identifier_with_other_bytes_keeps_both(
    folder: Path, device: Device, patient: Patient
):
    first = receive(incoming(radiograph(folder / "incoming" / "a.part", patient)))
    other = radiograph(folder / "incoming" / "b.part", patient, SeriesDescription="autre")

    second = receive(incoming(other))

    assert second.result is Result.TRAY
    assert Picture.objects.get(id=second.picture_id).reasons == ["other_bytes"]
    assert Picture.objects.get(id=first.picture_id).state == "filed"


def test_receive_second_patient_in_one_study_waits(folder: Path, device: Device, patient: Patient):
    receive(incoming(radiograph(folder / "incoming" / "a.part", patient)))
    study = Picture.objects.get().study_uid
    other = factories.PatientFactory.create(practice=patient.practice)
    path = radiograph(folder / "incoming" / "b.part", other, seed=2, StudyInstanceUID=study)

    receive(incoming(path))

    assert Picture.objects.get(state="tray").reasons == ["study_of_another"]


def test_receive_what_is_no_dicom_is_kept_aside_and_not_understood(folder: Path, device: Device):
    path = folder / "incoming" / "a.part"
    path.write_bytes(b"\0" * 128 + b"DICMrien de lisible")

    outcome = receive(incoming(path, uid="1.2.3.4"))

    picture = Picture.objects.get()
    assert outcome.result is Result.QUARANTINE
    assert (picture.state, picture.sop_instance_uid) == ("tray", "1.2.3.4")
    assert picture.reasons == ["unreadable"]
    assert picture.is_thumbnail_impossible
    assert files.local_path(picture.blob).read_bytes().endswith(b"rien de lisible")
    assert Line.objects.get().result == "quarantine"


def test_receive_what_is_cut_short_says_so(folder: Path, device: Device, patient: Patient):
    path = radiograph(folder / "incoming" / "a.part", patient)
    path.write_bytes(path.read_bytes()[:-500])

    outcome = receive(incoming(path))

    assert outcome.result is Result.QUARANTINE
    assert Picture.objects.get().reasons == ["truncated"]


def test_receive_broken_object_of_a_known_identifier_says_both(folder: Path, device: Device):
    for number, content in enumerate([b"un", b"deux"]):
        path = folder / "incoming" / f"{number}.part"
        path.write_bytes(content)
        receive(incoming(path, uid="1.2.3.4"))

    assert Picture.objects.latest("id").practice == device.practice
    assert sorted(Picture.objects.values_list("reasons", flat=True)) == [
        ["unreadable"],
        ["unreadable", "other_bytes"],
    ]


def test_receive_without_date_takes_the_time_of_arrival(
    folder: Path, device: Device, patient: Patient
):
    empty = {f"{name}{part}": "" for name in ("Content", "Study") for part in ("Date", "Time")}
    path = radiograph(folder / "incoming" / "a.part", patient)
    change(path, **empty, AcquisitionDate="", AcquisitionTime="", SeriesDate="", SeriesTime="")

    receive(incoming(path))

    assert Picture.objects.get().taken_at == ARRIVED_AT


def test_receive_before_the_installation_keeps_the_bytes(folder: Path, db: None):
    path = radiograph(folder / "incoming" / "a.part")

    with pytest.raises(NoPractice):
        receive(incoming(path))

    assert len(list(pending.folder().iterdir())) == 1


def test_receive_on_a_full_disk_keeps_nothing(
    folder: Path, device: Device, monkeypatch: pytest.MonkeyPatch
):
    path = radiograph(folder / "incoming" / "a.part")
    monkeypatch.setattr(files, "has_room", lambda extra=0: False)

    with pytest.raises(files.NoRoom):
        receive(incoming(path))

    assert Picture.objects.count() == 0
    assert list(pending.folder().iterdir()) == []


class Down:
    """A database that fails when the row is written."""

    def __call__(self, *args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")


def test_receive_when_the_database_fails_keeps_the_bytes_and_sweeps_them_later(
    folder: Path, device: Device, patient: Patient, monkeypatch: pytest.MonkeyPatch
):
    path = radiograph(folder / "incoming" / "a.part", patient)
    content = path.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "register", Down())
        with pytest.raises(OperationalError):
            receive(incoming(path))
    (left,) = pending.folder().iterdir()
    assert left.read_bytes() == content
    assert Picture.objects.count() == 0

    assert sweep_pending() == 1

    picture = Picture.objects.get()
    assert (picture.patient, picture.device) == (patient, device)
    assert list(pending.folder().iterdir()) == []
    line = Line.objects.get(action="failure")
    assert (line.object_kind, line.object_id) == ("picture", str(picture.id))
    assert (line.source, line.result) == ("dicom", "failed")
    assert line.detail == {"reason": "not_answered", "state": "filed"}


def test_sweep_of_what_the_device_sent_again_keeps_one_row(
    folder: Path, device: Device, patient: Patient, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "register", Down())
        with pytest.raises(OperationalError):
            receive(incoming(radiograph(folder / "incoming" / "a.part", patient)))
    receive(incoming(radiograph(folder / "incoming" / "b.part", patient)))

    assert sweep_pending() == 1

    assert Picture.objects.count() == 1
    assert list(pending.folder().iterdir()) == []
    assert Line.objects.get(action="failure").detail["state"] == "duplicate"


def test_sweep_that_fails_keeps_the_bytes_for_the_next_one(
    folder: Path, device: Device, patient: Patient, monkeypatch: pytest.MonkeyPatch
):
    radiograph(pending.folder() / f"{b'CAPTEUR1'.hex()}.a.dcm", patient)
    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "register", Down())
        for _ in range(2):
            with pytest.raises(OperationalError):
                sweep_pending()
            assert len(list(pending.folder().iterdir())) == 1

    assert sweep_pending() == 1
    assert Picture.objects.get().patient == patient
    assert Line.objects.filter(action="failure").count() == 1


def test_sweep_tries_each_object_and_tells_the_first_failure(
    folder: Path, device: Device, patient: Patient, monkeypatch: pytest.MonkeyPatch
):
    for name in ("a", "b", "c"):
        radiograph(pending.folder() / f"{b'CAPTEUR1'.hex()}.{name}.dcm", patient)
    calls: list[Any] = []

    def register(*args: Any) -> Any:
        calls.append(args)
        if len(calls) < 3:
            raise OperationalError(f"failure {len(calls)}")
        return registering.register(*args)

    monkeypatch.setattr(arrivals, "register", register)
    with pytest.raises(OperationalError, match="failure 1"):
        sweep_pending()
    assert Picture.objects.count() == 1
    assert len(list(pending.folder().iterdir())) == 2


def test_sweep_on_a_full_disk_keeps_the_bytes(
    folder: Path, device: Device, patient: Patient, monkeypatch: pytest.MonkeyPatch
):
    radiograph(pending.folder() / "43.a.dcm", patient)
    monkeypatch.setattr(files, "has_room", lambda extra=0: False)

    with pytest.raises(files.NoRoom):
        sweep_pending()

    assert len(list(pending.folder().iterdir())) == 1


def test_sweep_leaves_what_is_being_received(folder: Path, device: Device, patient: Patient):
    spare = pending.hold(radiograph(folder / "incoming" / "a.part", patient), "CAPTEUR1")

    assert sweep_pending(before=1.0) == 0
    assert spare is not None
    assert spare.exists()


def test_sweep_of_a_strange_name_takes_an_unknown_device(folder: Path, practice: Practice):
    radiograph(pending.folder() / "pas-hexa.dcm")

    assert sweep_pending() == 1

    assert Device.objects.get().ae_title == ""


def refuse(*args: object) -> None:
    raise OSError("not on this disk")


def test_receive_without_hard_links_copies(
    folder: Path, device: Device, monkeypatch: pytest.MonkeyPatch
):
    path = radiograph(folder / "incoming" / "a.part")
    content = path.read_bytes()
    monkeypatch.setattr("os.link", refuse)
    monkeypatch.setattr(arrivals, "register", Down())

    with pytest.raises(OperationalError):
        receive(incoming(path))

    (left,) = pending.folder().iterdir()
    assert left.read_bytes() == content


def test_receive_without_any_spare_moves_the_bytes_after_a_failure(
    folder: Path, device: Device, monkeypatch: pytest.MonkeyPatch
):
    path = radiograph(folder / "incoming" / "a.part")
    monkeypatch.setattr("os.link", refuse)
    monkeypatch.setattr("shutil.copy2", refuse)
    monkeypatch.setattr(files, "keep", Down())

    with pytest.raises(OperationalError):
        receive(incoming(path))

    assert len(list(pending.folder().iterdir())) == 1
    assert not path.exists()


def test_existing_row_is_found_by_the_loser_of_a_race(
    folder: Path, device: Device, patient: Patient, monkeypatch: pytest.MonkeyPatch
):
    """The look-up before writing saw nothing; the constraint did."""
    first = receive(incoming(radiograph(folder / "incoming" / "a.part", patient)))
    second = receive(incoming(radiograph(folder / "incoming" / "b.part", patient), ae="AUTRE"))

    assert second == arrivals.Outcome(Result.DUPLICATE, first.picture_id)
    assert isinstance(first.picture_id, uuid.UUID)
