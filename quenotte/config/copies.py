"""Children begun as copies of the supervisor, which has read the program once (Linux).

Reading Django and our own code costs a processor nearly a second for each process. A copy begins
with all of it in memory, which it shares with its parent: a practice starts with a third of the
work, and a process that was killed is back in a tenth of a second. Elsewhere, and whenever the
program could not be read, a child begins as a program of its own.

Whatever a copy inherits and must not use (the lock of the data folder, the supervisor's signals,
log and ears) is taken from it before it runs. Source: decision 38.
"""

import contextlib
import gc
import importlib
import logging
import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn, Protocol

logger = logging.getLogger(__name__)

#: What the supervisor listens to, and a copy does not.
_SIGNALS = (signal.SIGTERM, signal.SIGCHLD, signal.SIGUSR1, signal.SIGHUP)
_FDS = Path("/proc/self/fd")
#: How often the end of a process is looked for while somebody waits for it, in seconds.
_LOOK_S = 0.01
_state = {"is_read": False}


class Process(Protocol):
    """What we use of a child, however it began."""

    pid: int
    stdout: IO[bytes] | None
    stderr: IO[bytes] | None

    def poll(self) -> int | None:
        """Return the code with which it ended (minus the signal that killed it), else None."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises: subprocess.TimeoutExpired."""

    def send_signal(self, sig: int) -> None:
        """Send a signal; nothing happens to one that has ended."""

    def terminate(self) -> None:
        """Send SIGTERM."""

    def kill(self) -> None:
        """Send SIGKILL."""


def read_program() -> None:
    """Read Django and the site once, for all the copies to come; never fails."""
    if sys.platform != "linux":
        return
    try:
        import django

        django.setup()
        from django.conf import settings

        for name in ("django.urls.resolvers", settings.ROOT_URLCONF):
            importlib.import_module(name)
    except Exception:
        # The child that fails in the same way says so, in the place where it is expected.
        logger.exception("the program could not be read")
        return
    # What all share stays as it is: a collector that walks through it would make copies of it.
    gc.collect()
    gc.freeze()
    _state["is_read"] = True


def begin(
    module: str,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    pass_fds: Collection[int] = (),
    is_apart: bool = False,
    has_own_errors: bool = False,
) -> Process:
    """Run a module as ``python -m`` does, in a group of its own; its output comes by pipes.

    ``is_apart``: as a program of its own, which shares nothing with us. ``has_own_errors``: its
    errors come by a pipe of their own.

    Raises: OSError when the system has no room for another process.
    """
    if is_apart or not _state["is_read"]:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if has_own_errors else subprocess.STDOUT,
            start_new_session=True,
            pass_fds=pass_fds,
        )
    return Copy(module, arguments, environment, pass_fds, has_own_errors=has_own_errors)


class Copy:
    """A copy of this process that runs a module, from its beginning to its end."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        kept: Collection[int],
        *,
        has_own_errors: bool,
    ) -> None:
        out, out_in = os.pipe()
        errors, errors_in = os.pipe() if has_own_errors else (-1, out_in)
        self._code: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _be(module, arguments, environment, kept, out_in, errors_in)
        for written in {out_in, errors_in}:
            os.close(written)
        self.stdout: IO[bytes] | None = os.fdopen(out, "rb", 0)
        self.stderr: IO[bytes] | None = os.fdopen(errors, "rb", 0) if has_own_errors else None

    def poll(self) -> int | None:
        """Return the code with which it ended (minus the signal that killed it), else None."""
        if self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises: subprocess.TimeoutExpired.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"copy {self.pid}", timeout or 0.0)
            time.sleep(_LOOK_S)
        return code

    def send_signal(self, sig: int) -> None:
        """Send a signal; nothing happens to one that has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, sig)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)


def _be(
    module: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    kept: Collection[int],
    out: int,
    errors: int,
) -> NoReturn:
    """Be the child: its own session, signals, output and arguments; then end."""
    code = 1
    try:
        os.setsid()
        _forget_signals()
        _let_go(out, errors, kept)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = [module, *arguments]
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="replace", closefd=False)
        sys.stderr = os.fdopen(
            2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False
        )
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = _code_of(end)
    except BaseException:  # noqa: BLE001 - it is told as the end of a program is
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _forget_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _let_go(out: int, errors: int, kept: Collection[int]) -> None:
    """Take the output; put nothing in the place of all else that the supervisor holds open.

    What stands for a file that was taken may be closed later by whoever believes to own it: were
    the number free, somebody else's file would be closed.
    """
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    os.dup2(out, 1)
    os.dup2(errors, 2)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in [int(path.name) for path in _FDS.iterdir()]:
        if number not in {1, 2, nothing, *kept}:
            # The one with which the folder was read is gone by now.
            with contextlib.suppress(OSError):
                os.fstat(number)
                os.dup2(nothing, number)


def _code_of(end: SystemExit) -> int:
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        return end.code
    print(end.code, file=sys.stderr)
    return 1
