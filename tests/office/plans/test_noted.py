"""What is noted « à faire » on the chart is offered to a plan, not typed a second time."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from quenotte.care.chart import operations as chart
from quenotte.care.chart.rules import Finding, Kind, Status
from quenotte.care.patients.queries import newest_weight
from quenotte.care.prescriptions import operations as prescribing
from quenotte.office.plans import queries
from tests.care.people import actor
from tests.factories import PrescriptionFactory


# What a browser sends has its key: sent twice, it is charted once.
@pytest.mark.parametrize("source", ["", "entry:7a68f912-119a-4d48-9eef-76e7b89d7811"])
def test_what_the_chart_says_is_to_do_is_offered_until_the_plan_holds_it(
    shelf, alice, patient, plan, client_of, source
):
    crown = Finding(Kind.CROWN, (46,), status=Status.PLANNED, material="ceramic")
    there = Finding(Kind.CROWN, (36,), status=Status.EXISTING, material="metal")
    chart.chart(
        actor=actor(alice),
        patient_id=patient.id,
        findings=[crown, there],
        on=timezone.localdate(),
        source=source,
    )
    client, address = client_of(alice), f"/patients/{patient.id}/plans/{plan.id}/"
    shown = client.get(address).content.decode()
    assert "Noté « à faire » sur le schéma" in shown
    assert 'value="HBLD158;46;"' in shown
    assert "HBLD038" not in shown
    client.post(f"{address}actes/ajouter/", {"actes": "HBLD158;46;"})
    held = queries.plan_shown(patient.id, plan.id)
    assert held is not None
    assert [(one.code, one.teeth_key, one.is_marked) for one in held.lines] == [
        ("HBLD158", "46", True)
    ]
    assert "Noté « à faire » sur le schéma" not in client.get(address).content.decode()


def test_weight_of_a_prescription_is_the_newest_one_known(alice, patient):
    assert newest_weight(patient.id) is None
    now = timezone.now()
    PrescriptionFactory.create(
        patient=patient, weight_kg=Decimal(30), changed_at=now - timedelta(days=400)
    )
    PrescriptionFactory.create(patient=patient, weight_kg=Decimal(38), changed_at=now)
    assert newest_weight(patient.id) == (38, now)


@pytest.mark.parametrize("state", ["dropped", "cancelled"])
def test_weight_of_a_prescription_that_was_given_up_is_no_weight(alice, patient, state):
    now = timezone.now()
    right = PrescriptionFactory.create(
        patient=patient, weight_kg=Decimal(18), changed_at=now - timedelta(days=40)
    )
    wrong = PrescriptionFactory.create(patient=patient, created_by=alice, weight_kg=Decimal(81))
    given: Any = {"actor": actor(alice), "prescription_id": wrong.id}
    if state == "dropped":
        prescribing.drop(**given, expected_version=1)
    else:
        seen = frozenset({"unsaid:101", "unsaid:110", "unsaid:111"})
        prescribing.issue(**given, expected_version=1, seen=seen)
        prescribing.cancel(**given, reason="Poids faux")
    assert newest_weight(patient.id) == (18, right.changed_at)
