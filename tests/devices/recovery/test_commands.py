"""The lines for a terminal: whole words for any shell, and the vault before an attack."""

import shlex

import pytest

from quenotte.devices.recovery import commands

VAULT = "rest:https://quenottes:s3cret@coffre.exemple.fr:8443/quenottes/2026/"


def test_no_line_takes_a_lock_and_an_address_is_one_word():
    for line in (commands.snapshots("D:/mes copies"), commands.restore("D:/mes copies")):
        words = shlex.split(line)
        assert words[:2] == ["restic", "--no-lock"]
        assert words[words.index("-r") + 1] == "D:/mes copies"
    trusted = shlex.split(commands.restore(VAULT, has_certificate=True))
    assert trusted[2:6] == ["--cacert", commands.CERTIFICATE, "-r", VAULT]


def test_vault_as_it_was_is_the_same_address_with_a_prefix():
    moment = "2026-01-31T18:00:00Z"
    assert commands.as_of(VAULT, moment) == (
        "rest:https://quenottes:s3cret@coffre.exemple.fr:8443"
        "/as-of/2026-01-31T18:00:00Z/quenottes/2026/"
    )


@pytest.mark.parametrize(
    ("address", "door"),
    [
        (VAULT, "coffre.exemple.fr:8443"),
        ("rest:https://coffre.exemple.fr/r/", "coffre.exemple.fr:443"),
        ("rest:https://[2001:db8::1]:8443/r/", "[2001:db8::1]:8443"),
    ],
)
def test_certificate_is_asked_of_the_vaults_door_without_the_login(address, door):
    fetch, _show = commands.certificate(address)
    assert f"-connect {door} " in fetch
    assert "s3cret" not in fetch


def test_fingerprint_is_written_as_openssl_does():
    assert commands.shown_fingerprint("ab" * 32) == ":".join(["AB"] * 32)
    assert commands.shown_fingerprint("AB:CD") == "AB:CD"
    assert commands.shown_fingerprint("") == ""
