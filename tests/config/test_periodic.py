from typing import Any

import pytest

from quenotte.base.jobs import schedule
from quenotte.base.jobs.models import Run
from quenotte.base.jobs.worker import drain
from quenotte.config import data_folder, periodic

pytestmark = pytest.mark.django_db


def test_each_periodic_job_runs(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any):
    monkeypatch.setattr(schedule, "_registry", {})
    settings.DATA_DIR = data_folder.prepare(tmp_path / "data")
    periodic.register()
    for one in schedule.registered():
        assert one.look(), one.name
    drain()
    runs = Run.objects.all()
    assert {run.state for run in runs} == {"done"}, [run.error for run in runs]
    assert len(runs) >= 6
