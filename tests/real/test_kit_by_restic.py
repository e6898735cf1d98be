"""The lines of the kit do what the paper says, with the programs that everybody has."""

import os
import shlex
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from quenotte.devices.certificates import authority
from quenotte.devices.recovery import commands, shares
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.writing import Source, save
from quenotte.kernel import passphrases
from quenotte.upkeep.kits import papers
from tests.support.programs import program

pytestmark = [pytest.mark.one_engine, pytest.mark.real_clock]

PASSPHRASE = passphrases.new_passphrase()
SECRET = shares.new_secret()


def said(line: str, *, typed: str, folder: Path, address: str = "", trusted: bool = False) -> str:
    """Run a line of the sheet as a shell does, with the address put in by hand."""
    line = line.replace(commands.ADDRESS, address)
    if trusted:
        line = line.replace("restic ", f"restic --cacert {commands.CERTIFICATE} ", 1)
    program(shlex.split(line)[0])
    # Nothing of the installation helps; the cache alone stays out of the home folder.
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run(
        ["/bin/sh", "-c", line], input=f"{typed}\n", cwd=folder, env=surroundings,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one file, whose keys are the server's, the paper's and the shares'."""
    folder = tmp_path_factory.mktemp("kit") / "les copies"
    made = Repository.create(FolderStore(folder), "the server's own", host="q", user="q")
    for password in (PASSPHRASE, shares.password_of(SECRET)):
        made.add_key(password)
    sources = [Source("practice.sqlite3", b"SQLite format 3\0")]
    save(made, sources, time=datetime(2026, 3, 17, 9, 30, tzinfo=UTC), host="q")
    return folder


def _lines(*, fingerprint: str = "", address: str = "/media/A") -> dict[str, str]:
    place = papers.Place("Copie", address, "a" * 64, fingerprint)
    facts = papers.Facts(
        "Cabinet", "2026-F1", 2026, datetime(2026, 3, 17, tzinfo=UTC), None, (place,)
    )
    return dict(papers.sheet_of(facts, PASSPHRASE)["commands"])


def test_printed_line_typed_at_the_prompt_gives_the_practice_back(
    repository: Path, tmp_path: Path
) -> None:
    lines, address = _lines(), f'"{repository}"'
    assert "practice.sqlite3" in said(
        lines["Contenu"], typed=PASSPHRASE, folder=tmp_path, address=address
    )
    said(lines["Tout rendre"], typed=PASSPHRASE, folder=tmp_path, address=address)
    found = [*(tmp_path / commands.TARGET).rglob("practice.sqlite3")]
    assert [one.read_bytes() for one in found] == [b"SQLite format 3\0"]
    assert not [*repository.glob("locks/*")]


@pytest.fixture
def vault(repository: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The same copy over HTTPS, by another program: its address and its fingerprint."""
    now = datetime.now(UTC)
    pair = authority.issue(authority.make_authority("localhost", now), ["localhost"], [], now)
    (tmp_path / "cert.pem").write_bytes(pair.certificate.public_bytes(Encoding.PEM))
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pair.key.private_bytes(*form))
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = int(free.getsockname()[1])
    options = ["--addr", f"127.0.0.1:{port}", "--cert", "cert.pem", "--key", "key.pem"]
    server = subprocess.Popen(
        [program("rclone"), "serve", "restic", "--config", "", *options, str(repository)],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _await(port)
        yield f"rest:https://localhost:{port}/", authority.fingerprint(pair.certificate)
    finally:
        server.terminate()
        server.wait(10)


def _await(port: int) -> None:
    for _try in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server does not listen")


def test_vault_is_known_by_its_fingerprint_and_opens_with_two_shares(
    vault: tuple[str, str], tmp_path: Path
) -> None:
    address, fingerprint = vault
    fingerprint = fingerprint.replace(" ", "")
    lines = _lines(fingerprint=fingerprint, address=address)
    said(lines["Certificat"], typed="", folder=tmp_path)
    shown = said(lines["Empreinte"], typed="", folder=tmp_path)
    assert shown.strip().endswith(commands.shown_fingerprint(fingerprint))
    two = [shares.read(" ".join(one.words)) for one in shares.split(SECRET)[1:]]
    password = shares.password_of(shares.combine(two))
    assert "practice.sqlite3" in said(
        lines["Contenu"], typed=password, folder=tmp_path, address=address, trusted=True
    )
