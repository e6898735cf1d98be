from typing import Any

import pytest

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.base.jobs import schedule
from quenotte.base.jobs.models import Run
from quenotte.base.jobs.worker import drain
from quenotte.config import data_folder, periodic
from quenotte.config.clocks import practice

pytestmark = pytest.mark.django_db


def test_each_periodic_job_runs(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any):
    monkeypatch.setattr(schedule, "_registry", {})
    settings.DATA_DIR = data_folder.prepare(tmp_path / "data")
    practice.register()
    for one in schedule.registered():
        assert one.look(), one.name
    drain()
    runs = Run.objects.all()
    assert {run.state for run in runs} == {"done"}, [run.error for run in runs]
    assert len(runs) >= 6


def test_stop_anchors_the_journal(settings: Any, tmp_path: Any):
    settings.DATA_DIR = data_folder.prepare(tmp_path / "data")
    record(action=Action.READ, actor=SYSTEM)
    periodic.anchor_at_stop()
    assert (tmp_path / "data" / "anchors" / "journal.txt").read_text().startswith("1 ")


def test_stop_survives_a_folder_that_refuses(
    settings: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture
):
    settings.DATA_DIR = data_folder.prepare(tmp_path / "data")
    (tmp_path / "data" / "anchors" / "journal.txt").mkdir(parents=True)
    record(action=Action.READ, actor=SYSTEM)
    periodic.anchor_at_stop()
    assert "not anchored" in caplog.text
