"""How passwords are kept on a real site: the suite itself uses a cheap way."""

from django.contrib.auth.hashers import get_hasher, identify_hasher
from pytest_django import Settings

from quenotte.config.settings import base


def test_passwords_are_kept_by_argon_alone(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS

    encoded = get_hasher().encode("un-mot-de-passe-long", "selselselsel")

    assert encoded.startswith("argon2$argon2id$")
    facts = identify_hasher(encoded).decode(encoded)
    # RFC 9106 asks for 64 MiB at least when memory is short.
    assert facts["memory_cost"] >= 64 * 1024
    assert facts["time_cost"] >= 2


def test_lockout_counts_names_and_addresses_together() -> None:
    assert base.AXES_FAILURE_LIMIT == 5
    assert base.AXES_LOCKOUT_PARAMETERS == [["username", "ip_address"]]
    assert base.AXES_HANDLER == "quenotte.base.people.lockouts.Handler"
    assert base.AUTHENTICATION_BACKENDS[0] == "axes.backends.AxesStandaloneBackend"
