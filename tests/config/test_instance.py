from pathlib import Path

import pytest

from quenotte.config.instance import AlreadyRunning, Lock, holder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    return tmp_path


def test_folder_has_one_holder(folder: Path):
    import os

    first = Lock(folder)
    first.take()
    assert holder(folder) == os.getpid()
    with pytest.raises(AlreadyRunning) as refused:
        Lock(folder).take()
    assert refused.value.pid == os.getpid()
    first.give_back()
    first.give_back()
    assert holder(folder) is None


def test_lock_of_a_dead_process_is_taken(folder: Path):
    (folder / "run" / "supervisor.lock").write_text("4194399")
    lock = Lock(folder)
    lock.take()
    lock.give_back()


def test_unreadable_holder_is_unknown(folder: Path):
    lock = Lock(folder)
    lock.take()
    (folder / "run" / "supervisor.lock").write_text("?")
    assert holder(folder) == 0
    lock.give_back()
