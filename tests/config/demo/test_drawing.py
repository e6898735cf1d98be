from pathlib import Path

import pydicom
import pytest

from quenotte.config.demo import drawing
from tests.factories import PatientFactory, PracticeFactory


def test_drawn_radiograph_names_its_patient(db: None, tmp_path: Path) -> None:
    practice = PracticeFactory.create(is_demo=True, dicom_issuer="ESSAI")
    patient = PatientFactory.create(practice=practice, file_number=42)
    drawing.draw(42, tmp_path / "radio.dcm")
    header = pydicom.dcmread(tmp_path / "radio.dcm", stop_before_pixels=True)
    assert header.PatientID == "42"
    assert header.IssuerOfPatientID == "ESSAI"
    assert header.PatientBirthDate == f"{patient.born_on:%Y%m%d}"


def test_real_practice_gets_no_invented_picture(db: None, tmp_path: Path) -> None:
    PatientFactory.create(file_number=42)
    with pytest.raises(drawing.NoSuchDemoPatient, match="42"):
        drawing.draw(42, tmp_path / "radio.dcm")
    assert not (tmp_path / "radio.dcm").exists()
