"""Synthetic radiographs, sent through the practice's real DICOM door."""

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final, Literal

from django.conf import settings
from django.utils import timezone

from quenotte.base.practice.models import Practice
from quenotte.care.patients.models import Patient
from quenotte.config.demo import staff
from quenotte.config.demo.practice import SEED, Progress
from quenotte.config.words import _
from quenotte.devices.dicom import sender, synthetic
from quenotte.kernel.errors import Refusal

COUNT: Final = 150
_AT_ONCE: Final = 10
#: With pauses that double from one second on, this is about a minute.
_ATTEMPTS: Final = 7
#: Regions that an intra-oral picture shows, by FDI number.
_REGIONS: Final = (
    (18, 17, 16), (15, 14), (13, 12), (11, 21), (22, 23), (24, 25), (26, 27, 28),
    (48, 47, 46), (45, 44), (43, 42), (41, 31), (32, 33), (34, 35), (36, 37, 38),
)  # fmt: skip
_BITEWINGS: Final = ((17, 16, 47, 46), (26, 27, 36, 37))


class NotTaken(Refusal):
    """The door answers, and does not keep what it is sent."""

    message = _("Les radiographies de démonstration n’ont pas été gardées.")


def _is_done() -> Path:
    return Path(settings.DATA_DIR) / "run" / "demo-pictures.done"


def still_to_send() -> int:
    """Return how many of the demo's pictures may not have arrived yet."""
    return 0 if _is_done().exists() else COUNT


def send(*, host: str, port: int, progress: Progress) -> None:
    """Draw the pictures and send them as their devices would, a few at a time.

    A start that was interrupted begins again: a picture that is already there is sent with
    the same bytes, which changes nothing.

    Raises: Refusal when the door stays shut or keeps nothing.
    """
    if not still_to_send():
        return
    random = Random(SEED)  # noqa: S311 - invented data, not a secret
    drawn = _draw(random)
    with tempfile.TemporaryDirectory(prefix="quenotte-demo-") as folder:
        for start in range(0, COUNT, _AT_ONCE):
            by_device: dict[str, list[Path]] = defaultdict(list)
            for number, write in islice(drawn, _AT_ONCE):
                path = Path(folder) / f"{number}.dcm"
                by_device[write(path)].append(path)
            for device, paths in by_device.items():
                _send_patiently(paths, host=host, port=port, device=device)
            progress(
                "Envoi des radiographies de démonstration", min(1.0, (start + _AT_ONCE) / COUNT)
            )
    _is_done().touch()


def _send_patiently(paths: list[Path], *, host: str, port: int, device: str) -> None:
    """Send again after a while when the door is busy or starts anew.

    Raises: Refusal when the last attempt failed too.
    """
    for attempt in range(_ATTEMPTS):
        try:
            paths = _not_stored(paths, host=host, port=port, device=device)
        except Refusal:
            if attempt == _ATTEMPTS - 1:
                raise
        if not paths:
            return
        time.sleep(2**attempt)
    raise NotTaken


def _not_stored(paths: list[Path], *, host: str, port: int, device: str) -> list[Path]:
    """Send files, remove those that were taken, return the others."""
    left = []
    for result in sender.send(paths, host=host, port=port, calling_ae=device):
        if result.is_stored:
            result.path.unlink()
        else:
            left.append(result.path)
    return left


def _draw(random: Random) -> Iterator[tuple[int, Callable[[Path], str]]]:
    # Not the clock: a start that goes on tomorrow must draw the same bytes.
    made_at = timezone.localtime(Practice.objects.get(dicom_issuer=staff.ISSUER).created_at)
    chosen = _patients(random, made_at)
    for number in range(COUNT):
        yield number, partial(_write, random, number, chosen[number % len(chosen)], made_at)


def _patients(random: Random, made_at: datetime) -> Sequence[Patient]:
    """Patients seen lately come first: their records are the ones a newcomer opens."""
    recent = Patient.objects.filter(
        practice__dicom_issuer=staff.ISSUER,
        died_on__isnull=True,
        appointments__starts_at__date=made_at.date(),
    ).distinct()
    others = Patient.objects.filter(practice__dicom_issuer=staff.ISSUER, died_on__isnull=True)
    first = list(recent.order_by("file_number")[:25])
    return first + random.sample(list(others.order_by("file_number")[:400]), 15)


def _write(random: Random, number: int, patient: Patient, made_at: datetime, path: Path) -> str:
    """Draw one picture into ``path`` and return the device that sends it."""
    taken_at = _moment(random, made_at)
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
    kind: Literal["periapical", "bitewing"] = "bitewing" if is_bitewing else "periapical"
    rows, columns = (1000, 1500) if is_bitewing or teeth[0] % 10 > 3 else (1500, 1000)
    pixels = synthetic.intraoral(number, teeth=teeth, kind=kind, rows=rows, columns=columns)
    synthetic.write_radiograph(
        path, pixels=pixels, bits=12, patient=subject, taken_at=taken_at,
        teeth=teeth, seed=number, modality="IO",
    )  # fmt: skip
    return random.choice(("CAPTEUR1", "CAPTEUR2"))


def _moment(random: Random, made_at: datetime) -> datetime:
    return (made_at - timedelta(days=random.randint(1, 900))).replace(
        hour=random.randint(9, 17), minute=random.randint(0, 59), second=0, microsecond=0
    )
