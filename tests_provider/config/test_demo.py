"""What a newcomer sees of the demonstration: a past, and a machine that fell silent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quenotte.config.fleet_demo import crowd, parc
from quenotte.provider.fleet.models import Finding, Posture
from quenotte.provider.incidents.models import Incident

pytestmark = pytest.mark.django_db


def test_demo_has_a_past_and_a_silent_server():
    now = timezone.now()
    parc.prepare(lambda _words, _share: None, size=parc.Size(practices=40, machines=4))
    silent = Posture.objects.exclude(silent_since=None).get()
    assert silent.machine.speaks_for_practice
    assert Finding.objects.filter(rule="silence", machine=silent.machine, is_open=True).exists()
    assert silent.machine.serial not in {one.serial for one in crowd.speakers()}
    storm = Incident.objects.get(cause="storm")
    assert (storm.closed_at is not None, storm.reason) == (True, "network")
    assert storm.values["practices"] > 1
    began = set(Finding.objects.filter(is_open=True).values_list("since", flat=True))
    assert len(began) > 8
    assert now - min(began) > timedelta(days=5)
    opened = list(Incident.objects.values_list("opened_at", flat=True))
    lately = [at for at in opened if now - at < timedelta(days=1)]
    assert len(lately) < len(opened) / 3
