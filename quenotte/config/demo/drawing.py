"""One more synthetic radiograph, for whoever wants to see a picture arrive."""

import secrets
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.care.patients.models import Patient
from quenotte.devices.dicom import synthetic
from quenotte.kernel.errors import Refusal


class NoSuchDemoPatient(Refusal):
    """The number is no patient of a demonstration practice."""

    def __init__(self, file_number: int) -> None:
        super().__init__(
            _("Aucun patient n° {number} dans un cabinet de démonstration.").format(
                number=file_number
            ),
            next_step=_("Lisez le numéro dans le bandeau d’un dossier, après « n° »."),
        )


def draw(file_number: int, target: Path) -> None:
    """Write a radiograph that a device of the demo practice could send for this patient.

    Never for a practice of real people: an invented picture must not enter a real record.

    Raises: NoSuchDemoPatient; OSError when the file cannot be written.
    """
    found = Patient.objects.filter(practice__is_demo=True, file_number=file_number)
    patient = found.select_related("practice").first()
    if patient is None:
        raise NoSuchDemoPatient(file_number)
    seed = secrets.randbelow(2**31)
    synthetic.write_radiograph(
        target,
        pixels=synthetic.intraoral(seed, teeth=(36, 37)),
        bits=12,
        patient=synthetic.SyntheticPatient(
            file_number=str(patient.file_number),
            issuer=patient.practice.dicom_issuer,
            birth_name=patient.birth_name,
            first_names=patient.first_birth_first_name,
            born_on=patient.born_on,
            sex=patient.sex,
        ),
        taken_at=timezone.localtime(),
        teeth=(36, 37),
        seed=seed,
        modality="IO",
    )
