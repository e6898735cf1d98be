"""Two copies compared by their trees: what is equal has equal ids, and is never read."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from quenotte.devices.repository.browsing import nodes_of
from quenotte.devices.repository.packs import CONTENT
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.trees import FILE, FOLDER, Node
from quenotte.upkeep.guard import canaries, heads
from quenotte.upkeep.guard.facts import Change

_DIGEST: Final = re.compile(rb"[0-9a-f]{64}")
#: Where files are named by the SHA-256 of their bytes, and where the server's keys lie.
_BLOBS: Final = "blobs/"
_KEYS: Final = "keys/"
#: Ends of names that known attacks leave; a hint alone proves nothing.
_MARKS: Final = re.compile(
    r"(\.(locked|lockbit\d*|crypt\w*|encrypted|enc|akira|phobos|play|ransom\w*|wncry)"
    r"|(how.to|read.?me).*(decrypt|restore|recover).*)$",
    re.IGNORECASE,
)
#: Names kept, and new files whose first bytes are looked at.
_NAMES: Final = 5
_HEADS: Final = 40

#: Gives the first bytes of a new file, by its path; None when it cannot be read.
HeadOf = Callable[[str], bytes | None]


@dataclass
class _Found:
    altered: int = 0
    vanished: int = 0
    names: list[str] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    other_files: int = 0
    others_lost: int = 0
    marked: int = 0

    def name(self, path: str) -> None:
        if len(self.names) < _NAMES:
            self.names.append(path.rpartition("/")[2][:12])


def compared(
    repository: Repository,
    before: bytes | None,
    now: bytes,
    *,
    database: str,
    head_of: HeadOf,
) -> Change:
    """Return how the files of a copy differ from those of another, and the pages of ``database``.

    ``before`` and ``now`` are trees; without the first, nothing is vanished and all is new.

    Raises: Damaged, Missing, Unreachable.
    """
    found, pages = _Found(), _Pages()
    for path, old, new in _differing(repository, before, now, ""):
        if path == database:
            pages = _pages(repository, old, new)
        else:
            _note(found, path, old, new)
    looked = [head for path in found.new[:_HEADS] if (head := head_of(path)) is not None]
    return Change(
        canaries=tuple(found.canaries),
        altered=found.altered,
        vanished=found.vanished,
        names=tuple(found.names),
        new_share=pages.share,
        new_ratio=pages.ratio,
        unlike=sum(not heads.is_known(head) for head in looked),
        looked_at=len(looked),
        other_files=found.other_files,
        others_lost=found.others_lost,
        marked=found.marked,
    )


def completed(
    change: Change,
    *,
    canaries: Sequence[str],
    added_bytes: int,
    rows_changed: Mapping[str, int],
    is_journal_kept: bool,
) -> Change:
    """Return what the trees told, with what was seen elsewhere."""
    return replace(
        change,
        canaries=(*change.canaries, *(one for one in canaries if one not in change.canaries)),
        added_bytes=added_bytes,
        rows_changed=rows_changed,
        is_journal_kept=is_journal_kept,
    )


def _differing(
    repository: Repository, before: bytes | None, now: bytes | None, prefix: str
) -> Iterator[tuple[str, Node | None, Node | None]]:
    """Yield the files that are not the same in two directories, below them too."""
    if before == now:
        return
    old, new = _by_name(repository, before), _by_name(repository, now)
    for name in sorted(old.keys() | new.keys()):
        path = prefix + name.decode("utf-8", "replace")
        was, is_now = old.get(name), new.get(name)
        below = (_folder(was), _folder(is_now))
        if any(below):
            yield from _differing(repository, *below, f"{path}/")
        was, is_now = _file(was), _file(is_now)
        if (was and was.content) != (is_now and is_now.content) or (was is None) != (
            is_now is None
        ):
            yield path, was, is_now


def _by_name(repository: Repository, tree: bytes | None) -> dict[bytes, Node]:
    return {} if tree is None else {node.name: node for node in nodes_of(repository, tree)}


def _folder(node: Node | None) -> bytes | None:
    return node.subtree if node is not None and node.type == FOLDER else None


def _file(node: Node | None) -> Node | None:
    return node if node is not None and node.type == FILE else None


def _content(node: Node | None) -> tuple[bytes, ...] | None:
    return None if node is None else node.content


def _note(found: _Found, path: str, old: Node | None, new: Node | None) -> None:
    name = path.rpartition("/")[2]
    if name in canaries.NAMES:
        # One that is whole again was put back by a person who closed the anomaly.
        if new is None or not _is_whole_canary(new):
            found.canaries.append(path)
    elif path.startswith(_BLOBS) and _DIGEST.fullmatch(name.encode()):
        _note_blob(found, path, old, new)
    else:
        _note_other(found, path, old, new)


def _note_blob(found: _Found, path: str, old: Node | None, new: Node | None) -> None:
    if new is None:
        found.vanished += 1
        found.name(path)
    elif old is not None or not _is_named_right(new):
        found.altered += 1
        found.name(path)
    else:
        found.new.append(path)


def _note_other(found: _Found, path: str, old: Node | None, new: Node | None) -> None:
    if old is None:
        found.marked += _MARKS.search(path) is not None
    elif new is None or path.startswith(_KEYS):
        found.other_files += 1
        found.others_lost += 1


def _is_whole_canary(node: Node) -> bool:
    """Tell by its piece, which is named by its hash, whether a canary is as it was planted."""
    return node.content == (hashlib.sha256(canaries.body_of(node.name.decode())).digest(),)


def _is_named_right(node: Node) -> bool:
    """Tell whether a file of one piece is what its name says; of larger ones nothing is known."""
    return len(node.content) != 1 or node.content[0].hex().encode() == node.name


@dataclass(frozen=True)
class _Pages:
    share: float = 0.0
    ratio: float | None = None


def _pages(repository: Repository, old: Node | None, new: Node | None) -> _Pages:
    """Return which part of a database's pages is new, and how these gave way to compression."""
    if old is None or new is None or not new.content:
        return _Pages()
    fresh = set(new.content) - set(old.content)
    places = [place for one in fresh for place in repository.index.places(CONTENT, one)[:1]]
    raw = sum(place.raw or place.length for place in places)
    stored = sum(place.length for place in places)
    return _Pages(len(fresh) / len(new.content), stored / raw if raw else None)
