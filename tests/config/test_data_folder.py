import os
from pathlib import Path

import pytest

from quenotte.config import data_folder


def test_folder_of_before_is_closed_to_others(tmp_path: Path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    data_folder.prepare(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {part.stat().st_mode & 0o777 for part in folder.iterdir()} == {0o700}


def test_folder_of_somebody_else_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o750)
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    data_folder.prepare(folder)
    assert folder.stat().st_mode & 0o777 == 0o750
