"""Counts which lines and branches of ours the tests walk.

Loaded as a pytest plugin (``-p tests.support.counted``) in each worker, before Django imports
anything of ours: slipcover writes its marks into our own code alone, as it is imported (decision
22). What was seen goes to a file a process in the folder that ``QUENOTTE_COUNTS`` names.

Processes that a test starts are not counted: what they run has tests of its own, but for their
own beginnings, which ``omit`` leaves out (``[tool.slipcover]`` in pyproject.toml).
"""

import json
import os
import tomllib
from pathlib import Path

import slipcover

_ROOT = Path(__file__).resolve().parents[2]
_FOLDER = Path(os.environ["QUENOTTE_COUNTS"])
_RULES = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["slipcover"]
_counter = slipcover.Slipcover(
    branch=True,
    # A mark that was walked over is taken away at once: the next thousand times cost nothing.
    immediate=True,
    source=_RULES["source"],
    omit=_RULES["omit"],
    exclude_also=_RULES["exclude-also"],
)
slipcover.ImportManager(
    _counter, slipcover.FileMatcher(sources=_RULES["source"], omit=_RULES["omit"])
).__enter__()


def pytest_sessionfinish() -> None:
    """Write down what this process saw; the one that hands the tests out saw nothing."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    # Two suites have workers of the same names: none takes the place of another.
    (_FOLDER / f"{name}-{os.getpid()}.json").write_text(
        json.dumps(_counter.get_coverage()), "utf-8"
    )
