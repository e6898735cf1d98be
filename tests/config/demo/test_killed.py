from datetime import datetime

import pytest

from quenotte.care.patients.models import Patient
from quenotte.config.demo import practice, visits

NOW = datetime(2026, 3, 17, 14, 50, tzinfo=visits.ZONE)
SMALL = practice.Size(patients=40, years=1, days_ahead=20)


def test_demo_killed_half_way_leaves_nothing(db: None) -> None:
    class Killed(BaseException):
        pass

    def die(what: str, share: float) -> None:
        if share > 0.5:
            raise Killed

    with pytest.raises(Killed):
        practice.prepare(die, size=SMALL, now=NOW)
    assert not practice.is_prepared()
    assert not Patient.objects.exists()
