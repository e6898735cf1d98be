import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from quenotte.config.processes import lifeline
from tests.support.installations import wait_until

pytestmark = pytest.mark.real_clock


def test_alone_nothing_is_attached(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(lifeline.SUPERVISOR, raising=False)
    lifeline.attach("x")
    lifeline.wait_for_start()
    assert not lifeline.is_supervised()


def test_child_of_a_supervisor_that_is_gone_ends(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(lifeline.SUPERVISOR, "4194399")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from quenotte.config.processes import lifeline as l; l.attach('x'); print('x')",
        ],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"")


def test_start_is_waited_for(monkeypatch: pytest.MonkeyPatch):
    out, into = os.pipe()
    monkeypatch.setenv(lifeline.GATE, str(out))
    threading.Timer(0.2, os.close, [into]).start()
    began = time.monotonic()
    lifeline.wait_for_start()
    assert time.monotonic() - began >= 0.15
    assert lifeline.GATE not in os.environ


def test_stop_is_asked_once(monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []
    forced: list[float] = []
    monkeypatch.setattr(lifeline, "end_by_force_later", lambda: forced.append(4))
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        lifeline.on_stop(lambda: asked.append(1))
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
        wait_until(lambda: asked)
        time.sleep(0.05)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert (asked, forced) == ([1], [4])


def test_process_that_hangs_is_ended_by_force():
    code = (
        "from quenotte.config.processes import lifeline as l; import time;"
        "l.end_by_force_later(0.1); time.sleep(120)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 1


def test_finish_ends_without_waiting_for_threads():
    code = (
        "import threading, time; from quenotte.config.processes import lifeline as l;"
        "threading.Thread(target=time.sleep, args=[120]).start(); l.finish()"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
