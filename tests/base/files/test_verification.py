from pathlib import Path
from typing import Any

import pytest

from quenotte.base.files import disk
from quenotte.base.files.models import Blob
from quenotte.base.files.operations import keep, local_path
from quenotte.base.files.verification import Finding, Trouble, verify

pytestmark = pytest.mark.django_db


def damage(blob: Blob, content: bytes):
    path = local_path(blob)
    path.chmod(0o600)
    path.write_bytes(content)


def test_verify_sound(folder: Path):
    keep(b"un", media_type="text/plain")
    keep(b"deux", media_type="text/plain")
    told = []
    report = verify(lambda done, total: told.append((done, total)))
    assert report.is_sound
    assert (report.blobs, report.size_bytes, report.findings) == (2, 6, ())
    assert told == [(1, 2), (2, 2)]


def test_verify_names_missing_altered_and_orphan(folder: Path):
    missing, altered, shortened, orphan = (
        keep(text, media_type="text/plain") for text in (b"un", b"deux", b"trois", b"quatre")
    )
    local_path(missing).unlink()
    damage(altered, b"DEUX")
    damage(shortened, b"tro")
    Blob.objects.filter(pk=orphan.pk).delete()
    report = verify()
    assert not report.is_sound
    assert set(report.findings) == {
        Finding(Trouble.MISSING, missing.sha256),
        Finding(Trouble.ALTERED, altered.sha256),
        Finding(Trouble.ALTERED, shortened.sha256),
        Finding(Trouble.ORPHAN, orphan.sha256),
    }


def test_verify_is_sound_with_an_orphan_and_a_stray_file(folder: Path):
    orphan = keep(b"seul", media_type="text/plain")
    Blob.objects.all().delete()
    (folder / "blobs" / "aa" / "bb").mkdir(parents=True)
    (folder / "blobs" / "aa" / "bb" / "notes.txt").write_text("x")
    report = verify()
    assert report.is_sound
    assert report.findings == (Finding(Trouble.ORPHAN, orphan.sha256),)


def test_verify_calls_unreadable_bytes_altered(folder: Path, monkeypatch: pytest.MonkeyPatch):
    blob = keep(b"secteur", media_type="text/plain")

    def unreadable(_stream: Any):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(disk, "digest_of", unreadable)
    assert verify().findings == (Finding(Trouble.ALTERED, blob.sha256),)
