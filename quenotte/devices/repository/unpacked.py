"""Files that hold one JSON document: config, index, snapshots.

Source: restic's repository design, "Repository Format" and "Unpacked Data Format".
"""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from quenotte.devices.repository import chunks
from quenotte.devices.repository.errors import Damaged, Missing
from quenotte.devices.repository.sealing import MasterKey, seal, unseal
from quenotte.devices.repository.store import CONFIG, Store

_AT_ONCE: Final = 8
#: So few are fetched one by one.
_FEW: Final = 5


def put(store: Store, key: MasterKey, kind: str, told: Any) -> tuple[str, int]:
    """Store a document; return its name and its size in bytes. Raises: Full, Refused."""
    body = seal(key, chunks.wrap(_text(told)))
    name = hashlib.sha256(body).hexdigest()
    store.put(kind, name, body)
    return name, len(body)


def get(store: Store, key: MasterKey, kind: str, name: str) -> dict[str, Any]:
    """Return a stored document. Raises: Missing, Damaged."""
    body = store.get(kind, name)
    if hashlib.sha256(body).hexdigest() != name:
        raise Damaged(kind, name, "the name is not the hash of the content")
    try:
        return _object(chunks.unwrap(unseal(key, body)))
    except (ValueError, RecursionError) as error:
        raise Damaged(kind, name, str(error)) from error


def get_all(
    store: Store, key: MasterKey, kind: str
) -> Iterator[tuple[str, dict[str, Any] | Damaged | Missing]]:
    """Yield each document of a kind by name, or what is wrong with it.

    Several are asked for at a time: a year of hourly snapshots is thousands of files, and a blank
    machine asks for them one round trip each. Raises: Refused, Unreachable.
    """
    names = sorted(name for name, _ in store.names(kind))

    def told(name: str) -> dict[str, Any] | Damaged | Missing:
        try:
            return get(store, key, kind, name)
        except (Damaged, Missing) as trouble:
            return trouble

    if len(names) < _FEW:
        yield from zip(names, map(told, names), strict=True)
        return
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="fetch") as crew:
        yield from zip(names, crew.map(told, names), strict=True)


def put_config(store: Store, key: MasterKey, told: Any) -> None:
    """Store the config: it is never compressed."""
    store.put(CONFIG, "", seal(key, _text(told)))


def get_config(store: Store, key: MasterKey) -> dict[str, Any]:
    """Return the config. Raises: Missing, Damaged."""
    body = store.get(CONFIG, "")
    try:
        return _object(unseal(key, body))
    except (ValueError, RecursionError) as error:
        raise Damaged(CONFIG, "", str(error)) from error


def _text(told: Any) -> bytes:
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()


def _object(text: bytes | bytearray) -> dict[str, Any]:
    told = json.loads(text)
    if not isinstance(told, dict):
        raise ValueError("the document is no object")
    return told
