"""What the worker and the DICOM process tell is on the open page because the ring rang.

Here the web process looks for itself once an hour only (tests.support.installations): an event
that is not rung for is not heard, and the reading gives up. How quick it is: ``bench.arrival``.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count
from pathlib import Path

import numpy as np
import psutil
import pytest

from quenotte.config import ports
from quenotte.devices.dicom import sender, synthetic
from tests.real.processes.people import Login, children_of
from tests.real.processes.served import Served
from tests.support.installations import wait_until

pytestmark = pytest.mark.real_clock

_TELL = """
import sys
from tests.support.slow_jobs import tell
tell.enqueue(practice_id=sys.argv[1])
"""
_DEVICE = """
import sys
from quenotte.care.imaging.models import Device
Device.objects.create(practice_id=sys.argv[1], ae_title="SONNETTE", name="Capteur")
"""


@contextmanager
def held(pid: int) -> Iterator[None]:
    """Stop a process for a while."""
    process = psutil.Process(pid)
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def test_page_hears_the_worker_at_once(served: Served, login: Login):
    installation, server = served
    wait_until(lambda: "worker" in children_of(server.pid))
    with login.listening() as stream:
        for _ in range(2):
            installation.script(_TELL, login.practice_id)
            assert stream.hear("told") is not None


def test_page_hears_the_dicom_process_at_once(served: Served, login: Login, tmp_path: Path):
    installation, server = served
    wait_until(lambda: {"dicom", "worker"} <= set(children_of(server.pid)))
    wait_until(lambda: ports.answers("127.0.0.1", installation.dicom_port))
    installation.script(_DEVICE, login.practice_id)
    seeds = count(700)

    def send() -> None:
        seed = next(seeds)
        path = tmp_path / f"{seed}.dcm"
        synthetic.write_radiograph(
            path,
            pixels=np.zeros((60, 40), np.uint16),
            bits=12,
            patient=synthetic.SyntheticPatient("", "", "Vidal", "Ines", date(1980, 2, 3), "F"),
            taken_at=datetime(2026, 3, 17, 9, 12),
            teeth=(11,),
            seed=seed,
        )
        port = installation.dicom_port
        sender.send([path], host="127.0.0.1", port=port, calling_ae="SONNETTE")

    # The worker draws thumbnails, and rings for them: that must not be the ring that we hear.
    with held(children_of(server.pid)["worker"]), login.listening() as stream:
        for _ in range(2):
            send()
            assert stream.hear("tray") is not None
