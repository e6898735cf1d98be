"""What we sign, as OpenSSL (a program that we did not write) judges it."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from quenotte.devices.certificates import pairs
from quenotte.devices.certificates.authority import (
    AUTHORITY_LIFE,
    LEAF_LIFE,
    CannotSign,
    Pair,
    covers,
    fingerprint,
    issue,
    make_authority,
)

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority() -> Pair:
    """The authority of « quenotte.cabinet.example »."""
    return make_authority("quenotte.cabinet.example", NOW)


def verdict(tmp_path: Path, authority: Pair, server: Pair, *words: str, at: datetime = NOW) -> str:
    """Return what ``openssl verify`` says, strictly, at an instant."""
    for name, one in (("ca.pem", authority), ("server.pem", server)):
        (tmp_path / name).write_bytes(one.certificate.public_bytes(Encoding.PEM))
    done = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", *words,
         "-attime", str(int(at.timestamp())), "-CAfile", tmp_path / "ca.pem",
         tmp_path / "server.pem"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("-verify_hostname", "cabinet.local"),
        ("-verify_hostname", "quenotte.cabinet.example"),
        ("-verify_ip", "192.168.1.10"),
        ("-verify_ip", "fd00::2"),
    ],
)
def test_openssl_takes_each_name(tmp_path: Path, authority: Pair, words: tuple[str, str]):
    hosts = ["cabinet.local", "quenotte.cabinet.example"]
    server = issue(authority, hosts, ["192.168.1.10", "fd00::2"], NOW)
    assert verdict(tmp_path, authority, server, *words).endswith("server.pem: OK\n")


def test_openssl_refuses_another_name_and_another_time(tmp_path: Path, authority: Pair):
    server = issue(authority, ["cabinet.local"], ["192.168.1.10"], NOW)
    wrong = verdict(tmp_path, authority, server, "-verify_hostname", "autre.local")
    assert "hostname mismatch" in wrong
    late = NOW + LEAF_LIFE
    assert "has expired" in verdict(tmp_path, authority, server, at=late)
    early = NOW - timedelta(days=2)
    assert "not yet valid" in verdict(tmp_path, authority, server, at=early)


@pytest.mark.parametrize(
    ("hosts", "addresses"),
    [(["www.example.org"], []), (["cabinet.local"], ["198.51.100.4"]), (["dental"], [])],
)
def test_stolen_authority_cannot_pass_for_somebody_else(
    tmp_path: Path,
    authority: Pair,
    monkeypatch: pytest.MonkeyPatch,
    hosts: list[str],
    addresses: list[str],
):
    with pytest.raises(CannotSign) as refused:
        issue(authority, hosts, addresses, NOW)
    assert refused.value.name == [*hosts, *addresses][-1]
    # A thief does not ask our code: the clients must refuse what he signs.
    monkeypatch.setattr("quenotte.devices.certificates.authority.covers", lambda *_a: True)
    forged = issue(authority, hosts, addresses, NOW)
    assert "permitted subtree violation" in verdict(tmp_path, authority, forged)


def test_authority_signs_no_other_authority(tmp_path: Path, authority: Pair):
    text = subprocess.run(
        ["openssl", "x509", "-noout", "-text"],
        input=authority.certificate.public_bytes(Encoding.PEM),
        capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    assert "CA:TRUE, pathlen:0" in text
    assert "TLS Web Server Authentication" in text
    assert "ecdsa-with-SHA256" in text
    assert "Certificate Sign, CRL Sign" in text


def test_lives_are_those_that_browsers_take(authority: Pair):
    server = issue(authority, ["cabinet.local"], [], NOW).certificate
    life = server.not_valid_after_utc - server.not_valid_before_utc
    assert life == LEAF_LIFE < timedelta(days=398)
    assert server.not_valid_before_utc == NOW - timedelta(days=1)
    ten_years = (
        authority.certificate.not_valid_after_utc - authority.certificate.not_valid_before_utc
    )
    assert ten_years == AUTHORITY_LIFE


def test_certificate_never_outlives_its_authority(authority: Pair):
    end = authority.certificate.not_valid_after_utc
    last = issue(authority, ["cabinet.local"], [], end - timedelta(days=10))
    assert last.certificate.not_valid_after_utc == end


@pytest.mark.parametrize("days", [-2, 3_700])
def test_authority_signs_in_its_own_life_alone(authority: Pair, days: int):
    with pytest.raises(CannotSign) as refused:
        issue(authority, ["cabinet.local"], [], NOW + timedelta(days=days))
    assert refused.value.name == ""


def test_each_certificate_has_a_key_of_its_own(authority: Pair):
    one, two = (issue(authority, ["cabinet.local"], [], NOW) for _ in range(2))
    assert one.key.public_key() != two.key.public_key()
    assert one.certificate.serial_number != two.certificate.serial_number


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x.local", True), ("local", True), ("xlocal", False), ("cabinet.example", False),
        ("quenotte.cabinet.example", True), ("10.1.2.3", True), ("8.8.8.8", False),
        ("::1", True), ("2001:db8::1", False),
    ],
)  # fmt: skip
def test_names_that_an_authority_covers(authority: Pair, name: str, expected: bool):
    assert covers(authority.certificate, name) is expected


def test_fingerprint_is_the_one_that_programs_show(tmp_path: Path, authority: Pair):
    path = tmp_path / "autorite.crt"
    path.write_bytes(pairs.public_bytes(authority.certificate))
    shown = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-noout", "-fingerprint", "-sha256", "-in", path],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    ours = fingerprint(authority.certificate)
    assert shown.strip().partition("=")[2].replace(":", "") == ours.replace(" ", "")
    assert [len(group) for group in ours.split(" ")] == [4] * 16
