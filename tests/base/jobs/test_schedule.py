from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from quenotte.base.jobs import schedule
from quenotte.base.jobs.models import Run
from quenotte.base.jobs.schedule import Periodic, every, registered
from tests.base.jobs import work


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """No periodic job but those of the test."""
    monkeypatch.setattr(schedule, "_registry", {})


@pytest.mark.django_db
def test_period_is_asked_for_once(frozen_clock: Any):
    hourly = Periodic("purge", work.periodic, seconds=3600)
    assert hourly.look()
    frozen_clock.shift(600)
    assert not hourly.look()
    frozen_clock.shift(timedelta(hours=1))
    assert hourly.look()
    assert Run.objects.count() == 2


@pytest.mark.django_db
def test_date_of_a_crontab_is_asked_for_once():
    noon = Periodic("noon", work.periodic, cron="0 12 * * *")
    assert noon.look()
    assert not noon.look()


def test_every_registers_in_order():
    every("b", work.periodic, seconds=60)
    every("a", work.periodic, cron="0 7 * * 1")
    every("a", work.periodic, cron="0 7 * * 1")
    assert [one.name for one in registered()] == ["a", "b"]


@pytest.mark.parametrize("timing", [{}, {"seconds": 1, "cron": "0 7 * * 1"}])
def test_every_needs_one_timing(timing: dict[str, Any]):
    with pytest.raises(ValueError, match="either"):
        every("x", work.periodic, **timing)


def test_every_refuses_two_jobs_of_one_name():
    every("x", work.periodic, seconds=1)
    with pytest.raises(ValueError, match="named x"):
        every("x", work.note, seconds=1)


@pytest.mark.real_clock
def test_clock_holds_what_is_registered():
    every("a", work.periodic, cron="0 7 * * 1")
    every("b", work.periodic, seconds=86_400)
    clock = schedule.start()
    found = {job.id: str(job.trigger) for job in clock.get_jobs()}
    clock.shutdown(wait=False)
    assert found["b"] == "interval[0:10:00]"
    assert found["a"].startswith("cron[")


@pytest.mark.django_db(transaction=True)
def test_look_survives_a_database_that_is_away(caplog: pytest.LogCaptureFixture):
    class Away:
        name = "purge"

        def look(self) -> bool:
            raise OperationalError("gone")

    schedule._look(Away())  # type: ignore[arg-type]
    assert "purge could not be asked for" in caplog.text
