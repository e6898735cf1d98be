"""Work that a test lets begin, and end when it likes."""

import time
from pathlib import Path

from quenotte.base.jobs.operations import job


@job(max_attempts=3, backoff_s=0.1)
def wait_for(path: str) -> None:
    """Say that it has begun, wait for the file ``path``, say that it is over."""
    with Path(f"{path}.begun").open("a") as begun:
        begun.write("x")
    while not Path(path).exists():
        time.sleep(0.02)
    with Path(f"{path}.over").open("a") as over:
        over.write("x")
