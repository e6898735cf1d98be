"""A new year begins with the keys of the year before, in that year, and with nothing else."""

from datetime import UTC, datetime

import pytest

from quenotte.devices.media.vault import years
from quenotte.devices.media.vault.clocks import Clock
from quenotte.devices.media.vault.server import Site
from quenotte.devices.media.vault.standing import Event
from quenotte.devices.media.vault.vault import Vault
from tests.devices.media.vault.test_server import KEY, Peer, fill, picture

OTHER = KEY + b"\n"


class Moved(Clock):
    """A clock that is moved, and that the vault believes."""

    def __init__(self, at):
        self.at = at
        super().__init__(wall=lambda: us(self.at), steady=lambda: us(self.at))


def us(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000_000)


@pytest.fixture
def clock():
    return Moved("2026-03-01T09:00")


@pytest.fixture
def vault(tmp_path, clock):
    made = Vault(tmp_path / "store", clock)
    made.prepare()
    return made


@pytest.fixture
def peer(vault):
    peer = Peer(Site(vault, is_open_here=True))
    fill(peer, "lilas")
    return peer


def begun(peer, name, *keys):
    """Begin a year with some keys; return what was answered to each, then to the config."""
    assert peer.ask("POST", f"/{name}/?create=true").status == 200
    told = [peer.put(name, "keys", key) for key in keys]
    return [*told, peer.ask("POST", f"/{name}/config", b"c2").status]


@pytest.mark.parametrize("at", ["2026-12-31T23:10", "2027-01-01T00:10", "2027-11-30T00:00"])
def test_new_year_takes_the_keys_there_are_and_no_other(peer, clock, at):
    clock.at = at
    assert begun(peer, "lilas/2027", KEY, OTHER) == [200, 403, 200]
    assert peer.ask("POST", "/lilas/2027/config", b"another").status == 403
    assert peer.put("lilas/2027", "snapshots", b"first") == 200
    # The year after follows this one.
    clock.at = "2028-01-02T00:00"
    assert begun(peer, "lilas/2028", KEY, OTHER) == [200, 403, 200]


@pytest.mark.parametrize("year", ["2025", "2026", "2027", "2099"])
def test_no_year_begins_before_its_time_nor_twice(peer, vault, clock, year):
    clock.at = "2026-12-30T00:00"
    peer.ask("POST", f"/lilas/{year}/?create=true")
    before = picture(vault)
    assert begun(peer, f"lilas/{year}", KEY, OTHER) == [403, 403, 403]
    assert picture(vault) == before


def test_year_that_has_one_already_gets_no_second(peer, clock):
    clock.at = "2027-02-01T00:00"
    assert begun(peer, "lilas/2027", KEY) == [200, 200]
    for kind in ("data", "index", "snapshots"):
        assert peer.put("lilas/2027", kind, b"x") == 200
    assert peer.put("lilas/2027", "keys", OTHER) == 403
    assert begun(peer, "lilas/2026", KEY) == [403, 403]


def test_two_persons_let_other_keys_begin_a_year(peer, vault, clock):
    clock.at = "2027-02-01T00:00"
    assert begun(peer, "lilas/2027", OTHER) == [403, 200]
    shelf = vault.shelf("lilas")
    for word in (Event.ASKED_REOPEN, Event.AGREED_REOPEN):
        shelf.say(word, vault.now(), "x")
    assert peer.put("lilas/2027", "keys", OTHER) == 200
    clock.at = "2027-02-03T00:00"
    assert peer.put("lilas/2027", "keys", KEY + b"\t") == 403
    # Or reopen the year itself.
    for word in (Event.ASKED_REOPEN, Event.AGREED_REOPEN):
        vault.shelf("lilas/2027").say(word, vault.now(), "x")
    assert peer.put("lilas/2027", "keys", KEY + b"\t") == 200


def test_first_repository_and_other_names_are_as_before(vault, clock):
    peer = Peer(Site(vault, is_open_here=True))
    fill(peer, "roses/2026")
    assert begun(peer, "roses/images", OTHER) == [200, 200]
    clock.at = "2027-01-01T00:00"
    assert begun(peer, "roses/2027", KEY, OTHER) == [200, 403, 200]


def test_year_follows_the_last_one_before_it():
    known = ["lilas", "lilas/2027", "lilas/2029", "roses/2026", "2026"]
    told = {
        "lilas": None,
        "lilas/images": None,
        "lilas/2026": "lilas",
        "lilas/2028": "lilas/2027",
        "lilas/2030": "lilas/2029",
        "roses/2026": None,
        "roses/2027": "roses/2026",
        "iris/2027": None,
    }
    assert {name: years.before(name, known) for name in told} == told
