"""A place that is added after the paper was printed: stock restic and the paper open it at once."""

import os
import subprocess
from pathlib import Path

import pytest

from quenotte.devices.repository import rest
from quenotte.upkeep.backups import operations, places
from quenotte.upkeep.backups.models import State
from tests.real.test_vault import Served
from tests.support.programs import program
from tests.upkeep import conftest as places_of_copies
from tests.upkeep.conftest import PASSPHRASE

folder, place = places_of_copies.folder, places_of_copies.place
real_place = places_of_copies.real_place

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine, pytest.mark.django_db]

PAPER = "defg hjkn prst uvxb cdef ghjk nprs tuvx"


def opened_by_restic(where: str, passphrase: str) -> bool:
    """Tell whether stock restic finds one copy there, all of it whole, with a passphrase."""
    words = [program("restic"), "--no-cache", "--no-lock", "-r", where]
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "RESTIC_PASSWORD": passphrase}
    found = [
        subprocess.run([*words, *what], env=env, capture_output=True, timeout=60, check=False)
        for what in (["check", "--read-data"], ["ls", "latest"])
    ]
    return all(one.returncode == 0 for one in found) and b"/db.sqlite3" in found[1].stdout


def test_paper_opens_the_folder_and_the_vault_that_came_after_it(
    place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rest, "_WAITS_S", (0.0,))
    operations.add_key(operations.known(place), PAPER)
    served = Served(tmp_path)
    served.start()
    try:
        vault = f"http://127.0.0.1:{served.port}/lilas"
        for later in (str(tmp_path / "later"), vault):
            made = operations.init(later, "its own words")
            assert made.is_new
            assert operations.run(later).state == State.DONE
            address = f"rest:{vault}/" if later == vault else later
            assert opened_by_restic(address, PAPER)
            assert opened_by_restic(address, PASSPHRASE)
            assert opened_by_restic(address, "its own words")
            assert not opened_by_restic(address, "a stranger's")
            operations.check_key(made.destination, PAPER)
            # One key file for each passphrase, the server's own among them.
            keys = list(places.opened(later).store.names("keys"))
            assert len(keys) == len({name for name, _size in keys}) <= 5
    finally:
        served.kill("terminate")
