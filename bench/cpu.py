"""CPU time of processes, read from the scheduler's own counters (Linux)."""

from pathlib import Path

import psutil


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    process = psutil.Process(pid)
    return [pid, *(child.pid for child in process.children(recursive=True))]


def spent_ms(pids: list[int]) -> float:
    """Return the CPU time that these processes' threads have used so far, in ms.

    ``schedstat`` counts nanoseconds, where ``stat`` counts ticks of 10 ms: too coarse for
    one request. A thread that ended takes its count away, so compare close readings.
    """
    total_ns = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                total_ns += int(task.read_text().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                continue
    return total_ns / 1e6
