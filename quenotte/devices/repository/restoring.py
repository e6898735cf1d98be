"""Restoring: the files of a snapshot, byte for byte, into a folder."""

import os
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from quenotte.devices.repository.browsing import (
    Entry,
    find,
    nodes_of,
    open_file,
    read_file,
    tree_of,
)
from quenotte.devices.repository.checking import Finding, check
from quenotte.devices.repository.errors import CannotRestore, UnsafeName
from quenotte.devices.repository.landing import Landing, pieces_of, runs_of, settle
from quenotte.devices.repository.names import is_safe
from quenotte.devices.repository.progress import Listener, Teller
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.devices.repository.trees import FILE, FOLDER, LINK, Node

__all__ = [
    "Entry",
    "Finding",
    "Restored",
    "check",
    "find",
    "open_file",
    "read_file",
    "restore",
    "tree_of",
]


#: No system takes a path of so many parts, and no tree of ours has them.
_DEEPEST = 250


@dataclass
class Restored:
    """What was written. ``left_out`` are devices, pipes and sockets of another writer."""

    files: int = 0
    bytes: int = 0
    left_out: list[str] = field(default_factory=list)


def restore(
    repository: Repository,
    snapshot: Snapshot,
    target: Path,
    *,
    only: Collection[str] | None = None,
    progress: Listener | None = None,
    threads: int = 2,
) -> Restored:
    """Write the files of a snapshot below ``target``, which is made when it is not there.

    ``only`` names files and directories of the tree; the rest is left out. What has the name of a
    restored file is replaced; links are made last, and nothing is ever written through one.

    Raises: Damaged, Missing, UnsafeName, CannotRestore, Unreachable.
    """
    wanted = None if only is None else [one.strip("/") for one in only]
    told = Teller(progress, _total(repository, snapshot, wanted) if progress else 0)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with _crew(threads) as crew:
            run = _Restore(repository, crew, told, wanted)
            run.folder(target, snapshot.tree, "")
            run.wait()
        run.finish()
    except OSError as error:
        raise CannotRestore from error
    told.finish()
    run.outcome.bytes = told.done_bytes
    return run.outcome


@contextmanager
def _crew(threads: int) -> Iterator[ThreadPoolExecutor]:
    crew = ThreadPoolExecutor(threads, thread_name_prefix="restore")
    try:
        yield crew
    finally:
        crew.shutdown(cancel_futures=True)


class _Restore:
    """One restore under way."""

    def __init__(
        self,
        repository: Repository,
        crew: ThreadPoolExecutor,
        told: Teller,
        wanted: list[str] | None,
    ) -> None:
        self._repository, self._crew, self._told, self._wanted = repository, crew, told, wanted
        self._futures: list[Future[None]] = []
        self._links: list[tuple[Path, Node]] = []
        self._folders: list[tuple[Path, Node]] = []
        self.outcome = Restored()

    def folder(self, path: Path, tree: bytes, prefix: str) -> None:
        for node in nodes_of(self._repository, tree):
            if not is_safe(node.name) or len(path.parts) > _DEEPEST:
                raise UnsafeName
            name = os.fsdecode(node.name)
            if _is_wanted(prefix + name, self._wanted):
                self._one(path / name, node, prefix + name)

    def _one(self, path: Path, node: Node, name: str) -> None:
        if node.type == FOLDER and node.subtree is not None:
            _make_folder(path)
            self._folders.append((path, node))
            self.folder(path, node.subtree, f"{name}/")
        elif node.type == FILE:
            self._file(path, node)
        elif node.type == LINK:
            self._links.append((path, node))
        else:
            self.outcome.left_out.append(name)

    def _file(self, path: Path, node: Node) -> None:
        runs = list(runs_of(pieces_of(self._repository, node)))
        landing = Landing(self._repository, path, node, len(runs))
        landing.begin()
        self.outcome.files += 1
        for run in runs:
            self._wait_below(64)
            self._futures.append(self._crew.submit(self._write, landing, run))

    def _write(self, landing: Landing, run: list) -> None:
        self._told.add(landing.write(run), landing.path.name)

    def _wait_below(self, count: int) -> None:
        """Let a bounded number of runs wait; the first trouble of any of them is raised."""
        if len(self._futures) >= count:
            half = count // 2
            for future in self._futures[:half]:
                future.result()
            del self._futures[:half]

    def wait(self) -> None:
        for future in self._futures:
            future.result()

    def finish(self) -> None:
        """Make the links, then give the directories their modes and dates, from the bottom up."""
        for path, node in self._links:
            path.unlink(missing_ok=True)
            path.symlink_to(os.fsdecode(node.target))
        for path, node in reversed(self._folders):
            settle(path, node)


def _make_folder(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    path.mkdir(mode=0o700, exist_ok=True)


def _is_wanted(name: str, wanted: list[str] | None) -> bool:
    """Tell whether a name is asked for, lies below one that is, or above it."""
    return wanted is None or any(
        name == one or name.startswith(f"{one}/") or one.startswith(f"{name}/") for one in wanted
    )


def _total(repository: Repository, snapshot: Snapshot, wanted: list[str] | None) -> int:
    entries = tree_of(repository, snapshot)
    return sum(entry.size for entry in entries if _is_wanted(entry.path, wanted))
