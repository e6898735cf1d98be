import html
from datetime import date, timedelta
from io import BytesIO
from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from quenotte.base.people.models import Draft
from quenotte.base.people.operations import save_draft
from quenotte.care.documents.operations import setting
from quenotte.care.prosthetics.models import Laboratory, LabOrder, PlacedDevice
from quenotte.kernel.gs1 import Udi, check_digit
from tests.factories import (
    AppointmentFactory,
    LaboratoryFactory,
    LabOrderFactory,
    LotFactory,
    PersonFactory,
    PlacedDeviceFactory,
)

GTIN = f"0376011000123{check_digit('0376011000123')}"


def url(name, *args):
    return reverse(f"prosthetics:{name}", args=args)


def page(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def typed(alice):
    laboratory = LaboratoryFactory.create(practice=alice.practice)
    return {
        "kind": "crown", "teeth": "16", "laboratory": laboratory.id, "practitioner": alice.id,
        "material": "Zircone", "shade": "A2", "price": "182,50", "due_on": "20/03/2026",
    }  # fmt: skip


def test_work_is_asked_for_from_the_record(bob, alice, patient, typed, client_of, monkeypatch):
    client, visit = (
        client_of(bob),
        AppointmentFactory.create(
            patient=patient, practitioner=alice, starts_at=timezone.now() + timedelta(days=1)
        ),
    )
    assert "Zircone" in page(client.get(url("new_order", patient.id)))
    answer = client.post(url("new_order", patient.id), typed | {"visit": visit.id})
    order = LabOrder.objects.get()
    assert answer.url == url("order", patient.id, order.id)
    assert (order.price_cents, order.teeth) == (18250, "16")
    shown = page(client.get(answer.url))
    assert "pose demain, pas rentré" in shown
    key = f"lab-order-changes:{order.id}"
    save_draft(person_id=bob.id, key=key, text='{"teeth": "26"}')
    shown = page(client.get(answer.url))
    assert f'data-draft="{key}"' in shown
    assert '{"teeth": "26"}' in shown
    saved = client.post(answer.url, typed | {"visit": visit.id, "version": 1, "teeth": "26"})
    assert saved.status_code == 302
    assert not Draft.objects.filter(key=key).exists()
    stale = client.post(answer.url, typed | {"version": 1})
    assert "fait avancer" in page(stale)
    for status in ("sent", "received"):
        client.post(url("step", patient.id, order.id), {"status": status})
    client.post(url("step", patient.id, order.id), {"status": "fitted"})
    assert "déclaration de conformité du laboratoire manque" in page(client.get(answer.url))
    client.post(url("step", patient.id, order.id) + "?retour=received")
    order.refresh_from_db()
    assert order.status == "sent"
    assert client.get(url("sheet", patient.id, order.id)).content.startswith(b"%PDF")
    with monkeypatch.context() as broken:
        broken.setattr(setting, "typeset", Mock(side_effect=OSError("essai")))
        told = client.get(url("sheet", patient.id, order.id), follow=True)
        assert (told.status_code, "mis en page" in page(told)) == (200, True)
    again = url("remake", patient.id, order.id)
    assert client.get(again).status_code == 405
    assert "n’en est plus là" in page(client.get(client.post(again).url))
    for status in ("received", "redo"):
        client.post(url("step", patient.id, order.id), {"status": status})
    shown = page(client.get(client.post(again).url))
    assert f"Remplace le travail n° {order.number}" in shown
    assert f"refait le n° {order.number}" in page(client.get(url("works")))
    assert "Commandé de nouveau" in page(client.get(answer.url))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"teeth": ""}, "Pour quelle dent"),
        ({"teeth": "16 99"}, "« 99 »"),
        ({"teeth": "en haut"}, "« en haut »"),
        ({"price": "cher"}, "pas un montant"),
        ({"price": "-1"}, "ne peut pas être"),
        ({"due_on": "32/01/2026"}, "calendrier"),
    ],
)
def test_order_that_is_wrong_comes_back(bob, patient, typed, client_of, changes, words):
    answer = client_of(bob).post(url("new_order", patient.id), typed | changes)
    assert answer.status_code == 422
    assert words in page(answer)
    assert not LabOrder.objects.exists()


