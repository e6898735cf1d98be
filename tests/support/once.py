"""Leaves to the first engine what gives the same answer on every engine.

Loaded as a pytest plugin (``-p tests.support.once``) for a second pass on another database. A
test without a database mark cannot open one: pytest-django refuses. What starts a process, opens
connections or lives among real parts runs again, unless it is about rooms that may not import
Django (`devices`, `kernel`) or says that the database has no part in what it proves (`one_engine`).
A test that needs one, and proves what hangs on none of its kinds, says so too (`any_engine`):
what rots on a disk rots there whatever was dumped.
How many were left out is printed, so that nobody believes that they ran. Files that the first pass
found to hold nothing else (`tests.support.settled`) are not even read.

Pages, the rules of the house and the walk through every address of a site run on one engine too,
unless they open connections of their own: what a page shows comes from queries, operations and
doors, whose tests all run on both.
"""

import functools
import json
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import pytest

_HOME: Final = Path(__file__).resolve().parents[2]
#: The folders of the two suites; what stands beneath them is named from there.
_ROOTS: Final = (_HOME / "tests", _HOME / "tests_provider")
#: Folders about what may not import Django (a contract that `make lint` keeps). That their tests
#: start nothing of the product either is looked at in `tests/house/test_once.py`.
_WITHOUT_DJANGO: Final = frozenset({"devices", "kernel"})
#: Folders of real processes and settings: all of it runs again.
_WITH_PROCESSES: Final = frozenset({"config", "real"})
_FIXTURES: Final = re.compile(r"db$|^live_server|^_?django_db_(?!marker|blocker)")
#: Folders that walk through all of a site, page by page.
_OF_THE_HOUSE: Final = frozenset({"house", "isolation"})
#: Real installations, whose database may only have to be there.
_INSTALLATIONS: Final = frozenset({"installation", "served"})
#: A file with one of these words may reach a database that no mark tells of.
_REACHES: Final = re.compile(
    r"subprocess|Popen|multiprocessing|connection|transaction|psycopg|postgres|sqlite|vendor"
    r"|DATABASE|db_blocker|getfixturevalue|TestCase|tests\.support"
)
#: What opens connections of its own may wait, lock and fail in another way elsewhere.
_CONNECTS: Final = frozenset({"transactional_db", "live_server", "django_db_serialized_rollback"})
_LEFT_OUT: Final = pytest.StashKey[int]()


def may_differ(
    *,
    folder: str,
    marks: Collection[str],
    fixtures: Collection[str],
    texts: Collection[str],
    is_page: bool = False,
) -> bool:
    """Tell whether a test could give another answer on another engine.

    ``folder`` is the one under its suite; ``texts`` are those of its file and of the files
    that its fixtures come from. ``is_page``: see ``is_page``.
    """
    if "any_engine" in marks:
        return False
    if is_page and _CONNECTS.isdisjoint(fixtures) and "real_clock" not in marks:
        return False
    if "django_db" in marks or any(map(_FIXTURES.search, fixtures)):
        return True
    if folder in _WITHOUT_DJANGO or "one_engine" in marks:
        return False
    if not _INSTALLATIONS.isdisjoint(fixtures):
        return True
    return folder in _WITH_PROCESSES or "real_clock" in marks or any(map(_REACHES.search, texts))


def is_page(path: Path) -> bool:
    """Tell whether a file of a suite is about pages, or about the house as a whole.

    Source: the layers of tests in the house's style: pages are no layer of two engines.
    """
    parts = path.relative_to(_root_of(path)).parts
    return (
        parts[0] in _OF_THE_HOUSE
        or "views" in parts
        or parts[-1] in {"test_views.py", "test_pages.py"}
    )


def _root_of(path: Path) -> Path:
    """Return the folder of the suite that a file belongs to. Raises: StopIteration."""
    return next(root for root in _ROOTS if root in path.parents)


def name_of(path: Path) -> str:
    """Return how the list of settled files is called in the suite that a file belongs to."""
    return f"{_root_of(path).name}.json"


@functools.cache
def _settled() -> dict[str, int]:
    """Return the files that hold nothing for this pass, with how many tests each has."""
    folder = os.environ.get("QUENOTTE_SETTLED", "")
    found: dict[str, int] = {}
    for path in Path(folder).glob("*.json") if folder else ():
        found |= json.loads(path.read_text("utf-8"))
    return found


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave a file that is settled unread; its tests count as left out."""
    count = _settled().get(str(collection_path))
    if count is None:
        return None
    config.stash[_LEFT_OUT] = config.stash.get(_LEFT_OUT, 0) + count
    return True


@functools.cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _fixtures_of(item: pytest.Function) -> set[Path]:
    """Return the files of our own fixtures that a test asks for, those for every test aside."""
    found = set()
    for definitions in item._fixtureinfo.name2fixturedefs.values():
        for definition in definitions:
            code = getattr(definition.func, "__code__", None)
            if code is not None:
                found.add(Path(code.co_filename))
    ours = {path for path in found if any(root in path.parents for root in _ROOTS)}
    return ours - {root / "conftest.py" for root in _ROOTS}


def runs_again(item: pytest.Item) -> bool:
    """Tell whether a collected test could give another answer on another engine."""
    if not isinstance(item, pytest.Function):
        return True
    return may_differ(
        folder=item.path.relative_to(_root_of(item.path)).parts[0],
        marks={mark.name for mark in item.iter_markers()},
        fixtures=item.fixturenames,
        texts=[_text(path) for path in {item.path, *_fixtures_of(item)}],
        is_page=is_page(item.path),
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out what ran already."""
    parted: dict[bool, list[pytest.Item]] = {True: [], False: []}
    for item in items:
        parted[runs_again(item)].append(item)
    config.hook.pytest_deselected(items=parted[False])
    config.stash[_LEFT_OUT] = config.stash.get(_LEFT_OUT, 0) + len(parted[False])
    items[:] = parted[True]
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = config.stash[_LEFT_OUT]


class _FromWorkers:
    """Hears from the workers of xdist: each collects the whole suite."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Keep the count of a worker."""
        if count := getattr(node, "workeroutput", {}).get("left_out"):
            self._config.stash[_LEFT_OUT] = count


def pytest_configure(config: pytest.Config) -> None:
    """Listen to the workers."""
    config.pluginmanager.register(_FromWorkers(config))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say how many tests this pass leaves to the first."""
    if count := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(
            f"{count} tests cannot differ on another engine: they run in the other pass alone"
        )
