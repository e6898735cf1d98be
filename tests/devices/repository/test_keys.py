"""Keys: any of several passphrases, junk that closes nothing, damage that is named."""

import hashlib
import json
from pathlib import Path

import pytest

from quenotte.devices.repository import keyfiles
from quenotte.devices.repository.errors import (
    AlreadyThere,
    Damaged,
    NotThere,
    RepositoryError,
    WrongPassphrase,
)
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.store import KEYS
from tests.devices.repository.conftest import PASSPHRASE


def test_each_passphrase_opens(repository: Repository, store: FolderStore) -> None:
    repository.add_key("feuille de papier", host="srv", user="q")

    assert Repository.open(store, "feuille de papier").id == repository.id
    assert Repository.open(store, PASSPHRASE).id == repository.id
    sealed = repository.seal(b"caries")
    assert Repository.open(store, PASSPHRASE).unseal(sealed) == b"caries"


def test_wrong_passphrase_says_so(repository: Repository, store: FolderStore) -> None:
    with pytest.raises(WrongPassphrase):
        Repository.open(store, PASSPHRASE + " ")


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"[" * 60_000,
        b'{"kdf":"scrypt","N":1024}',
        b"x" * 70_000,
    ],
)
def test_junk_among_the_keys_closes_nothing(
    repository: Repository, store: FolderStore, junk: bytes
) -> None:
    store.put(KEYS, hashlib.sha256(junk).hexdigest(), junk)
    # Named to sort before any other, which no honest name does.
    (store.path / KEYS / ("0" * 64)).write_bytes(junk)

    assert Repository.open(store, PASSPHRASE).id == repository.id
    with pytest.raises(Damaged) as caught:
        Repository.open(store, "autre")
    assert caught.value.kind == KEYS


@pytest.mark.parametrize(
    "changed",
    [
        {"kdf": "argon2"},
        {"N": 1 << 30},
        {"N": 1000},
        {"N": 1},
        {"N": "1024"},
        {"p": 10_000},
        {"r": 0},
        {"salt": "AAAA"},
        {"salt": "é"},
        {"data": 5},
    ],
)
def test_key_file_out_of_bounds_is_refused(repository: Repository, changed: dict) -> None:
    [(name, _)] = repository.store.names(KEYS)
    told = json.loads(repository.store.get(KEYS, name)) | changed

    with pytest.raises(ValueError, match=r"."):
        keyfiles.read(json.dumps(told).encode())


def test_place_without_repository(tmp_path: Path, repository: Repository) -> None:
    with pytest.raises(NotThere):
        Repository.open(FolderStore(tmp_path / "nowhere"), PASSPHRASE)
    with pytest.raises(AlreadyThere):
        Repository.create(repository.store, PASSPHRASE, host="srv", user="q")
    assert list((tmp_path / "repository" / KEYS).iterdir()) != []


def test_errors_are_plain_sentences(repository: Repository) -> None:
    for kind in RepositoryError.__subclasses__():
        assert kind.message
        assert kind.next_step or kind.__name__ == "NoSuchPath"
    assert "index/ab" in str(Damaged("index", "ab"))
