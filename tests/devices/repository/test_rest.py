"""A repository on a server: the same as in a folder, through a network that stumbles."""

import os
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from quenotte.devices.certificates import authority, pairs
from quenotte.devices.repository import rest
from quenotte.devices.repository.errors import (
    Damaged,
    Full,
    Missing,
    Refused,
    RepositoryError,
    Unreachable,
)
from quenotte.devices.repository.opening import open_store
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.rest import RestStore
from quenotte.devices.repository.restoring import check, restore
from quenotte.devices.repository.store import DATA, KEYS
from quenotte.devices.repository.writing import Source, save
from tests.devices.repository.conftest import AT, PASSPHRASE
from tests.devices.repository.servers import Vault, serving

_NAME = "ab" * 32


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "_WAITS_S", (0.0, 0.0))


@pytest.fixture
def vault() -> Iterator[Vault]:
    with serving() as vault:
        yield vault


@pytest.fixture
def far(vault: Vault) -> Iterator[RestStore]:
    store = RestStore(vault.address)
    yield store
    store.close()


@pytest.mark.parametrize(("version", "knows_ranges"), [(2, True), (1, False)])
def test_saved_and_restored(
    vault: Vault, far: RestStore, files: Path, tmp_path: Path, version: int, knows_ranges: bool
) -> None:
    vault.version, vault.knows_ranges = version, knows_ranges
    repository = Repository.create(far, PASSPHRASE, host="srv", user="q")
    vault.faults = [0, 0, 500, 0, -1, 0, 502]

    save(repository, [Source("files", files)], time=AT, host="srv")
    store = open_store(f"rest:{vault.address}")
    opened = Repository.open(store, PASSPHRASE)
    restore(opened, opened.snapshots()[0], tmp_path / "back")

    assert (tmp_path / "back/files/letter.txt").read_bytes() == (files / "letter.txt").read_bytes()
    assert check(opened, read_data=True) == []
    store.close()  # type: ignore[attr-defined]


def test_one_connection_serves_for_all(vault: Vault, far: RestStore) -> None:
    far.prepare()
    for _ in range(5):
        far.put(KEYS, _NAME, b"caries")
        assert far.get(KEYS, _NAME) == b"caries"
        assert far.get(KEYS, _NAME, 2, 3) == b"rie"
        assert far.get(KEYS, _NAME, 2, 0) == b""
        assert [*far.names(KEYS)] == [(_NAME, 6)]
    assert vault.connections == 1
    assert far.size(KEYS, _NAME) == 6
    assert far.size(DATA, _NAME) is None
    far.settle(KEYS, _NAME)


@pytest.mark.parametrize(
    ("faults", "trouble"),
    [
        ([403], Refused),
        ([401], Refused),
        ([507], Full),
        ([500, 500, 500], Unreachable),
        ([-1, -1, -1], Unreachable),
        ([302], Unreachable),
    ],
)
def test_troubles_have_their_names(
    vault: Vault, far: RestStore, faults: list[int], trouble: type[RepositoryError]
) -> None:
    for ask in (
        lambda: far.put(DATA, _NAME, b"a"),
        lambda: far.get(DATA, _NAME),
        lambda: [*far.names(DATA)],
        lambda: far.size(DATA, _NAME),
        far.prepare,
    ):
        vault.faults = [*faults]
        with pytest.raises(trouble):
            ask()
        assert vault.faults == []


def test_what_is_not_there_or_too_short(vault: Vault, far: RestStore) -> None:
    with pytest.raises(Missing):
        far.get(DATA, _NAME)
    far.put(DATA, _NAME, b"caries")
    for offset in (4, 9):
        with pytest.raises(Damaged):
            far.get(DATA, _NAME, offset, 3)
    vault.files["keys/" + "z" * 64] = b"junk"
    assert [*far.names(KEYS)] == []


def test_nobody_there() -> None:
    with pytest.raises(Unreachable):
        RestStore("http://127.0.0.1:9/r").size(DATA, _NAME)


def test_certificate_of_the_paper_alone_is_trusted(vault: Vault, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    ours = authority.make_authority("vault.lan", now)
    leaf = authority.issue(ours, ["vault.lan"], ["127.0.0.1"], now)
    pairs.write(tmp_path / "leaf.pem", leaf)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "leaf.pem")
    vault.socket = context.wrap_socket(vault.socket, server_side=True)
    address = vault.address.replace("http:", "https:")
    (tmp_path / "ca.pem").write_bytes(ours.certificate.public_bytes(Encoding.PEM))

    for store in (
        RestStore(address, fingerprint=authority.fingerprint(leaf.certificate)),
        RestStore(address, ca_file=tmp_path / "ca.pem"),
    ):
        store.put(DATA, _NAME, os.urandom(9))
        assert store.size(DATA, _NAME) == 9
        store.close()
    with pytest.raises(Refused):
        RestStore(address, fingerprint="00" * 32).size(DATA, _NAME)
    with pytest.raises(Unreachable):
        RestStore(address).size(DATA, _NAME)
    with pytest.raises(Refused):
        RestStore(address, ca_file=tmp_path / "nowhere.pem")


def test_many_small_files_are_fetched_together(far: RestStore, tmp_path: Path) -> None:
    repository = Repository.create(far, PASSPHRASE, host="srv", user="q")
    for number in range(7):
        save(repository, [Source("a", bytes([number]) * 99)], time=AT, host="srv")

    opened = Repository.open(far, PASSPHRASE)

    assert len(opened.snapshots()) == 7
    assert len(opened.index) == 14
