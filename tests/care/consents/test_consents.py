"""Consents: told, decided, signed, sealed; and what becomes of one that somebody touches."""

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.files.operations import local_path
from quenotte.care.consents import operations, panels, queries
from quenotte.care.consents.models import Consent
from quenotte.care.consents.operations import (
    AlreadyAnswered,
    Answer,
    GuardianSigns,
    NotDecided,
    NotToBeSealed,
    NotToBeWithdrawn,
    SignerUnknown,
    TextChanged,
)
from quenotte.care.consents.rules import Check
from quenotte.care.documents.models import Document, DocumentEvent
from quenotte.care.documents.operations import setting
from quenotte.care.documents.queries import made_by
from quenotte.devices.paper import reading
from tests import factories
from tests.care.people import actor
from tests.care.questionnaires.test_operations import DRAWING
from tests.factories import sealed_consent
from tests.support.racing import race

AGREED = Answer("agreed", "patient", "Jeanne Martin", "drawn", DRAWING, questions="Et le tabac ?")
MOTHER = Answer("agreed", "guardian", "Sophie Leroy", "typed", quality="parent")


@pytest.fixture
def patient(practice):
    return factories.PatientFactory.create(
        practice=practice, birth_name="Martin", first_birth_first_name="Jeanne"
    )


@pytest.fixture
def consent(alice, patient):
    return operations.prepare(
        actor=actor(alice), patient_id=patient.id, act="implant", teeth="36", details=""
    )


def url(name, *args):
    return reverse(f"consents:{name}", args=args)


def words_of(sealed):
    content = queries.paper_of(sealed)
    assert content
    return reading.text_of(content)


def page(answer):
    return html.unescape(answer.content.decode())


def test_sealed_consent_is_intact_and_its_paper_says_all(alice, consent):
    operations.answer(actor=actor(alice), consent_id=consent.id, given=AGREED)
    sealed = operations.countersign(actor=actor(alice), consent_id=consent.id, drawing=DRAWING)
    words = words_of(sealed)
    for told in ("Pose d’un implant", "Jeanne Martin", "Et le tabac", alice.full_name, "36"):
        assert told in words
    assert sealed.digest[:8] in words
    assert sealed.journal_number
    line = Line.objects.get(number=sealed.journal_number)
    assert line.detail["digest"].replace(":", "") == sealed.digest
    assert queries.check(queries.by_id(consent.id)) is Check.INTACT


def test_one_byte_altered_is_told(alice, patient, client_of):
    sealed = sealed_consent(patient, alice)
    document = made_by(f"consent:{sealed.id}")
    assert document
    assert document.current
    path = local_path(document.current.blob)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(content))
    assert queries.check(sealed) is Check.ALTERED
    assert "Altéré" in page(client_of(alice).get(url("one", patient.id, sealed.id)))
    path.unlink()
    assert queries.check(sealed) is Check.ALTERED
    assert client_of(alice).get(url("paper", patient.id, sealed.id)).status_code == 404


@pytest.mark.parametrize("column", ["title", "decision", "signature", "digest", "journal_number"])
def test_database_refuses_to_change_what_was_signed(alice, patient, column):
    sealed = sealed_consent(patient, alice)
    value = 1 if column == "journal_number" else "refused"
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(id=sealed.id).update(**{column: value})
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM care_consent")
    # It follows the record when two are united.
    other = factories.PatientFactory.create(practice=alice.practice)
    assert Consent.objects.filter(id=sealed.id).update(patient=other) == 1
    sealed.refresh_from_db()
    assert queries.check(sealed) is Check.INTACT


@pytest.mark.parametrize(
    "given",
    [
        Answer("", "patient", "Jeanne", "typed"),
        Answer("peut-être", "patient", "Jeanne", "typed"),
        Answer("agreed", "patient", "", "typed"),
        Answer("agreed", "patient", "Jeanne", ""),
        Answer("refused", "voisin", "", "refused"),
        Answer("agreed", "patient", "Jeanne", "refused"),
        Answer("agreed", "patient", "Jeanne", "drawn", "<svg><script/></svg>"),
    ],
)
def test_nothing_is_decided_unsigned(alice, consent, given):
    with pytest.raises(NotDecided):
        operations.answer(actor=actor(alice), consent_id=consent.id, given=given)
    consent.refresh_from_db()
    assert consent.state == "prepared"


