"""A listener on a free port, a handler that remembers, and a few files to send."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest

from quenotte.devices.dicom.fake import FakeDevice, FakeHandler
from quenotte.devices.dicom.listener import Listener
from quenotte.devices.dicom.synthetic import SyntheticPatient, write_radiograph

JEANNE = SyntheticPatient(
    file_number="1042",
    issuer="QUENOTTE-DEMO",
    birth_name="LE GALL-ÉVRARD",
    first_names="Éloïse Marie",
    born_on=date(1980, 2, 3),
    sex="F",
)
TAKEN_AT = datetime(2026, 1, 2, 10, 30, 15)

#: Files that come with pydicom: odd, broken and compressed ones among them.
BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"


@pytest.fixture
def handler() -> FakeHandler:
    return FakeHandler()


@pytest.fixture
def listener(handler: FakeHandler, tmp_path: Path) -> Iterator[Listener]:
    listener = Listener(handler=handler, incoming=tmp_path / "incoming", port=0)
    listener.start()
    yield listener
    listener.stop(timeout_s=1.0)


@pytest.fixture
def device(listener: Listener) -> FakeDevice:
    return FakeDevice(listener)


@pytest.fixture
def radiograph(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a small radiograph; the seed gives its identifiers."""

    def write(seed: int = 1, *, rows: int = 60, columns: int = 40, **changes: object) -> Path:
        path = tmp_path / f"sent-{seed}-{len(list(tmp_path.iterdir()))}.dcm"
        pixels = np.random.default_rng(seed).integers(0, 4096, (rows, columns), dtype=np.uint16)
        options: dict[str, Any] = {
            "pixels": pixels,
            "bits": 12,
            "patient": JEANNE,
            "taken_at": TAKEN_AT,
            "teeth": (36, 37),
            **changes,
        }
        write_radiograph(path, seed=seed, **options)
        return path

    return write
