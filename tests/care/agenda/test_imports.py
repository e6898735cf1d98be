from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from quenotte.base.live.models import Event
from quenotte.care.agenda import operations
from quenotte.care.agenda.models import Appointment
from tests.care.people import actor as actor_of
from tests.factories import AppointmentFactory, AppointmentTypeFactory

pytestmark = pytest.mark.django_db


def visit(patient, person, *, days, status="booked", title="Contrôle"):
    starts_at = timezone.now() + timedelta(days=days)
    return operations.Visit(
        patient_id=patient.id,
        practitioner_id=person.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        title=title,
        status=status,
    )


def test_visits_are_written_with_the_time_of_their_status(patient, alice):
    visits = [visit(patient, alice, days=-9, status="done"), visit(patient, alice, days=9)]
    ids = operations.import_visits(actor=actor_of(alice), visits=visits)
    done, coming = (Appointment.objects.get(id=one) for one in ids)
    assert (done.done_at, coming.status) == (done.ends_at, "booked")
    assert (done.created_by, done.imported_at) == (alice, timezone.now())
    assert Event.objects.filter(name="agenda").count() == 1


def test_visit_has_the_type_that_its_title_names(patient, alice, other_practice):
    of = {"practice": alice.practice}
    scaling = AppointmentTypeFactory.create(name="Détartrage", **of)
    AppointmentTypeFactory.create(name="Extraction", is_active=False, **of)
    AppointmentTypeFactory.create(name="Urgence", practice=other_practice)
    titles = ["DETARTRAGE", "  détartrage ", "Détartrage haut", "Extraction", "Urgence", ""]
    ids = operations.import_visits(
        actor=actor_of(alice),
        visits=[visit(patient, alice, days=-9, status="done", title=title) for title in titles],
    )
    kinds = dict(Appointment.objects.values_list("id", "kind_id"))
    assert [kinds[one] for one in ids] == [scaling.id, scaling.id, None, None, None, None]
    # What was written stays as it was written.
    assert Appointment.objects.filter(title="DETARTRAGE").count() == 1


def test_visit_to_come_where_somebody_is_writes_nothing(patient, alice):
    wanted = visit(patient, alice, days=9)
    AppointmentFactory.create(
        patient=patient, practitioner=alice, starts_at=wanted.starts_at, ends_at=wanted.ends_at
    )
    with pytest.raises(operations.SlotTaken), transaction.atomic():
        operations.import_visits(actor=actor_of(alice), visits=[wanted])
    assert Appointment.objects.count() == 1


def test_past_visits_and_cancelled_ones_may_lie_anywhere(patient, alice):
    AppointmentFactory.create(patient=patient, practitioner=alice)
    same = [visit(patient, alice, days=-1, status="done")] * 2
    off = [visit(patient, alice, days=0, status="cancelled")]
    assert len(operations.import_visits(actor=actor_of(alice), visits=[*same, *off])) == 3


def test_touched_visits_are_those_that_changed(patient, alice):
    visits = [visit(patient, alice, days=days) for days in (1, 2)]
    ids = operations.import_visits(actor=actor_of(alice), visits=visits)
    Appointment.objects.filter(id=ids[0]).update(version=2)
    assert operations.touched_visits(ids) == {ids[0]}
    operations.remove_visits(actor=actor_of(alice), ids=[ids[1]])
    assert Appointment.objects.get().id == ids[0]
