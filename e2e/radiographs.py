"""Radiographs of the practice's invented patients, as a device would send them."""

import subprocess
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from quenotte.devices.dicom import synthetic
from tests.support.programs import program

_SEEDS = count(50_000)


def draw(
    folder: Path,
    patient: dict[str, Any],
    issuer: str,
    *,
    teeth: tuple[int, ...] = (36, 37),
    rows: int = 400,
    columns: int = 600,
    **changed: Any,
) -> Path:
    """Write a new intra-oral radiograph of ``patient`` and return its path."""
    seed = next(_SEEDS)
    path = folder / f"{seed}.dcm"
    facts = {**patient, **changed}
    synthetic.write_radiograph(
        path,
        pixels=synthetic.intraoral(seed, teeth=teeth, rows=rows, columns=columns),
        bits=12,
        patient=synthetic.SyntheticPatient(
            file_number=facts["file_number"],
            issuer=issuer,
            birth_name=facts["birth_name"],
            first_names=facts["first_name"],
            born_on=date.fromisoformat(facts["born_on"]),
            sex=facts["sex"],
        ),
        taken_at=datetime.now().astimezone(),
        teeth=teeth,
        seed=seed,
        modality="IO",
    )
    return path


def storescu(port: int, *paths: Path, title: str = "STORESCU") -> None:
    """Send files with dcmtk's own program."""
    command = [program("storescu"), "-aet", title, "127.0.0.1", str(port), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
