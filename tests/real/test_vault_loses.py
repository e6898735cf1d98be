"""What the vault's disk lost, the practice learns from the list and stores again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from quenotte.devices.repository import rest
from quenotte.upkeep.backups import operations, places
from quenotte.upkeep.backups.models import State
from tests.real.test_vault import Served, name_of
from tests.upkeep import conftest as places_of_copies
from tests.upkeep.conftest import PASSPHRASE

folder, real_place = places_of_copies.folder, places_of_copies.real_place

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine, pytest.mark.django_db]


@pytest.fixture
def served(real_place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(rest, "_WAITS_S", (0.0,))
    made = Served(tmp_path)
    made.start()
    yield made
    made.kill("terminate")


@pytest.fixture
def vault(served: Served) -> str:
    address = f"http://127.0.0.1:{served.port}/lilas"
    operations.init(address, PASSPHRASE)
    return address


def files_of(served: Served, kind: str) -> list[Path]:
    found = (served.store / "repositories" / "lilas" / kind).rglob("*")
    return sorted(path for path in found if path.is_file())


def logged(served: Served) -> str:
    return (served.store / "logs" / "vault.log").read_text()


@pytest.mark.parametrize("damage", ["missing", "short"])
def test_packs_that_the_vault_lost_are_stored_again_by_the_next_copy(
    served: Served, vault: str, damage: str
):
    assert operations.run(vault).state == State.DONE
    packs = files_of(served, "data")
    assert len(packs) >= 2
    lost = {path.name for path in packs}
    for path in packs:
        path.unlink() if damage == "missing" else path.write_bytes(path.read_bytes()[:40])
    copy = operations.run(vault)
    assert copy.state == State.DONE
    assert f"{len(packs)} paquets manquaient" in copy.outcome
    assert operations.prove(vault).state == State.DONE
    assert f"{len(packs)} objects of data are missing or cut short" in logged(served)
    # What was stored again is there from now on: nothing of it is sent twice.
    there = {path.name for path in files_of(served, "data")}
    again = operations.run(vault)
    assert "manquai" not in again.outcome
    entries = list(places.opened(vault).refresh().entries())
    held = {(one.kind, one.id) for pack, one in entries if pack in there.difference(lost)}
    sent = [(one.kind, one.id) for pack, one in entries if pack not in there | lost]
    assert sent
    assert held.isdisjoint(sent)


def test_index_that_the_vault_lost_is_written_again(served: Served, vault: str):
    assert operations.run(vault).state == State.DONE
    for path in files_of(served, "index"):
        path.unlink()
    packs = files_of(served, "data")
    copy = operations.run(vault)
    assert copy.state == State.DONE
    # What the packs hold is found by their headers: it is not sent again.
    assert len(files_of(served, "data")) <= len(packs) + 2
    assert operations.prove(vault).state == State.DONE


def test_step_of_the_journal_that_the_vault_lost_is_no_longer_listed(served: Served, vault: str):
    store = places.opened(vault).store
    name = f"000000000001-{name_of(b'delta')}"
    store.put("journal", name, b"delta")
    (lost,) = files_of(served, "journal")
    lost.unlink()
    assert list(store.names("journal")) == []
    store.put("journal", name, b"delta")
    assert list(store.names("journal")) == [(name, 5)]
    assert lost.read_bytes() == b"delta"
