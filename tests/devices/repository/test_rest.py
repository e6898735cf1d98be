"""A repository on a server: the same as in a folder, through a network that stumbles."""

import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quenotte.devices.certificates import authority, pairs
from quenotte.devices.certificates.authority import Pair
from quenotte.devices.repository import rest, trust
from quenotte.devices.repository.errors import (
    CertificateOver,
    Damaged,
    Full,
    Missing,
    OtherCertificate,
    OtherName,
    Refused,
    RepositoryError,
    Unreachable,
    Untrusted,
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


@dataclass
class Encrypted:
    """A vault that speaks TLS alone."""

    vault: Vault
    address: str
    authority: Pair
    leaf: Pair


def encrypt(vault: Vault, folder: Path, now: datetime, addresses: list[str]) -> Encrypted:
    ours = authority.make_authority("vault.lan", now)
    leaf = authority.issue(ours, ["vault.lan"], addresses, now)
    pairs.write(folder / "leaf.pem", leaf)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "leaf.pem")
    vault.socket = context.wrap_socket(vault.socket, server_side=True)
    return Encrypted(vault, vault.address.replace("http:", "https:"), ours, leaf)


@pytest.fixture
def encrypted(vault: Vault, tmp_path: Path) -> Encrypted:
    return encrypt(vault, tmp_path, datetime.now(UTC), ["127.0.0.1"])


def test_certificate_of_the_paper_alone_is_trusted(encrypted: Encrypted, tmp_path: Path) -> None:
    vault, address, leaf = encrypted.vault, encrypted.address, encrypted.leaf
    (tmp_path / "ca.pem").write_bytes(pairs.public_pem(encrypted.authority.certificate))

    for store in (
        RestStore(address, fingerprint=authority.fingerprint(leaf.certificate)),
        RestStore(address, ca_file=tmp_path / "ca.pem"),
    ):
        store.put(DATA, _NAME, os.urandom(9))
        assert store.size(DATA, _NAME) == 9
        store.close()
    heard = len(vault.heard)
    with pytest.raises(OtherCertificate):
        RestStore(address, fingerprint="00" * 32).size(DATA, _NAME)
    with pytest.raises(Untrusted):
        RestStore(address).size(DATA, _NAME)
    # What is not believed is told nothing, a login least of all.
    assert {path for _method, path in vault.heard[heard:]} <= {trust.AUTHORITY}
    with pytest.raises(Refused):
        RestStore(address, ca_file=tmp_path / "nowhere.pem")


def test_authority_that_a_vault_hands_out_is_known_by_its_fingerprint(
    encrypted: Encrypted,
) -> None:
    ours, leaf = encrypted.authority, encrypted.leaf
    named = trust.fingerprint_of(ours.certificate)
    with pytest.raises(OtherCertificate):
        RestStore(encrypted.address, fingerprint=named).size(DATA, _NAME)
    shown = trust.shown_by(encrypted.address)
    assert (shown.lasting, shown.authority) == (trust.fingerprint_of(leaf.certificate), "")

    encrypted.vault.handed_out = pairs.public_pem(ours.certificate)
    store = RestStore(encrypted.address, fingerprint=named.upper())
    for _ in range(2):
        assert store.size(DATA, _NAME) is None
        store.close()
    shown = trust.shown_by(encrypted.address)
    assert shown.lasting == shown.authority == named
    assert shown.ends_at == ours.certificate.not_valid_after_utc
    # Somebody in between hands out another one, or vouches for himself with the right one.
    stranger = authority.make_authority("vault.lan", datetime.now(UTC))
    encrypted.vault.handed_out = pairs.public_pem(stranger.certificate)
    assert trust.shown_by(encrypted.address).authority == ""
    with pytest.raises(OtherCertificate):
        RestStore(encrypted.address, fingerprint=named).size(DATA, _NAME)
    other = trust.fingerprint_of(stranger.certificate)
    with pytest.raises(Untrusted):
        RestStore(encrypted.address, fingerprint=other).size(DATA, _NAME)


@pytest.mark.parametrize(
    ("names", "days", "trouble"),
    [(["127.0.0.1"], -500, CertificateOver), (["127.0.0.2"], 0, OtherName)],
)
def test_certificate_that_does_not_do_says_why(
    vault: Vault, tmp_path: Path, names: list[str], days: int, trouble: type[Untrusted]
) -> None:
    then = datetime.now(UTC) + timedelta(days=days)
    encrypted = encrypt(vault, tmp_path, then, names)
    pem = tmp_path / "ca.pem"
    pem.write_bytes(pairs.public_pem(encrypted.authority.certificate))
    with pytest.raises(trouble):
        RestStore(encrypted.address, ca_file=pem).size(DATA, _NAME)


def test_file_of_an_authority_is_read_without_its_key(tmp_path: Path) -> None:
    ours = authority.make_authority("vault.lan", datetime.now(UTC))
    pairs.write(tmp_path / "ca.pem", ours)
    pem = pairs.public_pem(ours.certificate)

    for data in ((tmp_path / "ca.pem").read_bytes(), pairs.public_bytes(ours.certificate)):
        assert trust.authority_in(data).strip() == pem.strip()
    assert trust.fingerprint_in(pem) == trust.fingerprint_of(ours.certificate)
    assert trust.fingerprint_in(b"nothing") == ""
    for junk in (b"", b"-----BEGIN", b"x" * 70_000):
        with pytest.raises(ValueError, match=r"."):
            trust.authority_in(junk)


def test_many_small_files_are_fetched_together(far: RestStore, tmp_path: Path) -> None:
    repository = Repository.create(far, PASSPHRASE, host="srv", user="q")
    for number in range(7):
        save(repository, [Source("a", bytes([number]) * 99)], time=AT, host="srv")

    opened = Repository.open(far, PASSPHRASE)

    assert len(opened.snapshots()) == 7
    assert len(opened.index) == 14