def test_declaration_is_kept_with_the_documents(bob, patient, client_of):
    order = LabOrderFactory.create(patient=patient, status="received")
    client, path = client_of(bob), url("conformity", patient.id, order.id)
    client.post(path, {"file": SimpleUploadedFile("x.exe", b"MZ")})
    assert LabOrder.objects.get().conformity_id is None
    client.post(path)
    drawn = BytesIO()
    Image.new("L", (8, 8)).save(drawn, "PNG")
    client.post(path, {"file": SimpleUploadedFile("d.png", drawn.getvalue())})
    assert LabOrder.objects.get().conformity_id is not None
    assert "Voir la déclaration" in page(client.get(url("order", patient.id, order.id)))


def test_late_work_is_told_everywhere(bob, sarah, alice, patient, client_of):
    visit = AppointmentFactory.create(
        patient=patient, practitioner=alice, starts_at=timezone.now() + timedelta(hours=2)
    )
    LabOrderFactory.create(patient=patient, practitioner=alice, status="sent", appointment=visit)
    LabOrderFactory.create(
        patient=patient,
        practitioner=alice,
        status="sent",
        due_on=timezone.localdate() - timedelta(1),
    )
    client = client_of(sarah)
    for path in (
        "/",
        reverse("patients:record", args=[patient.id]),
        reverse("agenda:detail", args=[visit.id]),
        url("works"),
    ):
        assert "pose aujourd’hui, pas rentré" in page(client.get(path)), path
    assert "retour prévu dépassé" in page(client.get(url("works"), {"etat": "sent"}))
    assert "Aucun travail" in page(client.get(url("works"), {"etat": "fitted"}))


def test_implant_is_written_and_taken_out(bob, alice, patient, client_of):
    client = client_of(bob)
    typed = {
        "kind": "implant", "name": "Conique", "tooth": "16", "torque_ncm": "35",
        "placed_on": "17/03/2026", "practitioner": alice.id,
    }  # fmt: skip
    for changes, words in (
        ({"tooth": ""}, "Pour quelle dent"),
        ({"tooth": "19"}, "« 19 »"),
        ({"torque_ncm": "900"}, "100"),
        ({"expires_on": "01/03/2026"}, "périmé"),
        ({"placed_on": "18/03/2026"}, "futur"),
    ):
        answer = client.post(url("new_placed", patient.id), typed | changes)
        assert (answer.status_code, words in page(answer)) == (422, True), changes
    assert client.post(url("new_placed", patient.id), typed).status_code == 302
    device = PlacedDevice.objects.get()
    answer = client.post(url("passport", patient.id))
    assert "/documents/" in answer.url
    path = url("placed", patient.id, device.id)
    assert client.post(path, {"how": "removed"}).status_code == 422
    assert client.post(path, {"how": "removed", "reason": "Mobile"}).status_code == 302
    assert "Mobile" in page(client.get(path))
    assert client.post(url("passport", patient.id)).url.endswith("/tracabilite/")
    other = PlacedDeviceFactory.create(patient=patient, practitioner=alice)
    path = url("placed", patient.id, other.id)
    assert client.post(path, {"how": "void", "reason": "Doublon"}).status_code == 302


