import html
import json
import re
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quenotte.care.documents.models import Document
from quenotte.care.documents.operations import setting
from quenotte.care.patients.models import MedicalAlert
from quenotte.care.questionnaires import operations, queries, rules
from quenotte.care.questionnaires.models import Questionnaire
from quenotte.devices.paper.typesetting import CannotTypeset
from tests import factories
from tests.care.people import actor
from tests.care.questionnaires.test_operations import DRAWING, sent
from tests.care.questionnaires.test_rules import answered

FRAGMENT = {"HX-Request": "true"}


def url(name, *args):
    return reverse(f"questionnaires:{name}", args=args)


def page(answer):
    return html.unescape(answer.content.decode())


def code_on(text):
    found = re.search(r'hand-over-code"[^>]*>([\d ]+)<', text)
    assert found
    return found[1]


def seen_on(browser, patient):
    """Return what the page that was opened says it knew."""
    found = re.search(
        r'name="vu" value="([^"]*)"', browser.get(url("fill", patient.id)).content.decode()
    )
    assert found
    return html.unescape(found[1])


def posted(patient, **more):
    facts = queries.person(patient.id, patient.practice_id).facts
    return {**answered(facts), "nom": "Jeanne Martin", "accord": "1", **more}


def test_staff_fill_it_in_one_page_and_the_record_shows_its_alerts(sarah, patient, client_of):
    browser = client_of(sarah)
    assert not Questionnaire.objects.exists()
    vu = seen_on(browser, patient)
    assert not Questionnaire.objects.exists()
    typed = {"asthme": "oui", "vu": vu}
    kept = browser.post(url("fill", patient.id) + "?garder", typed, headers=FRAGMENT)
    assert kept.status_code == 204
    assert 'value="oui" checked' in page(browser.get(url("fill", patient.id)))
    wrong = browser.post(url("fill", patient.id), typed)
    assert wrong.status_code == 422
    assert "Choisissez une réponse" in page(wrong)
    done = browser.post(url("fill", patient.id), posted(patient, asthme="oui", vu=vu))
    assert done["Location"] == reverse("patients:record", args=[patient.id])
    assert "Asthme" in page(browser.get(done["Location"]))
    assert Document.objects.filter(patient=patient, kind="questionnaire").count() == 1


def test_stale_page_is_refused_and_its_words_are_shown_beside(alice, sarah, patient, client_of):
    first, second = client_of(alice), client_of(sarah)
    stale = seen_on(second, patient)
    address = url("fill", patient.id)
    first.post(address + "?garder", {"asthme": "oui", "vu": seen_on(first, patient)})
    said = {"asthme": "non", "motif": "Douleur 26", "vu": stale}
    refused = second.post(address + "?garder", said, headers=FRAGMENT)
    assert "mises de c" in json.loads(refused["HX-Trigger"])["toast"]["text"]
    shown = page(second.get(address))
    assert "Vos réponses mises de côté" in shown
    assert "Douleur 26" in shown
    assert "mises de côté" not in page(first.get(address))
    taken = {"reprise": ["motif"], "vu": seen_on(second, patient)}
    assert second.post(address + "?reprendre", taken).status_code == 302
    found = Questionnaire.objects.get()
    assert rules.told(found.answers) == {"asthme": "oui", "motif": "Douleur 26"}
    # A page that says nothing readable of what it knew overtakes nobody.
    refused = second.post(address, {"asthme": "non", "vu": "[1"})
    assert (refused.status_code, "Une autre personne" in page(refused)) == (422, True)


def test_paper_that_cannot_be_set_is_said_calmly_and_loses_nothing(
    alice, patient, client_of, monkeypatch
):
    def broken(*_args, **_kwargs):
        raise CannotTypeset("essai")

    monkeypatch.setattr(setting, "typeset", broken)
    browser = client_of(alice)
    done = browser.post(
        url("fill", patient.id), posted(patient, vu=seen_on(browser, patient)), follow=True
    )
    assert "refait dans l’heure" in page(done)
    found = Questionnaire.objects.get()
    for name, keys in (("paper", [found.id]), ("blank", [])):
        answer = browser.get(url(name, patient.id, *keys), follow=True)
        assert (answer.status_code, "mis en page" in page(answer)) == (200, True)
    assert (found.state, found.document_id) == ("sent", None)


def test_reading_reviewing_and_paper(alice, patient, client_of):
    factories.QuestionnaireFactory.create(
        patient=patient, answers={"asthme": "non", "allergies": ["nsp"]}, state="sent"
    )
    browser = client_of(alice)
    shown = page(browser.get(url("history", patient.id)))
    assert "À relire" in shown
    assert "Le patient ne sait pas" in shown
    found = Questionnaire.objects.get()
    assert browser.get(url("paper", patient.id, found.id)).content.startswith(b"%PDF")
    assert browser.get(url("blank", patient.id)).content.startswith(b"%PDF")
    assert browser.get(url("review", patient.id, found.id)).status_code == 405
    assert browser.post(url("review", patient.id, found.id)).status_code == 302
    assert f"Revu par {alice.full_name}" in page(browser.get(url("one", patient.id, found.id)))
    # A second click, a page that was open elsewhere.
    assert browser.post(url("review", patient.id, found.id)).status_code == 302
    other = factories.PatientFactory.create(practice=alice.practice)
    for name in ("one", "paper"):
        assert browser.get(url(name, other.id, found.id)).status_code == 404
    assert browser.post(url("review", other.id, found.id)).status_code == 404


