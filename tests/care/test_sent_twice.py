"""A form that is sent again, by a retry or a second click, makes one thing."""

from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.urls import reverse

from quenotte.base.sent import keep_once
from quenotte.care.chart.models import Note
from quenotte.care.consents.models import Consent
from quenotte.care.prescriptions.models import Prescription
from quenotte.care.prosthetics.models import LabOrder
from tests.factories import LaboratoryFactory, PatientFactory

CASES = [
    (Note, "chart:write", {"text": "Détartrage."}, {"text": "Détartrage, 16."}),
    (
        Consent,
        "consents:prepare",
        {"act": "extraction", "teeth": "38"},
        {"act": "extraction", "teeth": "48"},
    ),
    (Prescription, "prescriptions:begin", {}, None),
]


@pytest.mark.parametrize(("model", "name", "said", "other"), CASES, ids=lambda one: str(one)[:30])
def test_same_words_under_one_key_are_one_thing(
    alice, patient, client_of, model, name, said, other
):
    client, path, key = client_of(alice), reverse(name, args=[patient.id]), {"key": str(uuid4())}
    first = client.post(path, said | key)
    assert client.post(path, said | key).url == first.url
    assert model.objects.filter(patient=patient).count() == 1
    if other:
        client.post(path, other | key)
        assert model.objects.filter(patient=patient).count() == 2
    client.post(path, said | {"key": str(uuid4())})
    assert model.objects.filter(patient=patient).count() == (3 if other else 2)


def test_order_is_sent_twice(alice, patient, client_of):
    laboratory = LaboratoryFactory.create(practice=alice.practice)
    path = reverse("prosthetics:new_order", args=[patient.id])
    said = {
        "kind": "crown", "teeth": "16", "laboratory": laboratory.id, "practitioner": alice.id,
        "key": str(uuid4()),
    }  # fmt: skip
    client = client_of(alice)
    first = client.post(path, said)
    assert client.post(path, said).url == first.url
    assert LabOrder.objects.get().number == 1
    client.post(path, said | {"teeth": "26"})
    assert LabOrder.objects.count() == 2


def test_what_is_over_is_not_opened_again(alice, patient, client_of):
    client, key = client_of(alice), {"key": str(uuid4())}
    for model, name, said, state in (
        (Consent, "consents:prepare", {"act": "extraction"}, "cancelled"),
        (Prescription, "prescriptions:begin", {}, "dropped"),
    ):
        path = reverse(name, args=[patient.id])
        client.post(path, said | key)
        model.objects.update(state=state)
        client.post(path, said | key)
        assert model.objects.count() == 2


def test_two_sendings_at_once_return_the_first(alice, patient):
    def note(who):
        return Note(
            id=made_id, patient=who, author=alice, signed_as="Dr", text="Vu.", signed_at=now
        )

    made_id, now = uuid4(), patient.created_at
    first, is_new = keep_once(note(patient), patient_id=patient.id)
    again, is_second = keep_once(note(patient), patient_id=patient.id)
    assert (is_new, is_second, again) == (True, False, first)
    other = PatientFactory.create(practice=alice.practice)
    with pytest.raises(IntegrityError):
        keep_once(note(other), patient_id=other.id)