def test_recalled_implant_is_told_before_it_is_placed(bob, alice, patient, client_of):
    udi = Udi(GTIN, "L42", "", date(2030, 1, 31))
    LotFactory.create(
        article__practice=bob.practice, article__gtin=GTIN, article__category="implant",
        number="l42", recalled_at=timezone.now(), recall_reason="Avis du fabricant",
    )  # fmt: skip
    client, path = client_of(bob), url("new_placed", patient.id)
    shown = page(client.get(path, {"code": udi.shown}))
    assert "Avis du fabricant" in shown
    assert "Ne le posez pas" in shown
    assert 'name="despite"' not in page(client.get(path))
    assert "est périmé depuis le 01/03/2026" in page(
        client.get(path, {"code": Udi(GTIN, "L43", "", date(2026, 3, 1)).shown})
    )
    typed = {
        "kind": "implant", "name": "Conique", "tooth": "16", "lot_number": "L42",
        "placed_on": "17/03/2026", "practitioner": alice.id,
    }  # fmt: skip
    refused = client.post(path, typed)
    assert (refused.status_code, 'name="despite"' in page(refused)) == (422, True)
    sent = typed | {"despite": "Posé à 9 h", "key": str(uuid4())}
    for _ in range(2):
        assert client.post(path, sent).status_code == 302
    device = PlacedDevice.objects.get()
    part = page(client.get(reverse("stock:traceability", args=[patient.id])))
    assert "Inscrit bien que son lot soit rappelé : Posé à 9 h" in part
    shown = page(client.get(url("placed", patient.id, device.id)))
    assert "Inscrit bien que son lot soit rappelé : Posé à 9 h" in shown
    assert "sur la liste de rappel" in part


def test_laboratories_are_set_up(alice, client_of):
    client = client_of(alice)
    typed = {"nouveau-name": "Estuaire", "nouveau-phone": "0199003344", "nouveau-is_active": "on"}
    wrong = client.post(url("settings") + "?labo", typed | {"nouveau-phone": "12"})
    assert wrong.status_code == 422
    assert client.post(url("settings") + "?labo", typed).status_code == 302
    assert "porte déjà ce nom" in page(client.post(url("settings") + "?labo", typed))
    assert client.post(url("settings"), {"days_before": 3}).status_code == 302
    laboratory = Laboratory.objects.get()
    path = url("laboratory", laboratory.id)
    assert client.post(path, {"name": ""}).status_code == 422
    assert client.post(path, {"name": "Estuaire Sud"}).status_code == 302
    LaboratoryFactory.create(practice=alice.practice, name="Autre")
    assert "porte déjà ce nom" in page(client.post(path, {"name": "Autre"}))


def test_secretary_reads_dates_and_writes_nothing(sarah, patient, client_of):
    order = LabOrderFactory.create(patient=patient)
    client = client_of(sarah)
    shown = page(client.get(url("order", patient.id, order.id)))
    assert "Retour demandé" in shown
    assert "Enregistrer" not in shown
    for name in ("order", "step", "conformity"):
        assert client.post(url(name, patient.id, order.id)).status_code == 403


def test_record_without_a_laboratory_says_what_to_do(bob, patient, client_of):
    assert "Ajoutez d’abord" in page(client_of(bob).get(url("new_order", patient.id)))


def test_what_is_of_another_record_is_not_found(bob, patient, client_of):
    order, device = LabOrderFactory.create(), PlacedDeviceFactory.create()
    client = client_of(bob)
    assert client.get(url("order", patient.id, order.id)).status_code == 404
    assert client.get(url("placed", patient.id, device.id)).status_code == 404
    stranger = PersonFactory.create(role="gestionnaire")
    assert client_of(stranger).get(url("laboratory", order.laboratory_id)).status_code == 404


def test_new_order_begins_with_the_practitioner_who_asks(bob, patient, practice, client_of):
    LaboratoryFactory.create(practice=practice)
    PersonFactory.create(practice=practice, role="praticien", last_name="Aaron")
    hugo = PersonFactory.create(practice=practice, role="praticien", last_name="Zola")
    shown = page(client_of(hugo).get(url("new_order", patient.id)))
    assert f'value="{hugo.id}" selected' in shown
    assert f'value="{bob.id}" selected' not in page(
        client_of(bob).get(url("new_order", patient.id))
    )
