"""DICOM objects that devices send, small and invented."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pydicom

from quenotte.care.imaging.operations.arrivals import Incoming
from quenotte.care.patients.models import Patient
from quenotte.devices.dicom.synthetic import SyntheticPatient, write_radiograph

TAKEN_AT = datetime(2026, 3, 17, 9, 12, 5)
ARRIVED_AT = datetime.fromisoformat("2026-03-17T08:29:00+00:00")


def radiograph(
    path: Path, patient: Patient | None = None, *, seed: int = 1, **changes: Any
) -> Path:
    """Write a small intra-oral picture of a patient; ``changes`` are DICOM keywords."""
    person = SyntheticPatient(
        file_number=str(patient.file_number) if patient else "",
        issuer=patient.practice.dicom_issuer if patient else "",
        birth_name=patient.birth_name if patient else "",
        first_names=patient.birth_first_names if patient else "",
        born_on=patient.born_on if patient else None,
        sex=patient.sex if patient else "",
    )
    pixels = np.random.default_rng(seed).integers(0, 4096, (60, 40), dtype=np.uint16)
    write_radiograph(
        path, pixels=pixels, bits=12, patient=person, taken_at=TAKEN_AT, teeth=(36, 37), seed=seed
    )
    if changes:
        change(path, **changes)
    return path


def change(path: Path, **changes: Any) -> Path:
    """Write other values into an object."""
    dataset = pydicom.dcmread(path)
    for keyword, value in changes.items():
        setattr(dataset, keyword, value.strftime("%Y%m%d") if isinstance(value, date) else value)
    dataset.save_as(path, enforce_file_format=True)
    return path


def incoming(path: Path, *, ae: str = "CAPTEUR1", uid: str = "1.2.3") -> Incoming:
    """Return an object as the listener hands it over."""
    return Incoming(
        path=path,
        calling_ae=ae,
        address="192.0.2.7",
        sop_class_uid="1.2.840.10008.5.1.4.1.1.1.3",
        sop_instance_uid=uid,
        received_at=ARRIVED_AT,
    )
