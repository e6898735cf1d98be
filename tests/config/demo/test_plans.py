"""Plans and visits of the demo, whoever sits in a chair at this hour."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quenotte.config.demo import plans
from quenotte.office.visits.models import Visit
from tests.factories import AppointmentFactory, PatientFactory

pytestmark = pytest.mark.django_db


def test_visit_that_ended_is_of_somebody_who_sits_in_no_chair(alice, practice):
    now = timezone.now()
    born_on = now.date() - timedelta(days=365 * 40)
    adults = PatientFactory.create_batch(7, practice=practice, born_on=born_on)
    for patient in adults[3:5]:
        AppointmentFactory.create(
            patient=patient, practitioner=alice, status="in_chair", starts_at=now
        )
    plans.fill(practice, adults, now)
    ended = Visit.objects.get(closed_at__isnull=False)
    assert ended.patient_id == adults[6].id
    assert Visit.objects.filter(closed_at=None).count() == 2
