"""Synthetic radiographs, sent through the practice's real DICOM door."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from django.utils import timezone

from quenotte.care.imaging.models import Picture
from quenotte.care.patients.models import Patient
from quenotte.config.demo import staff
from quenotte.config.demo.practice import SEED, Progress
from quenotte.devices.dicom import sender, synthetic

COUNT: Final = 150
#: Regions that an intra-oral picture shows, by FDI number.
_REGIONS: Final = (
    (18, 17, 16), (15, 14), (13, 12), (11, 21), (22, 23), (24, 25), (26, 27, 28),
    (48, 47, 46), (45, 44), (43, 42), (41, 31), (32, 33), (34, 35), (36, 37, 38),
)  # fmt: skip
_BITEWINGS: Final = ((17, 16, 47, 46), (26, 27, 36, 37))


def still_to_send() -> int:
    """Return how many of the demo's pictures have not arrived yet."""
    return max(0, COUNT - Picture.objects.count())


def send(*, host: str, port: int, progress: Progress) -> None:
    """Draw the pictures one by one and send each as its device would.

    A start that was interrupted resumes: a picture that is already there is sent again
    with the same bytes, which changes nothing.
    """
    if not still_to_send():
        return
    random = Random(SEED)  # noqa: S311 - invented data, not a secret
    with tempfile.TemporaryDirectory(prefix="quenotte-demo-") as folder:
        for done, path, device in _draw(random, Path(folder)):
            sender.send([path], host=host, port=port, calling_ae=device)
            path.unlink()
            progress("Envoi des radiographies de démonstration", (done + 1) / COUNT)


def _draw(random: Random, folder: Path) -> Iterator[tuple[int, Path, str]]:
    chosen = _patients(random)
    for number in range(COUNT):
        path = folder / f"{number}.dcm"
        patient = chosen[number % len(chosen)]
        device = _write(random, path, number, patient)
        yield number, path, device


def _patients(random: Random) -> Sequence[Patient]:
    """Patients seen lately come first: their records are the ones a newcomer opens."""
    recent = Patient.objects.filter(
        practice__dicom_issuer=staff.ISSUER,
        died_on__isnull=True,
        appointments__starts_at__date=timezone.localdate(),
    ).distinct()
    others = Patient.objects.filter(practice__dicom_issuer=staff.ISSUER, died_on__isnull=True)
    first = list(recent.order_by("file_number")[:25])
    return first + random.sample(list(others.order_by("file_number")[:400]), 15)


def _write(random: Random, path: Path, number: int, patient: Patient) -> str:
    taken_at = _moment(random)
    subject = synthetic.SyntheticPatient(
        file_number=str(patient.file_number),
        # One picture in fifty comes from a device that does not copy the issuer: the tray.
        issuer="" if number % 50 == 49 else staff.ISSUER,
        birth_name=patient.birth_name,
        first_names=patient.first_birth_first_name,
        born_on=patient.born_on,
        sex=patient.sex,
    )
    if number % 12 == 11:
        pixels = synthetic.panoramic(number)
        synthetic.write_radiograph(
            path, pixels=pixels, bits=14, patient=subject, taken_at=taken_at,
            teeth=(), seed=number, modality="PX",
        )  # fmt: skip
        return "PANO"
    is_bitewing = number % 6 == 5
    teeth = random.choice(_BITEWINGS if is_bitewing else _REGIONS)
    kind = "bitewing" if is_bitewing else "periapical"
    rows, columns = (1000, 1500) if is_bitewing or teeth[0] % 10 > 3 else (1500, 1000)
    pixels = synthetic.intraoral(number, teeth=teeth, kind=kind, rows=rows, columns=columns)
    synthetic.write_radiograph(
        path, pixels=pixels, bits=12, patient=subject, taken_at=taken_at,
        teeth=teeth, seed=number, modality="IO",
    )  # fmt: skip
    return random.choice(("CAPTEUR1", "CAPTEUR2"))


def _moment(random: Random) -> datetime:
    return (timezone.localtime() - timedelta(days=random.randint(1, 900))).replace(
        hour=random.randint(9, 17), minute=random.randint(0, 59), second=0, microsecond=0
    )
