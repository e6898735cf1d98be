from datetime import timedelta
from typing import Any

import pytest

from quenotte.base.live.models import Event
from quenotte.base.live.operations import publish, purge
from quenotte.base.practice.models import Practice

pytestmark = pytest.mark.django_db


def test_publish_writes_a_row(practice: Practice):
    publish(
        practice_id=practice.pk, name="pictures", data={"patient": "x"}, audience="imaging.read"
    )
    event = Event.objects.get()
    assert (event.practice_id, event.person_id, event.audience) == (
        practice.pk,
        None,
        "imaging.read",
    )
    assert (str(event), event.data) == ("pictures", {"patient": "x"})


def test_purge_forgets_yesterday(practice: Practice, frozen_clock: Any):
    publish(practice_id=practice.pk, name="old", data={})
    frozen_clock.shift(timedelta(hours=25))
    publish(practice_id=practice.pk, name="young", data={})
    assert purge() == 1
    assert Event.objects.get().name == "young"
