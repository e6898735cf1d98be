import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from quenotte.config.children import Child, wait_before
from tests.support.installations import wait_until

pytestmark = pytest.mark.real_clock


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command that a child runs, in place of one of our processes."""
    words = [sys.executable, "-c", "print('bonjour'); import time; time.sleep(30)"]
    popen = subprocess.Popen

    def start(_command: Any, **options: Any) -> Any:
        return popen(words, **options)

    monkeypatch.setattr(subprocess, "Popen", start)
    return words


def heard(child: Child, said: list[str]) -> str:
    """Return all that a child has said so far."""
    said.append(child.read_words())
    return "".join(said)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 1), (1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (50, 30)]
)
def test_wait_doubles_up_to_half_a_minute(failures: int, seconds: float):
    assert wait_before(failures) == seconds


def test_child_lives_speaks_and_stops(program: list[str]):
    child = Child("web", [])
    child.start()
    assert child.process is not None
    pid = child.process.pid
    assert os.getpgid(pid) == pid
    assert child.reap() is None
    said: list[str] = []
    wait_until(lambda: "bonjour" in heard(child, said))
    child.ask_to_stop()
    wait_until(lambda: child.reap() == -signal.SIGTERM)
    assert child.failures == 1
    assert child.due_at is not None
    assert child.read_words() == ""
    child.ask_to_stop()
    child.kill()


def test_child_that_was_well_waits_little(program: list[str]):
    child = Child("web", [], failures=6)
    child.start()
    child.started_at = time.monotonic() - 61
    child.ask_to_stop()
    wait_until(lambda: child.reap() is not None)
    assert child.failures == 1


def test_child_that_does_not_listen_is_killed(program: list[str]):
    program[2] = (
        "import signal; signal.signal(15, signal.SIG_IGN); print('x', flush=True); signal.pause()"
    )
    child = Child("web", [])
    child.start()
    assert child.process is not None
    pid = child.process.pid
    wait_until(child.read_words)
    child.ask_to_stop()
    assert child.reap() is None
    child.kill()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_gate_is_passed_on(program: list[str]):
    program[2] = "import os; os.read(int(os.environ['QUENOTTE_GATE']), 1); print('parti')"
    out, into = os.pipe()
    child = Child("web", [], gate=out)
    child.start()
    time.sleep(0.2)
    assert child.read_words() == ""
    os.close(into)
    os.close(out)
    said: list[str] = []
    wait_until(lambda: "parti" in heard(child, said))
    child.kill()
