import os
import signal
import stat
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from quenotte.config import data_folder
from quenotte.config.lan import keeping, places
from quenotte.config.lan.keeping import Wanted, Why
from quenotte.devices.certificates import pairs
from quenotte.devices.certificates.pairs import Facts

pytestmark = pytest.mark.one_engine

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)
HOME = Wanted(("cabinet.local", "srv.local", "localhost"), ("127.0.0.1", "192.168.1.10"))
MOVED = Wanted(HOME.hosts, ("127.0.0.1", "192.168.1.77"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder."""
    return data_folder.prepare(tmp_path / "data")


def days(number: int) -> datetime:
    return NOW + timedelta(days=number)


def held(**changes: Any) -> Facts:
    values: dict[str, Any] = {
        "title": "cabinet.local", "fingerprint": "F", "begins_at": NOW, "ends_at": days(397),
        "hosts": HOME.hosts, "addresses": HOME.addresses,
    }  # fmt: skip
    return Facts(**(values | changes))


@pytest.mark.parametrize(
    ("facts", "is_ours", "now", "expected"),
    [
        (held(), True, NOW, None),
        (None, False, NOW, Why.NONE_YET),
        (held(), False, NOW, Why.STRANGE),
        (held(), True, days(-1), Why.NOT_BEGUN),
        (held(), True, days(367), None),
        (held(), True, days(368), Why.ENDS_SOON),
        (held(), True, days(500), Why.ENDS_SOON),
        (held(ends_at=days(4_000)), True, days(3_990), None),
        (held(addresses=("127.0.0.1",)), True, NOW, Why.NAME_MISSING),
        (held(addresses=(*HOME.addresses, "10.0.0.1")), True, NOW, None),
    ],
)
def test_why_a_certificate_is_renewed(
    facts: Facts | None, is_ours: bool, now: datetime, expected: Why | None
):
    assert (
        keeping.why(
            facts, is_ours=is_ours, needed=HOME.names, authority_ends_at=days(4_000), now=now
        )
        is expected
    )


def test_first_start_makes_both_for_their_owner_alone(folder: Path):
    kept = keeping.ensure(folder, HOME, NOW)
    assert kept.why is Why.NONE_YET
    assert kept.server.names == HOME.names
    for path in (keeping.authority_path(folder), keeping.server_path(folder)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keeping.look(folder) == (kept.authority, kept.server)


def test_next_start_changes_nothing(folder: Path):
    first = keeping.ensure(folder, HOME, NOW)
    again = keeping.ensure(folder, HOME, days(100))
    assert (again.why, again.server, again.authority) == (None, first.server, first.authority)


@pytest.mark.parametrize(
    ("needed", "now", "why"),
    [
        (HOME, days(370), Why.ENDS_SOON),
        (HOME, days(1_000), Why.ENDS_SOON),
        (MOVED, days(3), Why.NAME_MISSING),
        (Wanted(("accueil.local",), HOME.addresses), days(3), Why.NAME_MISSING),
    ],
)
def test_renewal_leaves_the_authority_alone(folder: Path, needed: Wanted, now: datetime, why: Why):
    first = keeping.ensure(folder, HOME, NOW)
    renewed = keeping.ensure(folder, needed, now)
    assert (renewed.why, renewed.authority) == (why, first.authority)
    assert renewed.server.fingerprint != first.server.fingerprint
    assert renewed.server.names == needed.names
    assert renewed.server.ends_at == now + timedelta(days=396)
    assert keeping.ensure(folder, needed, now).why is None


def test_renewal_that_somebody_asks_for(folder: Path):
    first = keeping.ensure(folder, HOME, NOW)
    renewed = keeping.ensure(folder, HOME, NOW, asked=True)
    assert (renewed.why, renewed.authority) == (Why.ASKED, first.authority)
    assert renewed.server.fingerprint != first.server.fingerprint


def test_damaged_certificate_is_made_again(folder: Path):
    first = keeping.ensure(folder, HOME, NOW)
    keeping.server_path(folder).write_bytes(b"half a file")
    again = keeping.ensure(folder, HOME, NOW)
    assert (again.why, again.authority) == (Why.NONE_YET, first.authority)


def test_certificate_of_another_authority_is_not_served(folder: Path, tmp_path: Path):
    elsewhere = data_folder.prepare(tmp_path / "elsewhere")
    keeping.ensure(elsewhere, HOME, NOW)
    keeping.ensure(folder, HOME, NOW)
    keeping.server_path(folder).write_bytes(keeping.server_path(elsewhere).read_bytes())
    assert keeping.ensure(folder, HOME, NOW).why is Why.STRANGE


def test_damaged_authority_is_never_replaced_unasked(folder: Path):
    keeping.ensure(folder, HOME, NOW)
    keeping.authority_path(folder).write_bytes(b"half a file")
    with pytest.raises(keeping.AuthorityLost, match="illisible"):
        keeping.ensure(folder, HOME, NOW)
    assert keeping.authority_path(folder).read_bytes() == b"half a file"
    assert keeping.replace_authority(folder, HOME, NOW).why is Why.ASKED
    assert keeping.ensure(folder, HOME, NOW).why is None


def test_clock_that_jumps_ahead_and_back(folder: Path):
    first = keeping.ensure(folder, HOME, NOW)
    ahead = keeping.ensure(folder, HOME, days(800))
    assert ahead.why is Why.ENDS_SOON
    back = keeping.ensure(folder, HOME, days(1))
    assert back.why is Why.NOT_BEGUN
    assert back.server.begins_at <= days(1) < back.server.ends_at
    assert first.authority == ahead.authority == back.authority


@pytest.mark.parametrize("now", [datetime(1970, 1, 1, tzinfo=UTC), days(-300), days(4_000)])
def test_clock_outside_the_authority_touches_nothing(folder: Path, now: datetime):
    keeping.ensure(folder, HOME, NOW)
    before = keeping.look(folder)
    with pytest.raises(keeping.AuthorityOver, match="horloge") as refused:
        keeping.ensure(folder, HOME, now)
    assert f"{now.astimezone():%d/%m/%Y}" in str(refused.value)
    assert keeping.look(folder) == before


def test_machine_that_woke_up_in_1970_makes_no_authority(folder: Path):
    past = datetime(1970, 1, 2, tzinfo=UTC)
    for make in (keeping.ensure, keeping.replace_authority):
        with pytest.raises(keeping.WrongClock, match="1970"):
            make(folder, HOME, past)
    assert keeping.look(folder) == (None, None)


def test_name_outside_the_authority_is_refused_with_what_to_do(folder: Path):
    keeping.ensure(folder, HOME, NOW)
    before = keeping.look(folder)
    other = Wanted(("quenotte.cabinet.example",), HOME.addresses)
    with pytest.raises(keeping.NameNotCovered, match=r"--authority quenotte\.cabinet\.example"):
        keeping.ensure(folder, other, NOW)
    assert keeping.look(folder) == before
    kept = keeping.replace_authority(folder, other, NOW)
    assert kept.server.hosts == other.hosts


def test_what_is_public_holds_no_key(folder: Path):
    kept = keeping.ensure(folder, HOME, NOW)
    for path, facts in (
        (places.public_path(folder), kept.authority),
        (places.public_server_path(folder), kept.server),
    ):
        assert b"PRIVATE" not in path.read_bytes()
        certificate = pairs.read_certificate(path)
        assert certificate is not None
        assert pairs.facts(certificate) == facts
        path.unlink()
    keeping.ensure(folder, HOME, NOW)
    assert places.public_path(folder).exists()


@pytest.mark.parametrize(
    ("name", "main"),
    [("", "srv.local"), ("Cabinet", "cabinet.local"), ("quenotte.home", "quenotte.home")],
)
def test_what_is_wanted_follows_the_machine(monkeypatch: pytest.MonkeyPatch, name: str, main: str):
    monkeypatch.setattr("quenotte.config.lan.addresses.machine_name", lambda: "srv")
    monkeypatch.setattr(
        "quenotte.config.lan.addresses.addresses", lambda: ("127.0.0.1", "192.168.1.10", "8.8.8.8")
    )
    needed = keeping.wanted(name)
    assert needed.main == main
    assert needed.addresses == ("127.0.0.1", "::1", "192.168.1.10")


def test_name_that_no_machine_can_have_is_refused():
    with pytest.raises(keeping.UnusableName, match="cabinet dentaire"):
        keeping.wanted("cabinet dentaire")


_MAKING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from quenotte.config.lan import keeping

needed = keeping.Wanted(("cabinet.local",), ("127.0.0.1",))
now = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)
print("ready", flush=True)
while True:
    keeping.replace_authority(Path(sys.argv[1]), needed, now)
"""


@pytest.mark.real_clock
def test_machine_killed_between_authority_and_certificate_starts_again(folder: Path):
    for turn in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", _MAKING, folder], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.03 + turn * 0.011)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        kept = keeping.ensure(folder, Wanted(("cabinet.local",), ("127.0.0.1",)), NOW)
        authority = pairs.read(keeping.authority_path(folder))
        server = pairs.read(keeping.server_path(folder))
        assert authority is not None
        assert server is not None
        assert pairs.is_signed_by(server.certificate, authority.certificate)
        assert pairs.facts(server.certificate) == kept.server
    # Whatever a killed process leaves beside is swept away: no key lies about.
    assert sorted(one.name for one in (folder / "keys").iterdir()) == [
        "authority.pem", "server.pem",
    ]  # fmt: skip


def test_two_that_start_together_share_one_authority(folder: Path):
    found: list[keeping.Kept] = []
    barrier = threading.Barrier(4)

    def start() -> None:
        barrier.wait()
        found.append(keeping.ensure(folder, HOME, NOW))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({kept.server.fingerprint for kept in found}) == 1
    assert sorted(str(kept.why) for kept in found) == ["None", "None", "None", "none"]


def test_lock_is_ours_alone(folder: Path):
    keeping.ensure(folder, HOME, NOW)
    path = folder / "run" / "certificates.lock"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.getuid() == path.stat().st_uid
