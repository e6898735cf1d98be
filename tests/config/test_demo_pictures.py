"""Whoever started the demo reads one calm line, never a traceback."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from quenotte.config import data_folder, ports
from quenotte.config.demo import pictures
from quenotte.config.processes import demo_pictures
from quenotte.kernel.errors import Refusal

HERE = ("127.0.0.1", 1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder; the process's logs and hooks are put back afterwards."""
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, threading.excepthook
    monkeypatch.setenv("QUENOTTE_DATA", str(tmp_path))
    monkeypatch.setattr(ports, "answers", lambda *_where: True)
    data_folder.prepare(tmp_path)
    yield tmp_path
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:], threading.excepthook = handlers, hook
    root.setLevel(level)
    logging.captureWarnings(False)


def test_pictures_sent_are_told_in_tenths(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def send(*, progress, **_where: object) -> None:
        for share in (0.1, 0.12, 1.0):
            progress("Envoi", share)

    monkeypatch.setattr(pictures, "send", send)

    assert demo_pictures.main(*HERE) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize("failure", [Refusal("Occupé."), RuntimeError("boom")])
def test_failure_is_one_calm_line_and_a_log(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    failure: Exception,
) -> None:
    def send(**_named: object) -> None:
        raise failure

    monkeypatch.setattr(pictures, "send", send)

    assert demo_pictures.main(*HERE) == 1
    said = capsys.readouterr()
    assert said.err == ""
    assert len(said.out.splitlines()) == 1
    assert "prochain démarrage" in said.out
    log = (folder / "logs" / "demo.log").read_text("utf-8")
    assert "pictures left for the next start" in log
    assert "boom" not in log


def test_failure_of_a_thread_stays_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    def fail() -> None:
        raise RuntimeError("boom")

    def send(**_named: object) -> None:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()

    monkeypatch.setattr(pictures, "send", send)

    assert demo_pictures.main(*HERE) == 0
    assert capsys.readouterr().err == ""
    assert "a thread failed: RuntimeError" in (folder / "logs" / "demo.log").read_text("utf-8")
