"""The record and the lists: who reads them, what they show, the lines that they leave."""

from uuid import uuid4

import pytest
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.care.patients.models import Patient
from tests.care.patients.views.forms import FRAGMENT, TYPED, as_opened, page, patient_lines, url
from tests.factories import (
    AppointmentFactory,
    ChartEventFactory,
    MedicalAlertFactory,
    NoteFactory,
    PatientFactory,
    RelatedPersonFactory,
)

READS = ("record", "banner", "history", "print")


def test_record_shows_who_what_and_when(alice, patient, client_of):
    MedicalAlertFactory.create(patient=patient, label="Pénicillines")
    NoteFactory.create(patient=patient, author=alice, text="Détartrage complet.")
    AppointmentFactory.create(patient=patient, practitioner=alice, title="Composite")
    ChartEventFactory.create(patient=patient, tooth=36, author=alice)
    shown = page(client_of(alice).get(url("record", patient.id)))
    for words in (
        patient.full_name,
        "40 ans",
        "03/04/1985",
        "Allergie : Pénicillines",
        "Détartrage complet.",
        "Composite",
        "Dents absentes : 36",
        "Identité provisoire",
    ):
        assert words in shown


def test_record_is_exactly_one_line_with_its_fragments(alice, patient, client_of):
    client = client_of(alice)
    client.get(url("record", patient.id))
    for name in ("banner", "history", "identity", "alerts", "relatives"):
        assert client.get(url(name, patient.id), headers=FRAGMENT).status_code == 200
    client.get(reverse("chart:notes", args=[patient.id]), headers=FRAGMENT)
    client.get(reverse("agenda:of_patient", args=[patient.id]))
    assert patient_lines() == [("read", "ok")]


def test_record_asks_the_database_little(alice, patient, client_of, django_assert_max_num_queries):
    MedicalAlertFactory.create_batch(3, patient=patient)
    NoteFactory.create_batch(8, patient=patient, author=alice)
    AppointmentFactory.create_batch(8, patient=patient, practitioner=alice)
    client = client_of(alice)
    client.get(url("record", patient.id))
    # Session, person, patient, three for the line, alerts, identity, appointments, notes, draft,
    # teeth, and of the rooms above: pictures, the opening balance, messages, calls, tasks that
    # wait, what is to do for her, what is late at the laboratory; the timeline asks documents,
    # examinations, questionnaires, consents and visits. The last one asks whether the keyboard is
    # locked.
    with django_assert_max_num_queries(26):
        client.get(url("record", patient.id))


def test_record_for_the_secretary_is_administrative(sarah, alice, patient, client_of):
    MedicalAlertFactory.create(patient=patient, label="Latex")
    NoteFactory.create(patient=patient, author=alice, text="Carie 16.")
    shown = page(client_of(sarah).get(url("record", patient.id)))
    assert "Allergie : Latex" in shown
    assert "Carie 16." not in shown
    assert 'id="dents"' not in shown
    assert "Modifier la fiche" in shown


@pytest.mark.parametrize("name", READS)
def test_reading_by_a_stranger_is_not_found(chloe, patient, client_of, name):
    assert client_of(chloe).get(url(name, patient.id)).status_code == 404
    assert patient_lines() == [("read", "refused")]


@pytest.mark.parametrize("name", READS)
def test_reading_by_the_accountant_is_forbidden(marc, patient, client_of, name):
    assert client_of(marc).get(url(name, patient.id)).status_code == 403
    assert Line.objects.filter(person_id=marc.id, result="refused").exists()


@pytest.mark.parametrize("name", READS)
def test_reading_without_login_leads_to_the_login_page(patient, client, name):
    answer = client.get(url(name, patient.id))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


@pytest.mark.parametrize("name", [*READS, "search", "home"])
def test_reading_pages_refuse_to_be_posted(alice, patient, client_of, name):
    args = [] if name in {"search", "home"} else [patient.id]
    assert client_of(alice).post(url(name, *args)).status_code == 405


def test_record_of_nobody_is_not_found(alice, client_of):
    assert client_of(alice).get(url("record", uuid4())).status_code == 404


def test_html_in_a_name_is_shown_as_text(alice, practice, client_of):
    patient = PatientFactory.create(practice=practice, birth_name="<img src=x>", used_name="")
    content = client_of(alice).get(url("record", patient.id)).content.decode()
    assert "<IMG" not in content
    assert "&lt;IMG SRC=X&gt;" in content


def test_banner_without_htmx_is_the_record(alice, patient, client_of):
    answer = client_of(alice).get(url("banner", patient.id))
    assert answer.url == url("record", patient.id)


