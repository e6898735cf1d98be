"""Looking into a snapshot: its names, and the content of one file."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from quenotte.devices.repository import trees
from quenotte.devices.repository.errors import Damaged, NoSuchPath
from quenotte.devices.repository.packs import CONTENT, TREE
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.devices.repository.trees import FILE, Node

_DEEPEST = 250


@dataclass(frozen=True)
class Entry:
    """One name of a snapshot. ``path`` has ``/`` between its parts and none in front."""

    path: str
    node: Node

    @property
    def is_file(self) -> bool:
        """Tell whether it has content."""
        return self.node.type == FILE

    @property
    def size(self) -> int:
        """Return the size in bytes, 0 for what is no file."""
        return self.node.size


def nodes_of(repository: Repository, tree: bytes) -> list[Node]:
    """Return the names of one directory. Raises: Damaged, Missing."""
    try:
        return trees.decode(repository.blob(TREE, tree))
    except ValueError as error:
        raise Damaged("blob", tree.hex(), str(error)) from error


def tree_of(repository: Repository, snapshot: Snapshot) -> Iterator[Entry]:
    """Yield every name of a snapshot, a directory before what is in it.

    Raises: Damaged, Missing, Unreachable.
    """
    yield from _below(repository, snapshot.tree, "")


def _below(repository: Repository, tree: bytes, prefix: str) -> Iterator[Entry]:
    if prefix.count("/") > _DEEPEST:
        raise Damaged("blob", tree.hex(), "directories lie too deep")
    for node in nodes_of(repository, tree):
        path = prefix + os.fsdecode(node.name)
        yield Entry(path, node)
        if node.subtree is not None:
            yield from _below(repository, node.subtree, f"{path}/")


def find(repository: Repository, snapshot: Snapshot, path: str) -> Node:
    """Return one name of a snapshot, reading only the directories above it.

    Raises: NoSuchPath, Damaged, Missing.
    """
    tree: bytes | None = snapshot.tree
    found: Node | None = None
    for part in path.strip("/").split("/"):
        nodes = nodes_of(repository, tree) if tree is not None else []
        found = next((node for node in nodes if node.name == os.fsencode(part)), None)
        if found is None:
            raise NoSuchPath
        tree = found.subtree
    if found is None:
        raise NoSuchPath
    return found


def open_file(repository: Repository, snapshot: Snapshot, path: str) -> Iterator[bytes]:
    """Yield the content of one file, blob by blob, each verified.

    Raises: NoSuchPath, Damaged, Missing, Unreachable.
    """
    node = find(repository, snapshot, path)
    if node.type != FILE:
        raise NoSuchPath
    return (bytes(repository.blob(CONTENT, one)) for one in node.content)


def read_file(repository: Repository, snapshot: Snapshot, path: str) -> bytes:
    """Return the content of one file. Raises: as `open_file`."""
    return b"".join(open_file(repository, snapshot, path))
