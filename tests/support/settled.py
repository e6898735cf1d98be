"""Tells a second pass which files hold nothing for it: it need not read them.

Loaded as a pytest plugin (``-p tests.support.settled``) in the first pass, which collects all there
is. By the rule of `tests.support.once` it writes down, in the folder that ``QUENOTTE_SETTLED``
names, the files none of whose tests could give another answer on another engine, with how many
tests each has. Where that was not written, the second pass reads every file and judges by itself.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from tests.support import once


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write the files down once: every worker collects the same."""
    if not items or os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0":
        return
    counts = Counter(str(item.path) for item in items)
    again = {str(item.path) for item in items if once.runs_again(item)}
    told = {path: count for path, count in sorted(counts.items()) if path not in again}
    folder = Path(os.environ["QUENOTTE_SETTLED"])
    folder.mkdir(exist_ok=True)
    (folder / once.name_of(items[0].path)).write_text(json.dumps(told), "utf-8")
