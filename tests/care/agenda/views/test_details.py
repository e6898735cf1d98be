from django.urls import reverse

from tests.care.agenda.views.conftest import change, text_of, told
from tests.factories import MedicalAlertFactory, PersonFactory


def detail(client, visit, name="detail", **headers):
    address = reverse(f"agenda:{name}", args=[visit.id])
    return client.get(address, headers={"HX-Request": "true", **headers})


def test_panel_shows_the_patient_and_what_may_be_done(desk, book, patient):
    visit = book(title="Contrôle annuel", note="Préfère le matin")
    MedicalAlertFactory.create(patient=patient, label="Latex", kind="allergy")
    shown = text_of(detail(desk, visit))
    for words in (
        patient.full_name,
        "Allergie : Latex",
        "Contrôle annuel",
        "Préfère le matin",
        "mercredi 18 mars 2026",
        "Réservé",
        "Confirmé",
        "Épingler",
        "Annuler le rendez-vous",
        reverse("patients:record", args=[patient.id]),
    ):
        assert words in shown


def test_opening_is_one_line_and_a_redraw_none(desk, book, sarah):
    visit = book()
    before = len(told("appointment"))
    detail(desk, visit)
    detail(desk, visit, "facts")
    detail(desk, visit, "facts")
    lines = told("appointment")[before:]
    assert lines.count(("read", str(visit.id), "ok")) <= 1
    assert told("patient").count(("read", str(visit.patient_id), "ok")) == 1


def test_history_tells_each_change(desk, book):
    visit = book()
    change(desk, "set_status", visit, version=1, status="confirmed")
    change(desk, "resize", visit, version=2, minutes=45)
    shown = text_of(detail(desk, visit))
    assert "durée changée à 45 min" in shown
    assert "réservé" in shown


def test_cancelled_appointment_says_why_and_comes_back(desk, book):
    visit = book()
    change(desk, "cancel", visit, version=1, reason="patient")
    shown = text_of(detail(desk, visit))
    assert "à la demande du patient" in shown
    assert "Rétablir" in shown
    assert "Épingler" not in shown


def test_manager_reads_and_changes_nothing(practice, book, client_of):
    manager = PersonFactory.create(practice=practice, role="gestionnaire")
    shown = text_of(detail(client_of(manager), book()))
    assert "data-agenda-change" not in shown


def test_panel_is_a_page_without_script(desk, book):
    visit = book()
    for name in ("detail", "facts"):
        answer = desk.get(reverse(f"agenda:{name}", args=[visit.id]))
        assert "<html" in text_of(answer)
        assert "Voir dans l’agenda" in text_of(answer)


def test_appointment_of_another_practice_is_not_found(chloe, client_of, book):
    assert detail(client_of(chloe), book()).status_code == 404


def test_accountant_sees_no_appointment(marc, client_of, book):
    assert detail(client_of(marc), book()).status_code == 403


def test_panel_is_only_read(desk, book):
    assert desk.post(reverse("agenda:detail", args=[book().id])).status_code == 405
