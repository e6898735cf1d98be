import logging
import logging.handlers
from collections.abc import Iterator
from pathlib import Path

import pytest

from quenotte.config import data_folder, logs


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, given back as it was."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    request = logging.getLogger("django.request")
    request_level = request.level
    yield logger
    for handler in logger.handlers:
        if handler not in handlers:
            handler.close()
    logger.handlers[:], logger.level = handlers, level
    request.setLevel(request_level)
    logging.captureWarnings(False)


def test_log_is_a_private_rotated_file(root: logging.Logger, tmp_path: Path):
    folder = data_folder.prepare(tmp_path / "data")
    logs.start("web", folder=folder)
    name = "Martin"
    try:
        raise ValueError(f"Madame {name}")
    except ValueError:
        logging.getLogger("quenotte.x").exception("incident 1234")
    path = folder / "logs" / "web.log"
    text = path.read_text()
    assert "incident 1234" in text
    assert "test_logs.py" in text
    assert "ValueError" in text
    assert "Martin" not in text
    assert path.stat().st_mode & 0o777 == 0o600
    (handler,) = root.handlers
    assert isinstance(handler, logging.handlers.RotatingFileHandler)
    assert (handler.maxBytes, handler.backupCount) == (5_000_000, 4)


def test_log_is_shown_too_when_run_by_hand(
    root: logging.Logger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    logs.start("web", folder=data_folder.prepare(tmp_path / "data"))
    assert len(root.handlers) == 2


def test_clock_is_the_one_of_the_practice_everywhere(monkeypatch: pytest.MonkeyPatch):
    record = logging.makeLogRecord({"created": 1_767_225_600.25})
    assert logs.Frames().formatTime(record) == "2026-01-01T01:00:00.250+01:00"
    monkeypatch.setenv("QUENOTTE_TIME_ZONE", "Indian/Reunion")
    assert logs.Frames().formatTime(record) == "2026-01-01T04:00:00.250+04:00"


def test_error_without_a_class_is_still_written():
    assert logs.Frames().formatException((None, None, None)) == "?"
