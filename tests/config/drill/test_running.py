"""What a drill prints when it ends, well or badly: scripts read the last line."""

import json
import sqlite3
from typing import Any

import pytest

from quenotte.config.drill import running
from quenotte.config.drill.figures import Figures
from quenotte.config.drill.ground import DrillFailed

pytestmark = pytest.mark.one_engine


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let a drill end as one says."""

    def ending(end: Exception | None = None, **values: Any) -> None:
        def play(_size: object, _variant: str, _model: object, figures: Figures) -> Figures:
            for name, value in values.items():
                setattr(figures, name, value)
            if end is not None:
                raise end
            figures.judge()
            return figures

        monkeypatch.setattr(running, "play", play)

    return ending


def run(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], str]:
    code = running.run(is_small=True, variant="fast", as_json=True)
    told = capsys.readouterr()
    return code, json.loads(told.out.splitlines()[-1]), told.err


def test_good_drill_ends_with_its_figures(played: Any, capsys: pytest.CaptureFixture[str]):
    played(acknowledged=20, detected_s=1.5)
    code, told, complained = run(capsys)
    assert (code, told["acknowledged"], told["failed"], complained) == (0, 20, [], "")


def test_drill_that_was_not_passed_names_why(played: Any, capsys: pytest.CaptureFixture[str]):
    played(acknowledged=20, detected_s=1.5, lost_acknowledged=2, rpo_s=9.0, allowance_s=3.0)
    code, told, complained = run(capsys)
    assert (code, told["failed"]) == (1, ["lost_acknowledged", "rpo_s"])
    assert "lost_acknowledged, rpo_s" in complained


def test_step_that_broke_off_is_told_with_what_was_measured(
    played: Any, capsys: pytest.CaptureFixture[str]
):
    played(DrillFailed("waited too long:\nstations"), detected_s=1.5)
    code, told, complained = run(capsys)
    assert (code, told["failed"], told["detected_s"]) == (1, ["waited too long:\nstations"], 1.5)
    assert "L’exercice s’est arrêté" in complained
    # Errors of others may hold what they were given.
    played(sqlite3.OperationalError("https://cabinet:secret@coffre"))
    code, told, complained = run(capsys)
    assert (code, told["failed"]) == (1, ["OperationalError"])
    assert "secret" not in complained