def test_history_shows_older_entries_by_pages(alice, patient, client_of, frozen_clock):
    for day in range(20):
        NoteFactory.create(
            patient=patient,
            author=alice,
            text=f"séance {day}",
            signed_at=f"2026-02-{day + 1:02}T10:00:00Z",
        )
    client = client_of(alice)
    answer = client.get(url("record", patient.id))
    more = answer.context["more"]
    older = page(client.get(more, headers=FRAGMENT))
    assert "séance 0" in older
    assert "séance 19" not in older
    assert client.get(more).status_code == 200


@pytest.mark.parametrize("before", ["demain", "2026-99-99T00:00", "2026-03-01T10:00"])
def test_history_of_a_strange_instant_starts_at_the_newest(alice, patient, client_of, before):
    answer = client_of(alice).get(url("history", patient.id), {"avant": before})
    assert answer.status_code == 200


def test_print_leaves_a_line_that_says_print(alice, patient, client_of):
    MedicalAlertFactory.create(patient=patient, label="Latex")
    RelatedPersonFactory.create(patient=patient, full_name="Anne Petit")
    shown = page(client_of(alice).get(url("print", patient.id)))
    assert "Allergie : Latex" in shown
    assert "Anne Petit" in shown
    assert patient_lines() == [("print", "ok")]


def test_home_shows_who_was_opened(alice, patient, client_of):
    client = client_of(alice)
    assert "Aucun dossier ouvert récemment" in page(client.get(url("home")))
    client.get(url("record", patient.id))
    assert patient.full_name in page(client.get(url("home")))


def test_search_fragment_leads_to_the_record_and_to_a_new_one(alice, practice, client_of):
    patient = PatientFactory.create(practice=practice, birth_name="DURAND")
    content = page(client_of(alice).get(url("search"), {"q": "dur"}, headers=FRAGMENT))
    assert url("record", patient.id) in content
    assert content.index("Créer ce patient") > content.index("DURAND")
    assert "<html" not in content


def test_search_page_without_script(alice, practice, client_of):
    PatientFactory.create(practice=practice, birth_name="DURAND", first_birth_first_name="Marie")
    client = client_of(alice)
    assert "DURAND" in page(client.get(url("search"), {"q": "dur"}))
    assert "Aucun patient trouvé" in page(client.get(url("search"), {"q": "xyzt"}))
    assert "Aucun patient trouvé" in page(client.get(url("search"), {"q": "x"}, headers=FRAGMENT))
    assert client.get(url("search")).status_code == 200


def test_search_line_holds_no_name(alice, practice, client_of):
    PatientFactory.create(practice=practice, birth_name="DURAND")
    client_of(alice).get(url("search"), {"q": "durand"}, headers=FRAGMENT)
    line = Line.objects.get(action="search")
    assert line.detail == {"purpose": "name", "count": 1}


@pytest.mark.parametrize(
    "name", ["identity", "check_identity", "death", "change_photo", "remove_photo", "relatives"]
)
def test_writing_by_a_stranger_is_not_found(chloe, patient, client_of, name):
    assert (
        client_of(chloe).post(url(name, patient.id), {"paper": "CN", "version": 1}).status_code
        == 404
    )
    assert not Line.objects.filter(action="change").exists()


def test_search_box_is_shown_to_those_who_may_search(alice, marc, client_of):
    assert "data-search" in page(client_of(alice).get(url("home")))
    assert "data-search" not in page(client_of(marc).get(reverse("home")))


def test_timeline_tells_what_happened_to_the_identity(sarah, client_of):
    client = client_of(sarah)
    client.post(url("create"), TYPED)
    mine = Patient.objects.get(birth_name="DURAND")
    client.post(url("identity", mine.id), as_opened(client, mine) | {"town": "Rezé"})
    client.post(url("check_identity", mine.id), {"paper": "PA", "version": 2})
    shown = page(client.get(url("record", mine.id)))
    for words in ("Dossier créé", "Fiche modifiée", "Identité contrôlée", sarah.full_name):
        assert words in shown


@pytest.mark.parametrize(
    "address", ["/patients/{}/historique/?avant=", "/patients/{}/notes/?avant=", "/images/?page="]
)
@pytest.mark.parametrize(
    "junk",
    [
        "99999999999999999999",
        "0001-01-01T00:00:00%2B14:00",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00Z",
        "%00",
        "-1",
        "\u00b2",
    ],
)
def test_page_asked_with_anything_answers(alice, patient, client_of, address, junk):
    assert client_of(alice).get(address.format(patient.id) + junk).status_code == 200
