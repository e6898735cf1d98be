"""What the snapshot before says of files: those whose dates and sizes stand are not read again.

This is bound to the repository by itself, and each blob is looked up in its index: what a lost
pack held is read and stored again. Databases never come here: their dates prove nothing.
"""

from quenotte.devices.repository import trees
from quenotte.devices.repository.errors import RepositoryError
from quenotte.devices.repository.packs import CONTENT, TREE
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.trees import FILE, FOLDER, Node


class Before:
    """One directory as it was; empty when it is new, or cannot be read."""

    def __init__(self, repository: Repository | None, nodes: dict[bytes, Node]) -> None:
        self._repository, self._nodes = repository, nodes

    @classmethod
    def nothing(cls) -> "Before":
        """Return a directory of which nothing is known."""
        return cls(None, {})

    @classmethod
    def of(cls, repository: Repository, tree: bytes) -> "Before":
        """Return the directory of a tree; a damaged one says nothing."""
        try:
            nodes = trees.decode(repository.blob(TREE, tree))
        except (RepositoryError, ValueError):
            return cls.nothing()
        return cls(repository, {node.name: node for node in nodes})

    def below(self, name: bytes) -> "Before":
        """Return a directory within this one."""
        node = self._nodes.get(name)
        if self._repository is None or node is None or node.subtree is None:
            return self.nothing()
        return self.of(self._repository, node.subtree) if node.type == FOLDER else self.nothing()

    def content_of(self, node: Node, size: int) -> tuple[bytes, ...] | None:
        """Return the blobs of a file that has not changed, None when it must be read."""
        old = self._nodes.get(node.name)
        if self._repository is None or old is None or old.type != FILE:
            return None
        marks = (old.size, old.mtime_ns, old.ctime_ns, old.inode)
        if marks != (size, node.mtime_ns, node.ctime_ns, node.inode):
            return None
        known = self._repository.index.known(CONTENT)
        return old.content if all(one in known for one in old.content) else None
