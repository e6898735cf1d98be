"""New Year's night with real programs: vault and folder go on, stock restic opens both years."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from quenotte.devices.phoenix import opening
from quenotte.devices.repository import rest
from quenotte.devices.repository.errors import Refused
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sealing import MasterKey
from quenotte.upkeep.backups import operations
from quenotte.upkeep.backups.models import Destination
from tests.real.test_vault import Served
from tests.support.installations import wait_until
from tests.support.programs import program
from tests.upkeep import conftest as places_of_copies
from tests.upkeep.conftest import PASSPHRASE

folder, place = places_of_copies.folder, places_of_copies.place
real_place = places_of_copies.real_place

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine, pytest.mark.django_db]

NEW_YEAR = datetime(datetime.now(UTC).year, 12, 31, 23, 30, tzinfo=UTC)
YEAR = NEW_YEAR.year + 1
#: Serves a vault whose clock is ahead by so many nanoseconds.
_AHEAD = """
import sys, time
real, ahead = time.time_ns, int(sys.argv.pop(1))
time.time_ns = lambda: real() + ahead
from quenotte.config.cli import main
main()
"""


def serve(served: Served, at: datetime) -> None:
    ahead = int((at - datetime.now(UTC)).total_seconds() * 1e9)
    words = ["vault", "serve", "--store", str(served.store), "--port", str(served.port)]
    served.process = subprocess.Popen(
        [sys.executable, "-c", _AHEAD, str(ahead), *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(served.answers)


def snapshots(where: str) -> list[dict[str, Any]]:
    """Have stock restic check a repository with the paper's key, and list what it holds."""
    words = [program("restic"), "--no-cache", "--no-lock", "-r", where]
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "RESTIC_PASSWORD": PASSPHRASE}
    for command in (["check", "--read-data"], ["snapshots", "--json"]):
        done = subprocess.run(
            [*words, *command], env=env, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_a_vault_and_a_folder_go_on_in_the_new_year(
    place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rest, "_WAITS_S", (0.0,))
    served, vault = Served(tmp_path), ""
    before, after = NEW_YEAR - timedelta(hours=2), NEW_YEAR
    try:
        serve(served, before)
        vault = f"http://127.0.0.1:{served.port}/lilas"
        with time_machine.travel(before, tick=True):
            operations.init(vault, PASSPHRASE)
            Destination.objects.update(created_at=before)
            for one in (vault, place):
                assert operations.run(one).state == "done"
        assert served.kill("terminate") == 0

        serve(served, after)
        with time_machine.travel(after, tick=True):
            for one in (vault, place):
                assert operations.run(one).state == "done"
                assert operations.run(one).state == "done"
        assert set(Destination.objects.values_list("epoch", flat=True)) == {YEAR}
        for one in (f"rest:{vault}", place):
            assert len(snapshots(f"{one}/")) == 1
            assert len(snapshots(f"{one}/{YEAR}")) == 2
        monkeypatch.setattr(opening, "_today", before.date)
        for one in (vault, place):
            assert opening.opened(one, PASSPHRASE)[1].place == f"{one}/{YEAR}"
        # The password that the server has begins no other year, and no other key opens this one.
        with pytest.raises(Refused):
            open_year(vault, YEAR + 1)
        with pytest.raises(Refused):
            opening.opened(vault, PASSPHRASE)[0].add_key("a thief's")
    finally:
        if served.process and served.process.poll() is None:
            served.kill()


def open_year(vault: str, year: int) -> None:
    """Try to begin a year under a key of one's own."""
    store = rest.RestStore(f"{vault}/{year}")
    Repository.create(store, "a thief's", host="x", user="x", key=MasterKey.draw())
