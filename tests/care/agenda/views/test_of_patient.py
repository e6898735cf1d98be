import html
import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from tests.factories import AppointmentFactory


def page(response):
    return html.unescape(response.content.decode())


def appointments(patient, author, count):
    now = timezone.now()
    for i in range(count):
        AppointmentFactory.create(
            patient=patient,
            practitioner=author,
            starts_at=now - timedelta(days=i + 1),
            title=f"Séance {i}",
            status="missed" if i == 1 else "done",
        )


def test_list_shows_every_appointment(sarah, alice, patient, client_of):
    appointments(patient, alice, 6)
    AppointmentFactory.create(
        patient=patient,
        practitioner=alice,
        starts_at=timezone.now() + timedelta(days=3),
        title="Contrôle annuel",
    )
    shown = page(client_of(sarah).get(reverse("agenda:of_patient", args=[patient.id])))
    for words in ("Contrôle annuel", "Séance 0", "Séance 5", "Non venu"):
        assert words in shown


def test_list_without_any_says_so(sarah, patient, client_of):
    shown = page(client_of(sarah).get(reverse("agenda:of_patient", args=[patient.id])))
    assert "Aucun rendez-vous à venir" in shown
    assert "Aucun rendez-vous passé" in shown


def test_lines_say_what_became_of_an_appointment_and_escape_its_title(
    sarah, alice, patient, client_of
):
    now = timezone.now()
    for days, title, status in ((-1, "<b>Soin</b>", "missed"), (2, "", "confirmed")):
        AppointmentFactory.create(
            patient=patient,
            practitioner=alice,
            starts_at=now + timedelta(days=days),
            title=title,
            status=status,
        )
    address = reverse("agenda:of_patient", args=[patient.id])
    written = client_of(sarah).get(address).content.decode()
    confirmed, missed = re.findall(r'<li class="visit.*?</li>', written)
    assert 'class="visit visit-off"' in missed
    assert "&lt;b&gt;Soin&lt;/b&gt;" in missed
    assert "<strong>Non venu</strong>" in missed
    assert '<li class="visit">' in confirmed
    assert '<span class="visit-title">Rendez-vous</span>' in confirmed
    assert "<strong>Confirmé</strong>" in confirmed


def test_record_shows_a_few_and_leads_to_all(sarah, alice, patient, client_of):
    appointments(patient, alice, 6)
    address = reverse("patients:record", args=[patient.id])
    answer = client_of(sarah).get(address)
    assert reverse("agenda:of_patient", args=[patient.id]) in page(answer)
    assert "Rendez-vous : Séance 0" in page(answer)


def test_list_of_a_stranger_is_not_found(chloe, patient, client_of):
    address = reverse("agenda:of_patient", args=[patient.id])
    assert client_of(chloe).get(address).status_code == 404


def test_list_is_not_for_the_accountant(marc, patient, client_of):
    address = reverse("agenda:of_patient", args=[patient.id])
    assert client_of(marc).get(address).status_code == 403


def test_first_page_folds_what_is_over(sarah, alice, client_of):
    now = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    states = ("done", "missed", "arrived", "booked")
    for place, state in enumerate(states):
        AppointmentFactory.create(
            patient__practice=alice.practice,
            practitioner=alice,
            starts_at=now + timedelta(hours=place),
            title=f"Séance {state}",
            status=state,
        )
    folded, shown = page(client_of(sarah).get(reverse("home"))).split("</details>")
    assert "1 terminé" in folded
    assert "1 manqué ou annulé" in folded
    for state in states:
        is_over = state in {"done", "missed"}
        assert (f"Séance {state}" in folded) is is_over
        assert (f"Séance {state}" in shown) is not is_over


def test_first_page_says_that_the_day_is_over(sarah, alice, client_of):
    AppointmentFactory.create(
        patient__practice=alice.practice, practitioner=alice, status="cancelled"
    )
    shown = page(client_of(sarah).get(reverse("home")))
    assert "1 manqué ou annulé" in shown
    assert "terminé," not in shown
    assert "La journée est terminée." in shown
