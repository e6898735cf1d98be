"""The companion with a certificate of its own, over TLS that asks for one, at the real door."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.client_certificates import Authority
from tests_provider.real.sites import ACCEPT, ORDER, Site, opened
from tests_provider.station.conftest import Desk
from tests_provider.station.fronts import Front

pytestmark = pytest.mark.real_clock


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site where each agent needs a certificate."""
    folder = tmp_path_factory.mktemp("site") / "prestataire"
    with opened(folder, QUENOTTE_AGENTS_CLIENT_CERTIFICATES="1") as made:
        yield made


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def front(site: Site, authority: Authority, tmp_path: Path) -> Iterator[Front]:
    """TLS that asks for a certificate."""
    made = Front(tmp_path, site.port, clients=authority.path)
    with made.open():
        yield made


def _shown(pair: tuple[Path, Path]) -> tuple[str, ...]:
    return ("--client-cert", str(pair[0]), "--client-key", str(pair[1]))


def _showing(desk: Desk, pair: tuple[Path | str, Path | str]) -> str:
    """Let a machine with the key of this one show another certificate; return its state before."""
    before = desk.state.read_text()
    paths = {"client_certificate": str(pair[0]), "client_key": str(pair[1])}
    desk.state.write_text(json.dumps({**json.loads(before), **paths}))
    return before


def test_key_opens_with_its_certificate_and_with_no_other(
    site: Site, front: Front, desk: Desk, authority: Authority
) -> None:
    token, pair = site.script(ORDER), authority.sign("accueil")
    code, said = desk.enrol(token)
    # Whoever hangs up may have taken it: the key that was sent waits, and nothing is enrolled.
    assert (code, desk.run("status")[0]) == (78, 78), said
    assert b"POST" not in front.heard
    code, said = desk.enrol(token, "", *_shown(pair))
    assert code == 0, said
    assert site.script(ACCEPT) == "quarantine station"
    code, said = desk.run("once")
    assert (code, "Inscrit et reconnu." in said) == (0, True), said

    # Without one it comes no further than TLS, and its key is not lost for that.
    kept, before = _showing(desk, ("", "")), len(front.heard)
    assert desk.run("once")[0] == 1
    # One that another authority signed under the same name.
    (other := front.authority.parent / "autre").mkdir()
    _showing(desk, Authority(other).sign("accueil"))
    assert desk.run("once")[0] == 1
    assert len(front.heard) == before
    # One of the same authority, with the key of this machine: it is nobody's.
    _showing(desk, authority.sign("voisin"))
    assert desk.run("once")[0] == 77
    desk.state.write_text(kept)
    assert desk.run("once")[0] == 0

    # Straight at the door, past the server in front, the key is worth nothing.
    plain = {"server": f"http://127.0.0.1:{site.port}", "is_plain": True}
    desk.state.write_text(json.dumps({**json.loads(kept), **plain}))
    code, said = desk.run("once")
    assert (code, "un certificat (--client-cert)" in said) == (1, True), said

    # A file that went away is said at the start.
    desk.state.write_text(kept)
    pair[1].unlink()
    code, said = desk.run("once")
    assert (code, "n’est pas utilisable" in said) == (78, True), said
