"""Workers of the suite share no data folder."""

import os
from pathlib import Path

from django.conf import settings

from tests.support.folders import its_own


def test_each_worker_has_a_folder_of_its_own(tmp_path: Path):
    made = []
    for worker in ("gw0", "gw1"):
        environment = {"QUENOTTE_DATA": str(tmp_path), "PYTEST_XDIST_WORKER": worker}
        its_own(environment)
        made.append(Path(environment["QUENOTTE_DATA"]))
    assert made == [tmp_path / "gw0", tmp_path / "gw1"]
    assert all(folder.is_dir() for folder in made)


def test_first_process_keeps_the_folder_that_it_was_given(tmp_path: Path):
    environment = {"QUENOTTE_DATA": str(tmp_path)}
    its_own(environment)
    assert environment == {"QUENOTTE_DATA": str(tmp_path)}


def test_settings_read_it():
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    assert worker is None or Path(settings.DATA_DIR).name == worker
