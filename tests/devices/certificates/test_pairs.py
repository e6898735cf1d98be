import os
import signal
import ssl
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from quenotte.devices.certificates import pairs
from quenotte.devices.certificates.authority import Pair, issue, make_authority

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority() -> Pair:
    """An authority."""
    return make_authority("cabinet.local", NOW)


def test_pair_is_kept_for_its_owner_and_read_again(tmp_path: Path, authority: Pair):
    path = tmp_path / "server.pem"
    mask = os.umask(0)
    try:
        pairs.write(path, issue(authority, ["cabinet.local"], ["10.0.0.2"], NOW))
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = pairs.read(path)
    assert read is not None
    facts = pairs.facts(read.certificate)
    assert (facts.title, facts.hosts, facts.addresses) == (
        "cabinet.local", ("cabinet.local",), ("10.0.0.2",)
    )  # fmt: skip
    assert facts.names == {"cabinet.local", "10.0.0.2"}
    assert [one.name for one in tmp_path.iterdir()] == ["server.pem"]
    # Python's own TLS takes the file as it is.
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path)


def test_authority_names_nobody(authority: Pair):
    facts = pairs.facts(authority.certificate)
    assert facts.title.startswith("Quenotte, autorité du cabinet ")
    assert facts.names == frozenset()


def test_what_is_no_pair_is_none(tmp_path: Path, authority: Pair):
    path = tmp_path / "server.pem"
    assert pairs.read(path) is None
    pairs.write(path, authority)
    whole = path.read_bytes()
    for wrong in (b"", b"\x00", whole[:200], whole[: len(whole) // 2], whole[300:]):
        path.write_bytes(wrong)
        assert pairs.read(path) is None
    other = make_authority("cabinet.local", NOW)
    pairs.write(path, Pair(authority.certificate, other.key))
    assert pairs.read(path) is None
    strange = ed25519.Ed25519PrivateKey.generate()
    key = strange.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(authority.certificate.public_bytes(Encoding.PEM) + key)
    assert pairs.read(path) is None


def test_certificate_is_read_in_both_forms(tmp_path: Path, authority: Pair):
    path = tmp_path / "autorite.crt"
    assert pairs.read_certificate(path) is None
    path.write_bytes(pairs.public_bytes(authority.certificate))
    assert pairs.read_certificate(path) == authority.certificate
    pairs.write(path, authority)
    assert pairs.read_certificate(path) == authority.certificate
    path.write_bytes(b"nonsense")
    assert pairs.read_certificate(path) is None


def test_signature_is_checked(authority: Pair):
    other = make_authority("cabinet.local", NOW)
    server = issue(authority, ["cabinet.local"], [], NOW)
    assert pairs.is_signed_by(server.certificate, authority.certificate)
    assert not pairs.is_signed_by(server.certificate, other.certificate)


@pytest.mark.parametrize(
    ("address", "written"),
    [("10.0.0.2", "10.0.0.2"), ("fd00::2", "[fd00::2]"), ("a.local", "a.local")],
)
def test_address_in_a_link(address: str, written: str):
    assert pairs.host_of(address) == written


def test_disk_that_refuses_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "server.pem"
    path.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        pairs.replace(path, b"new")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("server.pem", b"old")]


_RENEWING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from quenotte.devices.certificates import pairs
from quenotte.devices.certificates.authority import issue

path = Path(sys.argv[1])
authority = pairs.read(path.with_name("authority.pem"))
print("ready", flush=True)
while True:
    pairs.write(path, issue(authority, ["cabinet.local"], [], datetime(2026, 3, 18, tzinfo=UTC)))
"""


@pytest.mark.real_clock
def test_process_killed_while_renewing_leaves_a_pair_that_works(tmp_path: Path, authority: Pair):
    path = tmp_path / "server.pem"
    pairs.write(tmp_path / "authority.pem", authority)
    pairs.write(path, issue(authority, ["cabinet.local"], [], NOW))
    for turn in range(6):
        before = path.read_bytes()
        process = subprocess.Popen(
            [sys.executable, "-c", _RENEWING, path], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        # It has renewed at least once, however slow the machine is; then it is killed anywhere.
        deadline = time.monotonic() + 60
        while path.read_bytes() == before and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(turn * 0.017)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        left = pairs.read(path)
        assert left is not None
        assert pairs.is_signed_by(left.certificate, authority.certificate)
        assert path.read_bytes() != before