def test_minor_does_not_decide_alone(alice, practice):
    child = factories.PatientFactory.create(practice=practice, born_on=date(2018, 5, 4))
    consent = operations.prepare(
        actor=actor(alice), patient_id=child.id, act="implant", teeth="", details=""
    )
    with pytest.raises(GuardianSigns):
        operations.answer(actor=actor(alice), consent_id=consent.id, given=AGREED)
    # Nobody signs under the name of the child.
    given = replace(MOTHER, name=child.full_name, quality="self")
    with pytest.raises(GuardianSigns):
        operations.answer(actor=actor(alice), consent_id=consent.id, given=given)
    done = operations.answer(actor=actor(alice), consent_id=consent.id, given=MOTHER)
    assert (done.signer, done.signer_quality) == ("guardian", "mère ou père")


@pytest.mark.parametrize(
    ("signer", "name", "is_taken"),
    [
        ("patient", "MARTIN jeanne", True),
        ("patient", "Mme Jeanne Martin-Le Goff", True),
        ("patient", "Jeanne Legoff", True),
        ("patient", "Jeanne", False),
        ("patient", "Paul Martin", False),
        ("patient", "Anne Leroy", False),
        ("guardian", "Leroy Anne", True),
        ("guardian", "Luc Blin", False),
        ("guardian", "Jeanne Martin", False),
    ],
)
def test_name_that_was_not_expected_is_asked_about(alice, patient, consent, signer, name, is_taken):
    patient.used_name = "Le Goff"
    patient.save()
    for relation, who in (("guardian", "Anne Leroy"), ("emergency", "Luc Blin")):
        factories.RelatedPersonFactory.create(patient=patient, relation=relation, full_name=who)
    given = Answer("agreed", signer, name, "typed")
    if is_taken:
        done = operations.answer(actor=actor(alice), consent_id=consent.id, given=given)
        assert (done.signer, done.signer_quality) == (signer, "")
        return
    for more in ({}, {"quality": "roi"}, {"quality": "other", "quality_words": " "}):
        with pytest.raises(SignerUnknown):
            operations.answer(
                actor=actor(alice), consent_id=consent.id, given=replace(given, **more)
            )


