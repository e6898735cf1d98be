"""Two connections at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from quenotte.kernel.errors import Refusal


def race(*runners: Callable[[], object]) -> list[object]:
    """Run the functions at once, each on a connection of its own; return what each gave.

    What one refuses is its answer: the test tells who won.
    """
    start = threading.Barrier(len(runners))

    def run(runner: Callable[[], object]) -> object:
        try:
            start.wait(timeout=10)
            return runner()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(runners)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, r) for r in runners]]
