"""What the worker and the DICOM process tell is on the open page at once: the ring rang.

Without a ring the web process looks for itself every five seconds. It has just looked when an
event was heard, so the next one would be five seconds late: no luck makes these tests pass.
"""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count
from pathlib import Path

import numpy as np
import psutil
import pytest

from quenotte.base.live.hub import POLL_S
from quenotte.config import ports
from quenotte.devices.dicom import sender, synthetic
from tests.real.processes.people import Login, children_of
from tests.real.processes.served import Served
from tests.support.installations import Installation, wait_until

pytestmark = pytest.mark.real_clock

#: What is promised, in seconds from the row to the page. It parts a ring from a look five seconds
#: later, not a quick machine from a slow one: other programs may hold up all tries but one.
AT_ONCE_S = 0.5
TRIES = 5

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
_WRITTEN = """
import json, sys
from quenotte.base.live.models import Event
found = Event.objects.filter(pk__in=sys.argv[1:]).order_by("pk")
print(json.dumps([one.created_at.timestamp() for one in found]))
"""


def delays_of(login: Login, name: str, cause: Callable[[], object]) -> list[float]:
    """Return how long events took from their rows to the page, the first one aside."""
    heard: dict[int, float] = {}
    with login.listening() as stream:
        for _ in range(TRIES + 1):
            cause()
            assert stream.hear(name) is not None
            heard[stream.number] = stream.heard_at
            if len(heard) > 1 and _delays(login.installation, heard)[-1] < AT_ONCE_S:
                break
    return _delays(login.installation, heard)[1:]


def _delays(installation: Installation, heard: dict[int, float]) -> list[float]:
    written = json.loads(installation.script(_WRITTEN, *map(str, sorted(heard))))
    return [heard[number] - at for number, at in zip(sorted(heard), written, strict=True)]


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
    delays = delays_of(login, "told", lambda: installation.script(_TELL, login.practice_id))
    assert min(delays) < AT_ONCE_S < POLL_S / 2, delays


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
    with held(children_of(server.pid)["worker"]):
        delays = delays_of(login, "tray", send)
    assert min(delays) < AT_ONCE_S < POLL_S / 2, delays
