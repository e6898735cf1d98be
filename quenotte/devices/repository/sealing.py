"""Encryption of everything a repository holds but the frame of its key files.

A sealed part is IV (16 bytes), ciphertext, MAC (16 bytes): AES-256-CTR, then Poly1305-AES over
the ciphertext, with the IV as its nonce.
Source: restic's repository design, "Keys, Encryption and MAC"; Bernstein, "The Poly1305-AES
message-authentication code" (2005).
"""

import base64
import binascii
import json
import os
import threading
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.poly1305 import Poly1305

_IV_BYTES: Final = 16
_MAC_BYTES: Final = 16
#: What sealing adds to any text, in bytes.
OVERHEAD_BYTES: Final = _IV_BYTES + _MAC_BYTES
_ZERO_IV: Final = bytes(_IV_BYTES)
#: From here on a cipher writes into a buffer of ours: it then lets other threads run. Bytes.
_LARGE_BYTES: Final = 1 << 17

Bytes = bytes | bytearray | memoryview


class Unsealable(ValueError):
    """The part was changed, or sealed with another key."""


class _Contexts(threading.local):
    """The ciphers of one thread: making one costs more than sealing a page."""

    ctr: Any = None
    block: Any = None


@dataclass(frozen=True, eq=False)
class MasterKey:
    """What seals a repository; it never shows in a ``repr``."""

    encrypt: bytes = field(repr=False)
    mac_k: bytes = field(repr=False)
    mac_r: bytes = field(repr=False)
    _contexts: _Contexts = field(default_factory=_Contexts, repr=False)

    @classmethod
    def draw(cls) -> "MasterKey":
        """Return a new random key."""
        return cls.cut(os.urandom(64))

    @classmethod
    def cut(cls, raw: bytes) -> "MasterKey":
        """Return the key that 64 bytes hold: 32 to encrypt, 16 of k, 16 of r."""
        return cls(raw[:32], raw[32:48], raw[48:64])

    @classmethod
    def from_json(cls, text: bytes | bytearray) -> "MasterKey":
        """Return the key of a key file's inside. Raises: ValueError."""
        try:
            told = json.loads(text)
            parts = (told["encrypt"], told["mac"]["k"], told["mac"]["r"])
            encrypt, k, r = (base64.b64decode(part, validate=True) for part in parts)
        except (KeyError, TypeError, binascii.Error) as error:
            raise ValueError("this is no master key") from error
        if (len(encrypt), len(k), len(r)) != (32, 16, 16):
            raise ValueError("the parts of this master key have other lengths")
        return cls(encrypt, k, r)

    def to_json(self) -> bytes:
        """Return the inside of a key file, in clear."""
        encrypt, k, r = (
            base64.b64encode(part).decode("ascii")
            for part in (self.encrypt, self.mac_k, self.mac_r)
        )
        return json.dumps({"mac": {"k": k, "r": r}, "encrypt": encrypt}).encode()

    def ctr(self, iv: bytes) -> Any:
        """Return this thread's AES-256-CTR, begun at ``iv``."""
        if self._contexts.ctr is None:
            cipher = Cipher(algorithms.AES(self.encrypt), modes.CTR(iv))
            self._contexts.ctr = cipher.encryptor()
        else:
            self._contexts.ctr.reset_nonce(iv)
        return self._contexts.ctr

    def one_time_key(self, iv: bytes) -> bytes:
        """Return the key of Poly1305 for one part: r, then the IV under AES-128 with k."""
        if self._contexts.block is None:
            # One block under a key of its own is what Poly1305-AES asks for; no text is in it.
            cipher = Cipher(algorithms.AES(self.mac_k), modes.ECB())  # noqa: S305
            self._contexts.block = cipher.encryptor()
        made: bytes = self.mac_r + self._contexts.block.update(iv)
        return made


def seal(key: MasterKey, text: Bytes) -> bytes:
    """Return ``text`` sealed under a fresh random IV."""
    iv = os.urandom(_IV_BYTES)
    hidden = key.ctr(iv).update(text)
    return b"".join((iv, hidden, Poly1305.generate_tag(key.one_time_key(iv), hidden)))


def seal_into(room: bytearray, at: int, key: MasterKey, text: Bytes) -> None:
    """Write ``text``, sealed, at a place of a buffer that is large enough."""
    iv = os.urandom(_IV_BYTES)
    begin, end = at + _IV_BYTES, at + _IV_BYTES + len(text)
    room[at:begin] = iv
    with memoryview(room)[begin:end] as hidden:
        key.ctr(iv).update_into(text, hidden)
        tag = Poly1305.generate_tag(key.one_time_key(iv), hidden)
    room[end : end + _MAC_BYTES] = tag


def unseal(key: MasterKey, part: Bytes) -> bytes | bytearray:
    """Return what was sealed; the MAC is verified first, in constant time.

    Raises: Unsealable.
    """
    if len(part) < OVERHEAD_BYTES or part[:_IV_BYTES] == _ZERO_IV:
        raise Unsealable("this was never sealed")
    iv = bytes(part[:_IV_BYTES])
    hidden = memoryview(part)[_IV_BYTES:-_MAC_BYTES]
    try:
        Poly1305.verify_tag(key.one_time_key(iv), hidden, bytes(part[-_MAC_BYTES:]))
    except InvalidSignature:
        raise Unsealable("this was changed, or sealed with another key") from None
    if len(hidden) < _LARGE_BYTES:
        text: bytes = key.ctr(iv).update(hidden)
        return text
    room = bytearray(len(hidden))
    key.ctr(iv).update_into(hidden, room)
    return room
