from pathlib import Path
from typing import Any

import pytest

from quenotte.config import dicom_words
from quenotte.devices.dicom import sender

WHERE: dict[str, Any] = {
    "host": "127.0.0.1", "port": 11112, "called_ae": "QUENOTTE", "calling_ae": "ESSAI",
}  # fmt: skip


def test_each_file_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    results = [
        sender.SendResult(Path("a.dcm"), 0),
        sender.SendResult(Path("b.dcm"), 0xA700),
        sender.SendResult(Path("c.dcm"), None),
    ]
    monkeypatch.setattr(sender, "send", lambda *_a, **_k: results)
    assert dicom_words.send([], **WHERE) == 1
    said = capsys.readouterr().out
    assert "a.dcm : envoyé" in said
    assert "b.dcm : refusé (réponse A700)" in said
    assert "c.dcm : refusé" in said
    monkeypatch.setattr(sender, "send", lambda *_a, **_k: results[:1])
    assert dicom_words.send([], **WHERE) == 0


def test_refusal_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def away(*_a: Any, **_k: Any) -> None:
        raise sender.Unreachable

    monkeypatch.setattr(sender, "send", away)
    monkeypatch.setattr(sender, "echo", away)
    assert dicom_words.send([], **WHERE) == 1
    assert dicom_words.echo(**WHERE) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_answer_to_an_echo_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sender, "echo", lambda **_k: None)
    assert dicom_words.echo(**WHERE) == 0
    assert "répond" in capsys.readouterr().out
