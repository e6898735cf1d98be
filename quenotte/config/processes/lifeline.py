"""What ties a child process to its supervisor: it waits for the start, and dies with it."""

import ctypes
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from quenotte.config import collector

#: Environment: the supervisor's process number, and the pipe that it closes at the start.
SUPERVISOR = "QUENOTTE_SUPERVISOR"
GATE = "QUENOTTE_GATE"

#: A process that was asked to stop and still lives after so many seconds ends at once.
STOP_S = 4.0

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15


def is_supervised() -> bool:
    """Tell whether a supervisor started this process."""
    return SUPERVISOR in os.environ


def attach(name: str) -> None:
    """Show the name in the list of processes; end when the supervisor does, however it dies.

    The kernel sends SIGTERM then (Linux); there the name has at most 15 characters.
    """
    collector.look_rarely()
    prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None
    if prctl:
        prctl(_PR_SET_NAME, f"quenotte-{name}".encode(), 0, 0, 0)
    if not is_supervised():
        return
    if prctl:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    # It may have died before we asked.
    if os.getppid() != int(os.environ[SUPERVISOR]):
        raise SystemExit(0)


def wait_for_start() -> None:
    """Wait until the supervisor says that the database is ready (it closes its pipe)."""
    number = os.environ.pop(GATE, "")
    if number:
        os.read(int(number), 1)
        os.close(int(number))


def on_stop(stop: Callable[[], None]) -> None:
    """Call ``stop`` once, in a thread, on SIGTERM or SIGINT; end by force if that hangs."""
    asked: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        if len(asked) == 1:
            end_by_force_later()
            # A handler interrupts this thread anywhere, perhaps with a lock in its hand.
            threading.Thread(target=stop, daemon=True).start()

    signal.signal(signal.SIGTERM, handle)
    # The supervisor's own Ctrl-C reaches us as SIGTERM; alone, Ctrl-C is for us.
    signal.signal(signal.SIGINT, signal.SIG_IGN if is_supervised() else handle)


def end_by_force_later(after_s: float = STOP_S) -> None:
    """End this process without further ado if it still lives after ``after_s`` seconds."""
    timer = threading.Timer(after_s, os._exit, [1])
    timer.daemon = True
    timer.start()


def finish() -> NoReturn:
    """End this process, its work done, without waiting for threads that only sleep.

    The interpreter's own end may abort when such a thread, or a server written in another
    language, wakes up in the middle of it.
    """
    logging.shutdown()
    os._exit(0)
