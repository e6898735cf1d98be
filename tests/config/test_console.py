from pathlib import Path
from typing import Any

import pytest

from quenotte.config import console


def test_banner_says_where_everything_is(capsys: pytest.CaptureFixture[str]):
    where = {
        "url": "http://127.0.0.1:8000",
        "folder": Path("/data"),
        "doors": ["  DICOM 127.0.0.1:11112"],
    }
    console.banner(**where, installation_code="ABCD-EFGH")  # type: ignore[arg-type]
    said = capsys.readouterr().out
    for word in ("http://127.0.0.1:8000", "/data", "127.0.0.1:11112", "ABCD-EFGH"):
        assert word in said
    console.banner(**where, installation_code="")  # type: ignore[arg-type]
    assert "Code" not in capsys.readouterr().out


def test_progress_restart_and_stop(capsys: pytest.CaptureFixture[str]):
    console.progress("Préparation")
    console.progress("Envoi", 0.5)
    console.note_restart("dicom")
    console.note_restart("web")
    console.note_restart("worker")
    console.stopping()
    said = capsys.readouterr().out
    assert "Préparation…" in said
    assert "50%" in said
    assert "la réception des images" in said
    assert "Interruption du serveur de pages" in said
    assert "Interruption du travail de fond" in said
    assert "de le" not in said
    assert "Arrêt" in said


def test_closed_window_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch):
    def closed(*_a: Any, **_k: Any) -> None:
        raise OSError("broken pipe")

    monkeypatch.setattr("builtins.print", closed)
    monkeypatch.setattr("sys.stdout", object())
    console.say("bonjour")
    import sys

    assert sys.stdout is None
