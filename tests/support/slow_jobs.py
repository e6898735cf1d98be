"""Work for the worker that a test watches."""

import time
from pathlib import Path
from uuid import UUID

from quenotte.base.jobs.operations import job
from quenotte.base.live.operations import publish


@job(max_attempts=3, backoff_s=0.1)
def wait_for(path: str) -> None:
    """Say that it has begun, wait for the file ``path``, say that it is over."""
    with Path(f"{path}.begun").open("a") as begun:
        begun.write("x")
    while not Path(path).exists():
        time.sleep(0.02)
    with Path(f"{path}.over").open("a") as over:
        over.write("x")


@job(max_attempts=1)
def tell(practice_id: str) -> None:
    """Tell the open pages of a practice."""
    publish(practice_id=UUID(practice_id), name="told", data={})
