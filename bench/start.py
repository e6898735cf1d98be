"""From ``quenotte serve`` to the first page: ``python -m bench.start --json``.

``ready_s`` is measured on an installation that exists, as every morning; ``first_s`` on an
empty data folder (the database is made first). Median of several starts; the child processes
read their code from the disk's cache, as after a first start.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench.server import LOGIN, environment, free_port, wait_until_ready

GOALS = {"ready_s": 3.0, "stop_worst_s": 5.0}
RUNS = 5


def start_once(data: Path, *extra: str) -> tuple[float, float, float]:
    """Start and stop the product.

    Return the seconds to the first 200, its memory in MB, and the seconds from SIGTERM to the end.
    """
    port, dicom_port = free_port(), free_port()
    command = ["serve", "--port", str(port), "--dicom-port", str(dicom_port), *extra]
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "quenotte", *command],
        env=environment(data),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}{LOGIN}", server, 60)
        ready_s = time.perf_counter() - began
        time.sleep(2)
        family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
        memory_mb = sum(process.memory_full_info().pss for process in family) / 1e6
    finally:
        asked = time.perf_counter()
        server.terminate()
        server.wait(timeout=15)
    return ready_s, memory_mb, time.perf_counter() - asked


def measure(runs: int = RUNS) -> dict[str, float]:
    """Return ``ready_s``, ``ready_worst_s``, ``first_s``, ``stop_worst_s`` and ``memory_mb``."""
    with tempfile.TemporaryDirectory(prefix="quenotte-start-") as folder:
        first_s, _, _ = start_once(Path(folder) / "data")
        later = [start_once(Path(folder) / "data") for _ in range(runs)]
    return {
        "ready_s": round(statistics.median(ready for ready, _, _ in later), 2),
        "ready_worst_s": round(max(ready for ready, _, _ in later), 2),
        "first_s": round(first_s, 2),
        "stop_worst_s": round(max(stop for _, _, stop in later), 2),
        "memory_mb": round(statistics.median(memory for _, memory, _ in later)),
    }


def main() -> None:
    """Measure and print one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--runs", type=int, default=RUNS)
    figures = measure(parser.parse_args().runs)
    print(json.dumps({"bench": "start", "goals": GOALS, **figures}))


if __name__ == "__main__":
    main()
