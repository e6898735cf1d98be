"""What a listener received, and waiting for it."""

import struct
import time
from collections.abc import Callable
from pathlib import Path

Radiograph = Callable[..., Path]


def wait_for(condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def data_set_of(content: bytes) -> bytes:
    """Return what follows group 2."""
    (length,) = struct.unpack("<L", content[140:144])
    return content[144 + length :]


def parts(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "incoming").iterdir())
