"""One child process: started, watched, started again, stopped."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass, field

from quenotte.config import copies
from quenotte.config.processes import lifeline

#: A child that lived so long was well: the next wait is short again, in seconds.
HEALTHY_S = float(os.environ.get("QUENOTTE_HEALTHY_S", "60"))
#: The longest wait before a child is started again, in seconds.
LONGEST_WAIT_S = 30.0


def wait_before(failures: int) -> float:
    """Return the wait before the next start after so many failures in a row, in seconds."""
    return min(LONGEST_WAIT_S, 2.0 ** max(0, failures - 1))


@dataclass
class Child:
    """A process of ours and what is known of it."""

    name: str
    arguments: list[str]
    process: copies.Process | None = None
    started_at: float = 0.0
    failures: int = 0
    #: When it is due to start again (monotonic seconds); None when it runs.
    due_at: float | None = 0.0
    gate: int | None = field(default=None, repr=False)
    #: It shares nothing with us: no site, no key, no address of the database.
    is_apart: bool = False

    def start(self) -> None:
        """Start the process in a group of its own."""
        environment = {**os.environ, lifeline.SUPERVISOR: str(os.getpid())}
        kept: tuple[int, ...] = ()
        if self.gate is not None:
            environment[lifeline.GATE] = str(self.gate)
            kept = (self.gate,)
        self.process = copies.begin(
            f"quenotte.config.processes.{self.name}",
            self.arguments,
            environment=environment,
            pass_fds=kept,
            is_apart=self.is_apart,
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.started_at, self.due_at = time.monotonic(), None

    def reap(self) -> int | None:
        """Return the code with which the process ended, once; plan its next start."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        now = time.monotonic()
        self.failures = 1 if now - self.started_at >= HEALTHY_S else self.failures + 1
        self.due_at = now + wait_before(self.failures)
        self.forget()
        return code

    def read_words(self) -> str:
        """Return what the process has written to its console since the last call."""
        if self.process is None or self.process.stdout is None:
            return ""
        return (self.process.stdout.read(65_536) or b"").decode("utf-8", "replace")

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()

    def ask_to_read_again(self) -> None:
        """Send SIGHUP: its certificate has changed."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGHUP)

    def kill(self) -> None:
        """Kill the process and whatever it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.forget()

    def forget(self) -> None:
        """Close what is left of a process that ended."""
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None