@pytest.mark.parametrize(
    ("more", "words", "signer"),
    [
        ({"quality": "self"}, "patient, nom confirmé à la signature", "patient"),
        ({"quality": "appointed"}, "tuteur ou personne désignée", "guardian"),
        ({"quality": "other", "quality_words": "sa  grand-mère"}, "sa grand-mère", "guardian"),
    ],
)
def test_quality_of_who_signs_is_sealed(alice, consent, more, words, signer):
    given = Answer("agreed", "patient", "Odile Renard", "typed", **more)
    operations.answer(actor=actor(alice), consent_id=consent.id, given=given)
    sealed = operations.countersign(actor=actor(alice), consent_id=consent.id, drawing="")
    assert f"Odile Renard ({words}" in " ".join(words_of(sealed).split())
    assert (sealed.signer, queries.check(sealed)) == (signer, Check.INTACT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(id=sealed.id).update(signer_quality="autre")
    sealed.signer_quality = "autre"
    assert queries.check(sealed) is Check.ALTERED


def test_tablet_asks_once_as_whom_somebody_signs(alice, patient, consent, client_of):
    desk, tablet = client_of(alice), Client()
    desk.post(url("hand_over", patient.id, consent.id))
    read = taken(desk, tablet, url("one", patient.id, consent.id))
    assert "En quelle qualité" not in page(tablet.get(read))
    typed = {"decision": "agreed", "nom": "Odile Renard", "signature": DRAWING}
    asked = tablet.post(read, typed)
    assert asked.status_code == 422
    shown = page(asked)
    assert "Vous signez pour Jeanne. En quelle qualité ?" in shown
    # What was drawn is kept, in sight, and goes along.
    assert "signature-drawn" in shown
    assert 'name="signature" value="<svg' in shown
    consent.refresh_from_db()
    assert consent.state == "prepared"
    done = tablet.post(read, {**typed, "qualite": "other", "qualite_autre": "sa fille"})
    assert "merci" in done["Location"]
    consent.refresh_from_db()
    assert (consent.signer_name, consent.signer_quality) == ("Odile Renard", "sa fille")
    assert "sa fille" in page(desk.get(url("one", patient.id, consent.id)))


def test_screen_of_the_practice_asks_it_too(alice, patient, consent, client_of):
    desk = client_of(alice)
    typed = {"decision": "agreed", "nom": "Odile Renard", "accord": "1"}
    answer = url("answer", patient.id, consent.id)
    assert "Vous signez pour Jeanne" in page(desk.post(answer, typed))
    assert desk.post(answer, {**typed, "qualite": "self"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_texts_at_once_are_one(alice):
    def save():
        parts = {"act": "Nos mots."}
        return operations.save_text(
            actor=actor(alice), act="implant", title="Implant", parts=parts, seen=0
        ).version

    won = race(save, save)
    assert sorted(type(one).__name__ for one in won) == ["TextChanged", "int"]


def test_order_of_the_signatures(alice, consent):
    with pytest.raises(NotToBeSealed):
        operations.countersign(actor=actor(alice), consent_id=consent.id, drawing="")
    refused = Answer("refused", "patient", "", "refused", reason="Peur de l’opération")
    operations.answer(actor=actor(alice), consent_id=consent.id, given=refused)
    with pytest.raises(AlreadyAnswered):
        operations.answer(actor=actor(alice), consent_id=consent.id, given=AGREED)
    with pytest.raises(AlreadyAnswered):
        operations.cancel(actor=actor(alice), consent_id=consent.id)
    with pytest.raises(NotDecided):
        operations.countersign(actor=actor(alice), consent_id=consent.id, drawing="<x/>")
    sealed = operations.countersign(actor=actor(alice), consent_id=consent.id, drawing="")
    words = words_of(sealed)
    assert "je refuse ce soin" in words
    assert "refusé de signer" in words
    with pytest.raises(NotToBeWithdrawn):
        operations.withdraw(actor=actor(alice), consent_id=consent.id, reason="")


def test_patient_may_change_her_mind_before_the_practitioner_signs(
    alice, patient, consent, client_of
):
    browser = client_of(alice)
    waits = "Consentements à signer"
    assert waits not in page(browser.get("/"))
    operations.answer(actor=actor(alice), consent_id=consent.id, given=AGREED)
    told = page(browser.get("/"))
    assert (waits in told, patient.full_name in told) == (True, True)
    history = reverse("patients:history", args=[patient.id])
    assert "À signer par le praticien" in page(browser.get(history))
    place = url("one", patient.id, consent.id)
    assert "Le patient retire son accord" in page(browser.get(place))
    browser.post(url("withdraw", patient.id, consent.id), {"raison": "Dent 46"})
    shown = page(browser.get(place))
    assert ("Dent 46" in shown, "Retiré avant sa signature" in shown) == (True, True)
    assert "Signer et sceller" not in shown
    with pytest.raises(NotToBeSealed):
        operations.countersign(actor=actor(alice), consent_id=consent.id, drawing="")
    kept = queries.by_id(consent.id)
    assert (kept.state, kept.signer_name, kept.withdrawn_reason) == (
        "answered", "Jeanne Martin", "Dent 46"
    )  # fmt: skip
    assert not Document.objects.exists()
    assert waits not in page(browser.get("/"))
    assert "Retiré le 17/03/2026" in page(browser.get(history))


def test_list_of_what_is_to_sign_is_bounded_oldest_first_and_is_of_dentists(
    alice, bob, patient, client_of, monkeypatch, frozen_clock
):
    monkeypatch.setattr(panels, "MOST_TO_SIGN", 1)
    for title in ("Avulsion de la 38", "Implant en 46"):
        made = factories.ConsentFactory.create(patient=patient, prepared_by=alice, title=title)
        operations.answer(actor=actor(alice), consent_id=made.id, given=AGREED)
        frozen_clock.shift(timedelta(minutes=5))
    told = page(client_of(alice).get("/"))
    assert "D’autres attendent, plus récents." in told
    assert ("Avulsion de la 38" in told, "Implant en 46" in told) == (True, False)
    assert "Consentements à signer" not in page(client_of(bob).get("/"))


def test_practice_writes_its_own_text_and_what_was_prepared_keeps_its_own(alice, patient, consent):
    parts = dict.fromkeys(consent.parts, "Nos mots.")
    who = actor(alice)
    operations.save_text(actor=who, act="implant", title="Implant", parts=parts, seen=0)
    with pytest.raises(TextChanged):
        operations.save_text(actor=who, act="implant", title="Tard", parts=parts, seen=0)
    saved = operations.save_text(actor=who, act="implant", title="Implant 2", parts=parts, seen=1)
    assert saved.version == 2
    again = operations.prepare(
        actor=actor(alice), patient_id=patient.id, act="implant", teeth="", details=""
    )
    assert (again.title, again.text_version) == ("Implant 2", 2)
    consent.refresh_from_db()
    assert (consent.title, consent.text_version) == ("Pose d’un implant", 0)


def test_whole_way_on_the_pages(alice, bob, patient, client_of):
    desk, doctor = client_of(bob), client_of(alice)
    assert "Aucun consentement" in page(desk.get(url("index", patient.id)))
    wrong = desk.post(url("prepare", patient.id), {"act": "implant", "teeth": "toutes"})
    assert wrong.status_code == 422
    place = desk.post(url("prepare", patient.id), {"act": "implant", "teeth": "36"})["Location"]
    consent = Consent.objects.get()
    desk.post(url("hand_over", patient.id, consent.id))
    tablet = Client()
    read = taken(desk, tablet, place)
    assert "Les autres possibilités" in page(tablet.get(read))
    assert tablet.post(read, {"decision": "agreed", "nom": "Jeanne"}).status_code == 422
    typed = {"decision": "agreed", "nom": "Jeanne Martin", "signature": DRAWING}
    assert "merci" in tablet.post(read, typed)["Location"]
    assert tablet.post(read, typed).status_code == 410
    headers = {"HX-Request": "true"}
    assert "La réponse est arrivée" in page(desk.get(place, headers=headers))
    assert desk.post(url("countersign", patient.id, consent.id)).status_code == 403
    assert doctor.post(url("countersign", patient.id, consent.id)).status_code == 302
    assert doctor.post(url("countersign", patient.id, consent.id)).status_code == 422
    assert "Intact" in page(doctor.get(place))
    assert doctor.get(url("paper", patient.id, consent.id)).content.startswith(b"%PDF")
    desk.post(url("withdraw", patient.id, consent.id), {"raison": "Attendre"})
    shown = page(doctor.get(place))
    assert "Attendre" in shown
    kept = Document.objects.get(source=f"consent:{consent.id}")
    assert (kept.cancelled_at, kept.cancelled_reason) == (timezone.now(), "Attendre")
    # The bytes stay those that were signed.
    assert queries.check(queries.by_id(consent.id)) is Check.INTACT
    for name, args in (("index", [patient.id]), ("show", [kept.id])):
        assert "Accord retiré" in page(doctor.get(reverse(f"documents:{name}", args=args)))
    printed = page(doctor.get(reverse("documents:print", args=[kept.id])))
    assert "ACCORD RETIRÉ LE 17/03/2026" in printed
    marked = reading.text_of(doctor.get(url("paper", patient.id, consent.id)).content)
    assert ("ACCORD RETIRÉ LE 17/03/2026" in marked, "Jeanne Martin" in marked) == (True, True)
    assert "Intact" in shown
    assert desk.post(url("withdraw", patient.id, consent.id)).status_code == 422


def test_what_is_typed_on_the_tablet_outlives_a_reload_and_not_the_wrong_hands(
    alice, patient, consent, client_of
):
    desk, tablet = client_of(alice), Client()
    desk.post(url("hand_over", patient.id, consent.id))
    read = taken(desk, tablet, url("one", patient.id, consent.id))
    assert tablet.post(f"{read}?garder=questions", {"text": "Et le tabac ?"}).status_code == 204
    assert tablet.post(f"{read}?garder=reason", {"text": "Peur"}).status_code == 204
    assert tablet.post(f"{read}?garder=decision", {"text": "agreed"}).status_code == 400
    assert Client().post(f"{read}?garder=questions", {"text": "x"}).status_code == 409
    shown = page(tablet.get(read))
    assert ("Et le tabac ?</textarea>" in shown, "Peur</textarea>" in shown) == (True, True)
    # Given back by other hands: the next tablet shows nothing of it.
    tablet.post(read.replace("consentement/", ""), {"reponse": "autre"})
    consent.refresh_from_db()
    assert (consent.state, consent.questions, consent.reason) == ("prepared", "", "")
    operations.note_words(consent_id=consent.id, field="questions", text="Combien de temps ?")
    # The page of the practice was opened before: it takes no question away.
    given = {"decision": "refused", "refus": "1", "questions": ""}
    desk.post(url("answer", patient.id, consent.id), given)
    consent.refresh_from_db()
    assert consent.questions == "Combien de temps ?"
    with pytest.raises(AlreadyAnswered):
        operations.note_words(consent_id=consent.id, field="questions", text="tard")


def taken(desk, tablet, place):
    found = re.search(r'hand-over-code"[^>]*>([\d ]+)<', page(desk.get(place)))
    assert found
    confirm = tablet.post("/tablette/", {"code": found[1]})["Location"]
    return tablet.post(confirm, {"reponse": "moi"})["Location"]


def test_paper_that_cannot_be_set_seals_nothing(alice, patient, consent, client_of, monkeypatch):
    operations.answer(actor=actor(alice), consent_id=consent.id, given=AGREED)

    def broken(*_args, **_kwargs):
        raise OSError("essai")

    monkeypatch.setattr(setting, "typeset", broken)
    refused = client_of(alice).post(url("countersign", patient.id, consent.id))
    assert (refused.status_code, "mis en page" in page(refused)) == (422, True)
    consent.refresh_from_db()
    assert (consent.state, consent.digest) == ("answered", "")


def test_on_this_screen_given_up_and_strangers(alice, patient, consent, client_of):
    browser = client_of(alice)
    address = url("answer", patient.id, consent.id)
    assert browser.post(address, {"decision": "agreed"}).status_code == 422
    done = browser.post(address, {"decision": "refused", "refus": "1"})
    assert done.status_code == 302
    other = operations.prepare(
        actor=actor(alice), patient_id=patient.id, act="child", teeth="", details=""
    )
    browser.post(url("withdraw", patient.id, other.id))
    other.refresh_from_db()
    assert other.state == "cancelled"
    operations.given_back(other.id)
    neighbour = factories.PatientFactory.create(practice=alice.practice)
    assert browser.get(url("one", neighbour.id, consent.id)).status_code == 404
    assert browser.get(url("answer", patient.id, consent.id)).status_code == 405


def test_texts_are_edited(alice, client_of):
    browser = client_of(alice)
    assert "texte fourni" in page(browser.get(url("texts")))
    shown = browser.get(url("text", "implant"))
    assert "Pose d’un implant" in page(shown)
    assert browser.post(url("text", "implant"), {"title": "x"}).status_code == 422
    parts = dict.fromkeys(("act", "benefits", "risks", "alternatives", "after"), "Nos mots.")
    assert browser.post(url("text", "implant"), {"title": "Implant", **parts}).status_code == 302
    assert "version 1 du cabinet" in page(browser.get(url("texts")))
    late = browser.post(url("text", "implant"), {"title": "Tard", **parts, "version": "0"})
    assert late.status_code == 422
    assert "Ce texte a changé entre-temps" in page(late)
    assert browser.get(url("text", "rien")).status_code == 404


def test_paper_of_a_consent_that_was_withdrawn_long_ago_says_so(alice, patient):
    taken_back, standing = (sealed_consent(patient, alice) for _ in range(2))
    at = timezone.now()
    Consent.objects.filter(id=taken_back.id).update(withdrawn_at=at, withdrawn_by=alice)
    import_module("quenotte.care.migrations.0024_taken_back_consents").mark(apps, None)
    paper, other = (made_by(f"consent:{one.id}") for one in (taken_back, standing))
    assert paper
    assert other
    assert (paper.cancelled_at, other.cancelled_at) == (at, None)
    event = DocumentEvent.objects.get(document=paper, what="cancelled")
    assert (event.by, event.words) == (alice, "Le patient a retiré son accord.")


@pytest.mark.django_db(transaction=True)
def test_two_practitioners_seal_once(alice, consent):
    operations.answer(actor=actor(alice), consent_id=consent.id, given=AGREED)

    def seal():
        return operations.countersign(actor=actor(alice), consent_id=consent.id, drawing="").state

    won = race(seal, seal)
    assert sorted(type(one).__name__ for one in won) == ["NotToBeSealed", "State"]
    assert queries.check(queries.by_id(consent.id)) is Check.INTACT
