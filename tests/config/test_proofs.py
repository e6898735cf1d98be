import json
from pathlib import Path
from typing import Any

import pytest

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.base.files.models import Blob
from quenotte.base.files.operations import keep, local_path
from quenotte.config import data_folder, proofs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    settings.DATA_DIR = data_folder.prepare(tmp_path / "data")
    blobs = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": settings.DATA_DIR / "blobs"},
    }
    settings.STORAGES = {**settings.STORAGES, "blobs": blobs}
    return tmp_path / "data"


def test_whole_journal(capsys: pytest.CaptureFixture[str]):
    record(action=Action.READ, actor=SYSTEM)
    assert proofs.verify_journal() == 0
    assert "Journal entier : 1 lignes" in capsys.readouterr().out


def test_broken_journal_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    from quenotte.base.audit import operations as audit
    from quenotte.base.audit.chain import Fault, Finding

    report = audit.Report(lines=3, findings=(Finding(Fault.ALTERED, 2),), count=1)
    monkeypatch.setattr(audit, "verify", lambda: report)
    assert proofs.verify_journal() == 1
    said = capsys.readouterr().out
    assert "Ligne 2" in said
    assert "Journal abîmé" in said


def test_whole_files_and_orphans(capsys: pytest.CaptureFixture[str]):
    keep(b"un", media_type="text/plain")
    assert proofs.verify_files() == 0
    assert "Fichiers entiers : 1" in capsys.readouterr().out
    Blob.objects.all().delete()
    assert proofs.verify_files() == 0
    assert "reindex" in capsys.readouterr().out
    assert proofs.reindex_files() == 0
    assert "Fichiers retrouvés : 1" in capsys.readouterr().out


def test_missing_file_is_named(capsys: pytest.CaptureFixture[str]):
    blob = keep(b"un", media_type="text/plain")
    local_path(blob).unlink()
    assert proofs.verify_files() == 1
    assert f"Manquant : {blob.sha256}" in capsys.readouterr().out


def test_files_are_counted_by_their_length(capsys: pytest.CaptureFixture[str]):
    one, other = keep(b"un", media_type="text/plain"), keep(b"deux", media_type="text/plain")
    assert proofs.count_files(as_json=False) == 0
    assert "2 sur 2" in capsys.readouterr().out
    local_path(one).unlink()
    assert proofs.count_files(as_json=True) == 1
    assert json.loads(capsys.readouterr().out) == {"files": 2, "absent": 1}
    local_path(other).chmod(0o600)
    local_path(other).write_bytes(b"de")
    assert proofs.count_files(as_json=False) == 1
    assert "0 sur 2" in capsys.readouterr().out


def test_progress_is_told_by_thousands(capsys: pytest.CaptureFixture[str]):
    proofs._tell_hundreds(999, 4000)
    proofs._tell_hundreds(1000, 4000)
    assert capsys.readouterr().out.strip() == "Vérification des fichiers :  25%"
