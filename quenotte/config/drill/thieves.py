"""What somebody tries on the vault with the server's own password and keys."""

import base64
import hashlib
import http.client
import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from quenotte.devices.repository import snapshots, trees, unpacked
from quenotte.devices.repository.blobs import BlobWriter
from quenotte.devices.repository.errors import RepositoryError
from quenotte.devices.repository.opening import open_store
from quenotte.devices.repository.packs import TREE
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.store import JOURNAL, NAMED_KINDS, SNAPSHOTS

_LISTS: Final = (*NAMED_KINDS, JOURNAL)
_AHEAD: Final = timedelta(days=400)


@dataclass
class Booty:
    """What the attack sent, and what was let through."""

    asked: int = 0
    refused: int = 0
    #: Objects that stand in the vault after the attack and did not before.
    added: int = 0
    poisons: list[str] = field(default_factory=list)


class Thief:
    """Somebody who holds the address of the vault, its password, and the server's key to it."""

    def __init__(self, url: str, passphrase: str) -> None:
        whole = urlsplit(url)
        self._url, self._passphrase = url, passphrase
        self._host, self._port = whole.hostname or "", whole.port or 443
        self._path = whole.path.rstrip("/")
        known = f"{whole.username or ''}:{whole.password or ''}"
        self._headers = {"Authorization": f"Basic {base64.b64encode(known.encode()).decode()}"}
        self._noise = random.Random(400)  # noqa: S311 - an attack, always the same
        self.booty = Booty()

    def attack(self, flood: int) -> Booty:
        """Try everything; return what came of it. ``flood``: how many objects of noise."""
        self.delete_and_overwrite()
        self.poison_keys()
        self.poison_lists()
        self.poison_journal()
        self.date_from_the_future()
        self.flood(flood)
        self.grope()
        return self.booty

    def delete_and_overwrite(self) -> None:
        """Delete what is listed, write over it, then take the whole repository away."""
        for kind in _LISTS:
            for name in self._names(kind):
                self._ask("DELETE", f"{kind}/{name}")
                self._ask("POST", f"{kind}/{name}", os.urandom(200))
        self._ask("POST", "config", os.urandom(155))
        self._ask("DELETE", "config")
        self._ask("POST", "?create=true")
        self._ask("DELETE", "")

    def poison_keys(self) -> None:
        """Add key files that stop stock restic: each is named by its hash."""
        for body in (b"junk", b"{}", json.dumps({"kdf": "scrypt", "N": 1}).encode()):
            self._put("keys", body)

    def poison_lists(self) -> None:
        """Add an index and a snapshot that cannot be opened."""
        for kind in ("index", "snapshots", "data"):
            self._put(kind, os.urandom(900))

    def poison_journal(self) -> None:
        """Add to the journal what comes after all that will ever be written."""
        for number in (10**11, 10**12 - 1):
            body = os.urandom(300)
            name = f"{number:012}-{hashlib.sha256(body).hexdigest()}"
            self._ask("POST", f"{JOURNAL}/{name}", body)

    def date_from_the_future(self) -> None:
        """Write a true snapshot of nothing, with the stolen key, 400 days from now."""
        try:
            repository = Repository.open(open_store(self._url), self._passphrase)
            blobs = BlobWriter(repository.store, repository.key, repository.index)
            tree = blobs.put(TREE, trees.encode([]))
            blobs.finish()
            told = snapshots.document(
                time=datetime.now(UTC) + _AHEAD, tree=tree, paths=["/"],
                hostname=_newest_host(repository), username="root",
            )  # fmt: skip
            unpacked.put(repository.store, repository.key, SNAPSHOTS, told)
        except RepositoryError as error:
            self.booty.refused += 1
            self.booty.poisons.append(str(error))
        else:
            self.booty.poisons.append("future")

    def flood(self, count: int) -> None:
        """Fill the vault with noise, and its journal with steps that nobody took."""
        empty = hashlib.sha256(b"").hexdigest()
        for number in range(1, count + 1):
            self._put("data", os.urandom(self._noise.randint(1, 40_000)))
            self._ask("POST", f"{JOURNAL}/{number:012}-{empty}")

    def grope(self) -> None:
        """Ask for what nobody should."""
        words = ["..", "%2e%2e", "%00", "%ff", "data", "keys", "config", "log", "as-of", ""]
        for _ in range(40):
            path = "/".join(self._noise.choices(words, k=self._noise.randint(0, 4)))
            verb = self._noise.choice(["POST", "DELETE", "PUT", "PATCH"])
            self._ask(verb, path, os.urandom(9))

    def _names(self, kind: str) -> list[str]:
        accept = {"Accept": "application/vnd.x.restic.rest.v2"}
        status, body = self._ask("GET", f"{kind}/", headers=accept, is_theft=False)
        return [one["name"] for one in json.loads(body)] if status == 200 else []

    def _put(self, kind: str, body: bytes) -> None:
        self._ask("POST", f"{kind}/{hashlib.sha256(body).hexdigest()}", body)

    def _ask(
        self,
        verb: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        *,
        is_theft: bool = True,
    ) -> tuple[int, bytes]:
        line = http.client.HTTPConnection(self._host, self._port, timeout=30)
        try:
            line.request(verb, f"{self._path}/{path}", body, self._headers | (headers or {}))
            answer = line.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            return 0, b""
        finally:
            line.close()
        if is_theft:
            self.booty.asked += 1
            self.booty.refused += answer.status >= 400
        return answer.status, told


def _newest_host(repository: Repository) -> str:
    try:
        return repository.snapshots()[-1].hostname
    except (RepositoryError, IndexError):
        return "serveur"


def pictured(store: Path) -> dict[str, bytes]:
    """Return the digest of every object that a vault keeps, by its path; its log is left out."""
    return {str(path): hashlib.sha256(path.read_bytes()).digest() for path in _objects(store)}


def altered(before: dict[str, bytes], store: Path) -> int:
    """Return how many objects are gone, or not what they were."""
    now = pictured(store)
    return sum(now.get(path) != digest for path, digest in before.items())


def _objects(store: Path) -> Iterator[Path]:
    for path in (store / "repositories").rglob("*"):
        if path.is_file() and path.suffix != ".log":
            yield path
