"""The practices that a vault knows: who may write where, and how much.

A practice holds two secrets. The password lies on its server, and opens its repositories for
adding and reading. The code lies on paper with the practitioner: with the provider's word, it lets
an old repository retire or the ceremony reopen. Both are drawn by the vault (160 bits), so what is
kept of them is a salted SHA-256: there is no dictionary to slow down.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from quenotte.devices.media.vault.addresses import is_part
from quenotte.devices.media.vault.rules import GIB


@dataclass(frozen=True)
class Allowance:
    """How much a practice may store, in bytes, and how many objects a day and a minute.

    ``repositories``: one a year and some more; nobody fills a disk with empty ones.
    """

    bytes_a_day: int = 256 * GIB
    bytes_held: int = 2048 * GIB
    objects_a_day: int = 100_000
    objects_a_minute: int = 3_000
    repositories: int = 64


@dataclass(frozen=True)
class Practice:
    """A practice, with the hashes of its secrets.

    ``silence_h``: after how many hours without a copy it is missed; 0 never, None as the others.
    """

    name: str
    password: str
    code: str
    allowance: Allowance = Allowance()
    silence_h: int | None = None

    def opens_with(self, password: str) -> bool:
        """Tell whether this is the password of its server."""
        return _matches(self.password, password)

    def agrees_with(self, code: str) -> bool:
        """Tell whether this is the code on its paper, however it was typed."""
        return _matches(self.code, "".join(code.split()).upper())


@dataclass(frozen=True)
class Secrets:
    """What is shown once, when a practice is enrolled."""

    password: str
    code: str


class NameTaken(Exception):
    """A practice of that name is enrolled."""


class NotAName(Exception):
    """The word cannot be the name of a practice."""


class Practices:
    """The enrolled practices, one file each; read again when the folder changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Practice] = {}
        self._state: tuple[tuple[str, int], ...] = ()

    def all(self) -> dict[str, Practice]:
        """Return the practices by name."""
        state = self._look()
        if state != self._state:
            self._known = {one.name: one for one in map(self._read, (name for name, _ in state))}
            self._state = state
        return self._known

    def enrol(self, name: str, allowance: Allowance) -> Secrets:
        """Make a practice known and return its secrets, which nobody can read later.

        Raises: NotAName, NameTaken, OSError.
        """
        if not is_part(name):
            raise NotAName(name)
        # Two names that differ by case alone would be one folder on some disks.
        if name.lower() in {known.lower() for known in self.all()}:
            raise NameTaken(name)
        given = Secrets(_drawn().lower(), _drawn())
        self._write(Practice(name, _kept(given.password), _kept(given.code), allowance))
        return given

    def renew_password(self, name: str) -> str:
        """Give a practice another password: the one before opens nothing more.

        Raises: KeyError, OSError.
        """
        password = _drawn().lower()
        self._write(replace(self.all()[name], password=_kept(password)))
        return password

    def allow(self, name: str, allowance: Allowance) -> None:
        """Change how much a practice may store.

        Raises: KeyError, OSError.
        """
        self._write(replace(self.all()[name], allowance=allowance))

    def watch(self, name: str, silence_h: int | None) -> None:
        """Change after how many hours a practice is missed; 0: never, None: as the others.

        Raises: KeyError, OSError.
        """
        self._write(replace(self.all()[name], silence_h=silence_h))

    def enrolled_at(self, name: str) -> int:
        """Return when what is known of a practice was written, in microseconds since 1970.

        0 when it is not known.
        """
        with contextlib.suppress(FileNotFoundError):
            return (self._folder / f"{name}.json").stat().st_mtime_ns // 1000
        return 0

    def _look(self) -> tuple[tuple[str, int], ...]:
        with contextlib.suppress(FileNotFoundError), os.scandir(self._folder) as found:
            kept = [one for one in found if one.name.endswith(".json")]
            return tuple(sorted((one.name, one.stat().st_mtime_ns) for one in kept))
        return ()

    def _read(self, name: str) -> Practice:
        told: dict[str, Any] = json.loads((self._folder / name).read_bytes())
        return Practice(**told | {"allowance": Allowance(**told["allowance"])})

    def _write(self, practice: Practice) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{practice.name}.json"
        draft = self._folder / f".{practice.name}.{os.getpid()}.part"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            json.dump(asdict(practice), stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)


def _drawn() -> str:
    """Return 160 random bits in base32: 32 letters and digits."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def _kept(secret: str) -> str:
    salt = secrets.token_hex(16)
    return f"{salt}:{_hashed(salt, secret)}"


def _hashed(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()


def _matches(kept: str, secret: str) -> bool:
    salt, _colon, hashed = kept.partition(":")
    return hmac.compare_digest(hashed, _hashed(salt, secret))
