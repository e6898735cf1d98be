"""Key files: each wraps the master key for one passphrase.

Source: restic's repository design, "Keys, Encryption and MAC"; RFC 7914 (scrypt).
"""

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from quenotte.devices.repository.errors import Damaged, Missing, WrongPassphrase
from quenotte.devices.repository.sealing import MasterKey, Unsealable, seal, unseal
from quenotte.devices.repository.store import KEYS, Store

_SALT_BYTES: Final = 64
_N, _R, _P = 32768, 8, 1
#: A key file may come from anybody who can write: what it may make us spend. Bytes, rounds.
_MOST_MEMORY: Final = 256 << 20
_MOST_PASSES: Final = 16
_MOST_KEY_BYTES: Final = 1 << 16


@dataclass(frozen=True)
class KeyFile:
    """How one key file turns a passphrase into the key of its inside. ``n, r, p`` of scrypt."""

    n: int
    r: int
    p: int
    salt: bytes
    data: bytes

    def user_key(self, passphrase: str) -> MasterKey:
        """Return what opens the inside; takes a tenth of a second on purpose."""
        raw = hashlib.scrypt(
            passphrase.encode(),
            salt=self.salt,
            n=self.n,
            r=self.r,
            p=self.p,
            # Its own bound stops just below what these take.
            maxmem=2 * _MOST_MEMORY,
            dklen=64,
        )
        return MasterKey.cut(raw)


def read(body: bytes) -> KeyFile:
    """Return what a key file says. Raises: ValueError."""
    if len(body) > _MOST_KEY_BYTES:
        raise ValueError("too long for a key file")
    told = json.loads(body)
    if not isinstance(told, dict) or told.get("kdf") != "scrypt":
        raise ValueError("this is no key file")
    n, r, p = (_number(told.get(name)) for name in ("N", "r", "p"))
    if not _is_bearable(n, r, p):
        raise ValueError("scrypt is asked for with parameters out of bounds")
    try:
        salt, data = (base64.b64decode(told[name], validate=True) for name in ("salt", "data"))
    except (KeyError, TypeError, binascii.Error) as error:
        raise ValueError("this is no key file") from error
    if len(salt) != _SALT_BYTES:
        raise ValueError("the salt has another length")
    return KeyFile(n, r, p, salt, data)


def _number(told: Any) -> int:
    return told if isinstance(told, int) else 0


def _is_bearable(n: int, r: int, p: int) -> bool:
    is_power = n > 1 and n & (n - 1) == 0
    return is_power and r > 0 and 128 * n * r <= _MOST_MEMORY and 0 < p <= _MOST_PASSES


def write(key: MasterKey, passphrase: str, *, host: str, user: str, now: datetime) -> bytes:
    """Return a new key file that wraps ``key``. ``now`` is aware."""
    salt = os.urandom(_SALT_BYTES)
    frame = KeyFile(_N, _R, _P, salt, b"")
    inside = seal(frame.user_key(passphrase), key.to_json())
    told = {
        "created": now.isoformat(),
        "username": user,
        "hostname": host,
        "kdf": "scrypt",
        "N": _N,
        "r": _R,
        "p": _P,
        "salt": base64.b64encode(salt).decode("ascii"),
        "data": base64.b64encode(inside).decode("ascii"),
    }
    return json.dumps(told).encode()


def opened(store: Store, passphrase: str) -> MasterKey:
    """Return the master key, from whichever key file this passphrase opens.

    What does not parse is stepped over: one junk key file closes a repository to stock restic,
    never to us. It is named when nothing opens.

    Raises: WrongPassphrase, Damaged.
    """
    damaged: Damaged | None = None
    for name, _ in sorted(store.names(KEYS)):
        try:
            return _opened_one(name, store.get(KEYS, name), passphrase)
        except Unsealable:
            continue
        except Damaged as damage:
            damaged = damaged or damage
    raise damaged or WrongPassphrase


def opens(store: Store, passphrase: str) -> bool:
    """Tell whether a passphrase opens a repository already. Raises: Refused, Unreachable."""
    try:
        opened(store, passphrase)
    except (WrongPassphrase, Damaged):
        return False
    return True


def whole_ones(store: Store) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each key file that is one; junk is left behind."""
    for name, _size in sorted(store.names(KEYS)):
        try:
            body = store.get(KEYS, name)
            whole(name, body)
        except (Damaged, Missing):
            continue
        yield name, body


def whole(name: str, body: bytes) -> KeyFile:
    """Return what a stored key file says. Raises: Damaged."""
    if hashlib.sha256(body).hexdigest() != name:
        raise Damaged(KEYS, name, "the name is not the hash of the content")
    try:
        return read(body)
    except (ValueError, RecursionError) as error:
        raise Damaged(KEYS, name, str(error)) from error


def _opened_one(name: str, body: bytes, passphrase: str) -> MasterKey:
    frame = whole(name, body)
    inside = unseal(frame.user_key(passphrase), frame.data)
    try:
        return MasterKey.from_json(inside)
    except (ValueError, RecursionError) as error:
        raise Damaged(KEYS, name, str(error)) from error
