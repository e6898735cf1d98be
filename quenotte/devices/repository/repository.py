"""A repository: keys, config, index, snapshots and blobs together.

Source: restic's repository design.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from quenotte.devices.repository import (
    chunks,
    indexes,
    keyfiles,
    packs,
    polynomials,
    snapshots,
    unpacked,
)
from quenotte.devices.repository.caching import CachedStore
from quenotte.devices.repository.errors import (
    AlreadyThere,
    Damaged,
    Missing,
    NotThere,
    RepositoryError,
)
from quenotte.devices.repository.indexes import Index, Place
from quenotte.devices.repository.sealing import Bytes, MasterKey, Unsealable, seal, unseal
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.devices.repository.store import CONFIG, DATA, KEYS, NAME, SNAPSHOTS, Store

_VERSION = 2


class Repository:
    """An open repository. ``damages`` are the files that were stepped over so far.

    ``mended``: those that had to be put again before it opened.
    """

    def __init__(self, store: Store, key: MasterKey, repository_id: str) -> None:
        self.store: Store = store
        self.key, self.id = key, repository_id
        self.damages: list[Damaged] = []
        self.mended: tuple[str, ...] = ()
        #: That of the year before, as long as this one is begun: for comparing, never for writing.
        self.earlier: Repository | None = None
        self._index: Index | None = None
        #: Packs that hold nothing as far as a copy in the making goes: they have rotted.
        self.distrusted: frozenset[str] = frozenset()
        self._searched = False

    @classmethod
    def create(
        cls,
        store: Store,
        passphrase: str,
        *,
        host: str,
        user: str,
        key: MasterKey | None = None,
        key_files: Iterable[tuple[str, bytes]] = (),
    ) -> "Repository":
        """Make a new repository in an empty place, under a new random master key.

        ``key``: that of another repository of the practice. The journal of the database is sealed
        once, and goes to all that share one. ``key_files``: names and bytes of the key files of
        that other one, so that what opens it (a paper in a safe) opens this one too.

        Raises: AlreadyThere, Full, Refused, Unreachable.
        """
        if store.size(CONFIG, "") is not None:
            raise AlreadyThere
        store.prepare()
        repository = cls(store, key or MasterKey.draw(), secrets.token_hex(32))
        for name, body in key_files if key else ():
            store.put(KEYS, name, body)
        if not keyfiles.opens(store, passphrase):
            repository.add_key(passphrase, host=host, user=user)
        repository._begin()
        return repository

    @classmethod
    def continued(cls, store: Store, earlier: "Repository") -> "Repository":
        """Make the repository of a new year: under the same master key, with the same key files.

        Whoever opens one opens the other, so that no paper has to be printed on New Year's Eve.
        One that was begun before is gone on with.

        Raises: AlreadyThere when another key made what is there, Full, Refused, Unreachable.
        """
        made = cls(store, earlier.key, secrets.token_hex(32))
        made.earlier = earlier
        if store.size(CONFIG, "") is None:
            store.prepare()
            for name, body in keyfiles.whole_ones(earlier.store):
                store.put(KEYS, name, body)
            made._begin()
            return made
        try:
            made.id = cls.known(store, earlier.key).id
        except Damaged as error:
            raise AlreadyThere from error
        return made

    @classmethod
    def known(cls, store: Store, key: MasterKey) -> "Repository":
        """Open a repository with its master key. Raises: Damaged, Missing, Refused, Unreachable."""
        told = unpacked.get_config(store, key)
        if told.get("version") not in (1, _VERSION) or not NAME.fullmatch(str(told.get("id"))):
            raise Damaged(CONFIG, "", "the version or the id is unknown")
        return cls(store, key, str(told["id"]))

    def _begin(self) -> None:
        """Write the config, which comes last: a place without one holds no repository."""
        told = {
            "version": _VERSION,
            "id": self.id,
            "chunker_polynomial": f"{polynomials.draw():x}",
        }
        unpacked.put_config(self.store, self.key, told)

    @classmethod
    def open(cls, store: Store, passphrase: str) -> "Repository":
        """Open a repository with any of its passphrases.

        Raises: NotThere, WrongPassphrase, Damaged, Refused, Unreachable.
        """
        if store.size(CONFIG, "") is None:
            raise NotThere
        return cls.known(store, keyfiles.opened(store, passphrase))

    def add_key(self, passphrase: str, *, host: str = "", user: str = "") -> str:
        """Let one more passphrase open the repository; return the name of its key file.

        Raises: Full, Refused (a vault closes its keys), Unreachable.
        """
        body = keyfiles.write(
            self.key, passphrase, host=host, user=user, now=datetime.now(UTC).astimezone()
        )
        name = hashlib.sha256(body).hexdigest()
        self.store.put(KEYS, name, body)
        return name

    def seal(self, text: bytes) -> bytes:
        """Return a text sealed with the master key."""
        return seal(self.key, text)

    def unseal(self, part: bytes) -> bytes:
        """Return what was sealed. Raises: sealing.Unsealable."""
        return bytes(unseal(self.key, part))

    def snapshots(self) -> list[Snapshot]:
        """Return the snapshots, oldest first by the time that their writer claimed.

        Damaged ones are left out and noted in ``damages``.

        Raises: Damaged when there is no other, Unreachable.
        """
        found, damages = [], []
        for name, told in unpacked.get_all(self.store, self.key, SNAPSHOTS):
            try:
                if not isinstance(told, dict):
                    raise told
                found.append(snapshots.read(name, told))
            except (Damaged, Missing) as damage:
                damages.append(damage)
        self.damages += [one for one in damages if isinstance(one, Damaged)]
        if damages and not found:
            raise damages[0]
        return sorted(found, key=lambda one: (one.time, one.id))

    def snapshot(self, name: str) -> Snapshot:
        """Return one snapshot by its whole id. Raises: Missing, Damaged."""
        try:
            return snapshots.read(name, unpacked.get(self.store, self.key, SNAPSHOTS, name))
        except Missing:
            if self.earlier is None:
                raise
            return self.earlier.snapshot(name)

    def use_cache(self, folder: Path) -> None:
        """Read indexes, snapshots and trees from a local copy below ``folder``, where it is one."""
        if not isinstance(self.store, CachedStore):
            self.store = CachedStore(self.store, folder / self.id)

    @property
    def index(self) -> Index:
        """Return where all blobs lie, read once; `refresh` reads it again."""
        if self._index is None:
            self._index = indexes.load(self.store, self.key)
            self.damages += self._index.damages
            if isinstance(self.store, CachedStore):
                self.store.whole_packs = self._index.packs_of(packs.TREE)
        return self._index

    def refresh(self) -> Index:
        """Read the index again. List snapshots before, or a fresh one may lack its index."""
        self._index, self._searched = None, False
        return self.index

    def blob(self, kind: str, blob_id: bytes) -> bytes | bytearray:
        """Return a blob, from the first of its places that is whole.

        Raises: Damaged, Missing.
        """
        troubles: list[RepositoryError] = []
        for place in self.places(kind, blob_id):
            try:
                part = self.store.get(DATA, place.pack, place.offset, place.length)
                return self.opened(part, place, blob_id)
            except (Damaged, Missing) as trouble:
                troubles.append(trouble)
        if not troubles and self.earlier is not None:
            return self.earlier.blob(kind, blob_id)
        raise (*troubles, *self.index.damages, Missing("blob", blob_id.hex()))[0]

    def opened(self, part: Bytes, place: Place, blob_id: bytes) -> bytes | bytearray:
        """Return the blob that a sealed part holds. Raises: Damaged."""
        try:
            text = chunks.unpack(unseal(self.key, part), place.raw)
        except (Unsealable, ValueError) as error:
            raise Damaged(DATA, place.pack, str(error)) from error
        if hashlib.sha256(text).digest() != blob_id:
            raise Damaged(DATA, place.pack, "a blob is not what its id says")
        return text

    def places(self, kind: str, blob_id: bytes) -> list[Place]:
        """Return where a blob lies; packs without an index are searched when none tells."""
        found = self.index.places(kind, blob_id)
        if not found and not self._searched:
            self._searched = True
            self.adopt()
            found = self.index.places(kind, blob_id)
        return found

    def adopt(self) -> dict[str, list[packs.Entry]]:
        """Note the packs that no index tells of, from their own headers; return them.

        A crash between a pack and its index leaves such packs. Damaged ones are left out, and
        those that are not believed.
        """
        adopted = {}
        for name, size in list(self.store.names(DATA)):
            if name in self.index.packs or name in self.distrusted:
                continue
            try:
                adopted[name] = packs.read_header(self.store, self.key, name, size)
            except (Damaged, Missing):
                continue
            self.index.add(name, adopted[name])
        return adopted
