"""Trees: one directory each, as a JSON document in a blob.

Written in one form only (order, no spaces, ``atime`` = ``mtime``): an unchanged directory is then
the same blob, and stored once.
Source: restic's repository design, "Trees and Data".
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from quenotte.devices.repository.names import quoted, unquoted
from quenotte.devices.repository.stamps import read_stamp, stamp_of
from quenotte.devices.repository.store import NAME

FILE, FOLDER, LINK = "file", "dir", "symlink"
_END: Final = b"\n"


@dataclass(frozen=True, slots=True)
class Node:
    """One name in a directory. ``mode`` has Go's bits; times in ns since 1970, ``size`` in bytes.

    ``content`` are the ids of a file's blobs, in order; ``subtree`` the id of a directory's tree.
    """

    name: bytes
    type: str
    mode: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    uid: int = 0
    gid: int = 0
    inode: int = 0
    size: int = 0
    content: tuple[bytes, ...] = ()
    subtree: bytes | None = None
    target: bytes = b""


def encode(nodes: Iterable[Node]) -> bytes:
    """Return the blob of a directory."""
    told = [_told(node) for node in sorted(nodes, key=lambda node: node.name)]
    text = json.dumps({"nodes": told}, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + _END


def _told(node: Node) -> dict[str, Any]:
    mtime = stamp_of(node.mtime_ns)
    told: dict[str, Any] = {"name": quoted(node.name), "type": node.type}
    if node.mode:
        told["mode"] = node.mode
    told |= {"mtime": mtime, "atime": mtime, "ctime": stamp_of(node.ctime_ns)}
    told |= {"uid": node.uid, "gid": node.gid}
    for name, number in (("inode", node.inode), ("size", node.size)):
        if number:
            told[name] = number
    if node.type == LINK:
        told |= _told_target(node.target)
    told["content"] = [one.hex() for one in node.content] if node.type == FILE else None
    if node.subtree is not None:
        told["subtree"] = node.subtree.hex()
    return told


def _told_target(target: bytes) -> dict[str, str]:
    try:
        return {"linktarget": target.decode()}
    except UnicodeDecodeError:
        raw = base64.b64encode(target).decode("ascii")
        return {"linktarget": target.decode("utf-8", "replace"), "linktarget_raw": raw}


def decode(blob: bytes | bytearray) -> list[Node]:
    """Return the names of a directory, of whichever writer. Raises: ValueError."""
    try:
        told = json.loads(blob)
        return [_node(one) for one in told["nodes"] or ()]
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("this is no tree") from error


def _node(told: dict[str, Any]) -> Node:
    subtree = told.get("subtree")
    return Node(
        name=unquoted(told["name"]),
        type=str(told["type"]),
        mode=int(told.get("mode", 0)),
        mtime_ns=read_stamp(told["mtime"]),
        ctime_ns=read_stamp(told["ctime"]),
        uid=int(told.get("uid", 0)),
        gid=int(told.get("gid", 0)),
        inode=int(told.get("inode", 0)),
        size=int(told.get("size", 0)),
        content=tuple(map(_id, told.get("content") or ())),
        subtree=None if subtree is None else _id(subtree),
        target=_target(told),
    )


def _target(told: dict[str, Any]) -> bytes:
    raw = told.get("linktarget_raw")
    if raw:
        return base64.b64decode(raw)
    text: str = told.get("linktarget") or ""
    return text.encode("utf-8", "surrogateescape")


def _id(text: str) -> bytes:
    if NAME.fullmatch(text) is None:
        raise ValueError("a blob has an impossible id")
    return bytes.fromhex(text)