def test_no_allergy_against_one_of_the_record_is_pointed_out(alice, patient, client_of):
    latex = {"code": "latex", "kind": "allergy", "label": "Latex"}
    factories.MedicalAlertFactory.create(patient=patient, **latex)
    facts = queries.person(patient.id, patient.practice_id).facts
    sent(alice, patient, facts, allergies=["aucune"])
    shown = page(client_of(alice).get(url("history", patient.id)))
    assert "aucune allergie connue », mais le dossier en note" in shown


def test_weight_that_was_told_is_offered_where_doses_are_checked(alice, patient, client_of):
    patient.born_on = patient.born_on.replace(year=2019)
    patient.save()
    facts = queries.person(patient.id, patient.practice_id).facts
    told = operations.begin(actor=actor(alice), patient_id=patient.id, on_tablet=False)
    answers = answered(facts, poids="18,5 kg")
    Questionnaire.objects.filter(id=told.id).update(answers=answers)
    signing = operations.Signing("guardian", "Jeanne Martin", "typed")
    operations.send(actor=actor(alice), questionnaire_id=told.id, signing=signing)
    client = client_of(alice)
    draft = client.post(reverse("prescriptions:begin", args=[patient.id]), follow=True)
    assert "Dernier poids connu : 18,5 kg" in page(draft)


def test_secretary_hands_it_over_and_reads_nothing(sarah, bob, patient, client_of):
    found = factories.QuestionnaireFactory.create(patient=patient)
    browser = client_of(sarah)
    assert browser.get(url("history", patient.id)).status_code == 403
    assert browser.get(url("tablet", patient.id)).status_code == 200
    card = page(browser.get(url("card", patient.id), headers=FRAGMENT))
    assert "à relire" in card
    assert f'{url("history", patient.id)}"' not in card
    assert client_of(bob).post(url("review", patient.id, found.id)).status_code == 403


def test_patient_fills_it_on_a_tablet(sarah, alice, patient, client_of):
    desk, tablet = client_of(sarah), Client()
    empty = page(client_of(alice).get(url("history", patient.id)))
    assert "Aucun questionnaire médical" in empty
    desk.post(url("tablet", patient.id))
    shown = page(desk.get(url("tablet", patient.id)))
    code = code_on(shown)
    confirm = tablet.post("/tablette/", {"code": code})["Location"]
    start = tablet.post(confirm, {"reponse": "moi"})["Location"]
    assert "Le patient répond" in page(desk.get(url("tablet", patient.id), headers=FRAGMENT))
    answers, seen = posted(patient, asthme="oui", signature=DRAWING), ""
    while "merci" not in start:
        seen += page(tablet.get(start))
        kept = tablet.post(start + ("&" if "?" in start else "?") + "garder", answers)
        answer = kept if kept.status_code == 302 else tablet.post(start, answers)
        assert answer.status_code == 302, page(answer)
        start = answer["Location"]
    for secret in (patient.birth_name, patient.mobile_phone, str(patient.file_number)):
        assert not secret or f">{secret}" not in seen
    found = Questionnaire.objects.get()
    assert (found.state, found.signed, found.is_on_tablet) == ("sent", "drawn", True)
    assert MedicalAlert.objects.get(patient=patient).code == "asthma"
    assert tablet.get(confirm).status_code == 410
    assert "Questionnaire reçu" in page(desk.get(url("tablet", patient.id), headers=FRAGMENT))


def test_tablet_asks_again_for_what_is_missing(sarah, patient, client_of):
    client_of(sarah).post(url("tablet", patient.id))
    desk = client_of(sarah)
    code = code_on(page(desk.get(url("tablet", patient.id))))
    tablet = Client()
    start = tablet.post(tablet.post("/tablette/", {"code": code})["Location"], {"reponse": "moi"})[
        "Location"
    ]
    assert tablet.post(start, {}).status_code == 422
    refused = tablet.post(start + "?partie=99", {"nom": "Jeanne"})
    assert refused.status_code == 422
    assert "Il manque des réponses" in page(refused)
    assert tablet.get(start + "?partie=x").status_code == 200
    assert Client().get(start).status_code == 409
    # Given back half-way: what was typed never counts.
    tablet.post(start.replace("antecedents/", ""), {"reponse": "autre"})
    assert Questionnaire.objects.get().state == "abandoned"


def test_appointment_says_that_it_is_missing(sarah, patient, client_of):
    visit = factories.AppointmentFactory.create(practice=sarah.practice, patient=patient)
    address = reverse("agenda:detail", args=[visit.id])
    assert "jamais rempli" in page(client_of(sarah).get(address))
    factories.QuestionnaireFactory.create(patient=patient, state="reviewed",
        reviewed_at=patient.created_at, reviewed_by=sarah)  # fmt: skip
    assert "jamais rempli" not in page(client_of(sarah).get(address))


def test_reception_sees_who_must_fill_one_today(sarah, alice, patient, client_of):
    later = timezone.now() + timedelta(hours=1)
    factories.AppointmentFactory.create(
        practice=sarah.practice, patient=patient, practitioner=alice, starts_at=later
    )
    address = reverse("desk:panel", args=["a-remplir"])
    shown = page(client_of(sarah).get(address, headers=FRAGMENT))
    assert url("tablet", patient.id) in shown
    assert page(client_of(alice).get(address, headers=FRAGMENT)) == ""
    factories.QuestionnaireFactory.create(patient=patient)
    assert "à jour" in page(client_of(sarah).get(address, headers=FRAGMENT))
