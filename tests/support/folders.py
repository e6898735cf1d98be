"""A data folder of its own for each worker of the suite.

Loaded as a pytest plugin (``-p tests.support.folders``), before Django reads its settings. The
folder of the first process reaches all of them through the environment, and files are kept by
what they hold: two tests that keep the same words at the same time would share one file, and a
test that removes its own would take the other's away.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path


def its_own(environment: MutableMapping[str, str]) -> None:
    """Turn the folder that a worker was given into one inside it; the first process keeps it."""
    worker, given = environment.get("PYTEST_XDIST_WORKER"), environment.get("QUENOTTE_DATA")
    if worker and given:
        folder = Path(given) / worker
        folder.mkdir(parents=True, exist_ok=True)
        environment["QUENOTTE_DATA"] = str(folder)


its_own(os.environ)
