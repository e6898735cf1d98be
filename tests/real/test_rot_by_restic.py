"""Stock restic refuses a repository for one rotten file; after our mend it finds nothing wrong."""

import os
import subprocess
from pathlib import Path

import pytest

from quenotte.devices.repository import rest
from quenotte.upkeep.backups import operations
from quenotte.upkeep.backups.models import State
from tests.real.test_vault import Served
from tests.support.programs import program
from tests.upkeep import conftest as places_of_copies
from tests.upkeep.backups.test_tending import file_in, rot
from tests.upkeep.conftest import PASSPHRASE

folder, place = places_of_copies.folder, places_of_copies.place
real_place = places_of_copies.real_place

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine, pytest.mark.django_db]


def restic_check(place: str) -> int:
    """Return the exit code of stock restic's whole check with the paper's key."""
    words = [program("restic"), "--no-cache", "--no-lock", "-r", place, "check", "--read-data"]
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "RESTIC_PASSWORD": PASSPHRASE}
    done = subprocess.run(words, env=env, capture_output=True, timeout=60, check=False)
    return done.returncode


@pytest.mark.parametrize("kind", ["keys", "index", "snapshots"])
def test_one_flipped_bit_is_mended_by_the_next_copy(
    place: str,
    kind: str,
) -> None:
    assert operations.run(place).state == State.DONE
    assert restic_check(place) == 0
    for path in sorted(path for path in (Path(place) / kind).iterdir()):
        rot(path)
    assert restic_check(place) != 0
    assert file_in(place, kind).name in operations.run(place).outcome
    assert restic_check(place) == 0


def test_vault_takes_the_right_bytes_again(
    real_place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rest, "_WAITS_S", (0.0,))
    served = Served(tmp_path)
    served.start()
    vault = f"http://127.0.0.1:{served.port}/lilas"
    try:
        operations.init(vault, PASSPHRASE)
        assert operations.run(vault).state == State.DONE
        for kind in ("keys", "index", "snapshots"):
            rot(min(one for one in served.store.rglob(f"lilas/**/{kind}/*") if one.is_file()))
        assert restic_check(f"rest:{vault}/") != 0
        # The proof looks at all of them, and what it mends is no reason to fail.
        proof = operations.prove(vault)
        assert (proof.state, proof.outcome.count("/")) == (State.DONE, 3)
        assert restic_check(f"rest:{vault}/") == 0
    finally:
        served.kill("terminate")
