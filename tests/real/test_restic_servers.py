"""Repositories on servers of others: rclone's, which neither deletes nor replaces."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from quenotte.devices.repository.errors import Refused, Unreachable
from quenotte.devices.repository.opening import open_store
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.rest import RestStore
from quenotte.devices.repository.restoring import check, restore
from quenotte.devices.repository.store import CONFIG
from quenotte.devices.repository.writing import Source, save
from tests.real.conftest import free_port
from tests.real.test_restic import AT, PASSPHRASE, content_of, make_files, restic
from tests.support.programs import program

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Return the address of rclone that serves a folder, append only."""
    port = free_port()
    words = ["serve", "restic", "--append-only", "--addr", f"127.0.0.1:{port}"]
    served = subprocess.Popen(
        [program("rclone"), *words, str(tmp_path / "served")],
        env={**os.environ, "RCLONE_CONFIG": str(tmp_path / "none.conf")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield answering(f"http://127.0.0.1:{port}/practice/", served)
    finally:
        served.terminate()
        served.wait(timeout=10)


def answering(address: str, served: subprocess.Popen[bytes]) -> str:
    """Return the address once somebody answers there."""
    store = RestStore(address)
    deadline = time.monotonic() + 20
    while served.poll() is None and time.monotonic() < deadline:
        try:
            store.size(CONFIG, "")
        except Unreachable:
            continue
        finally:
            store.close()
        return address
    raise AssertionError("rclone did not start")


def test_rclone_keeps_what_we_write_and_restic_reads_it(address: str, tmp_path: Path) -> None:
    files = make_files(tmp_path / "files")
    store = open_store(f"rest:{address}")
    repository = Repository.create(store, PASSPHRASE, host="srv", user="q")
    save(repository, [Source("files", files)], time=AT, host="srv")

    opened = Repository.open(store, PASSPHRASE)
    restore(opened, opened.snapshots()[0], tmp_path / "back")

    assert content_of(tmp_path / "back/files") == content_of(files)
    assert check(opened, read_data=True) == []
    said = restic(f"rest:{address}", "check", "--read-data", "--no-lock")
    assert "no errors were found" in said
    with pytest.raises(Refused):
        # Append only: a config that is there is not replaced.
        store.put(CONFIG, "", b"another")
    store.close()  # type: ignore[attr-defined]
