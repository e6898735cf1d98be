from datetime import date, timedelta

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.tablets import operations as tablets
from quenotte.care.documents.models import Document
from quenotte.care.documents.operations import setting
from quenotte.care.patients import operations as patients
from quenotte.care.patients.merging import merge_patients
from quenotte.care.patients.models import MedicalAlert
from quenotte.care.questionnaires import aside, jobs, operations, queries, rules
from quenotte.care.questionnaires.models import Questionnaire
from quenotte.care.questionnaires.operations import (
    AlreadyReviewed,
    AlreadySent,
    AnswersMissing,
    ChangedMeanwhile,
    FilledMeanwhile,
    NotSigned,
    OnTablet,
    Signing,
)
from quenotte.devices.paper import reading
from quenotte.devices.paper.typesetting import CannotTypeset
from tests import factories
from tests.care.people import actor
from tests.care.questionnaires.test_rules import answered
from tests.support.racing import race

TYPED = Signing("patient", "Jeanne Martin", "typed")
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120"><path d="M10 20L80 90"/></svg>'
)


@pytest.fixture
def facts(patient, practice):
    return queries.person(patient.id, practice.id).facts


def filled(person, patient, facts, **answers):
    found = operations.begin(actor=actor(person), patient_id=patient.id, on_tablet=False)
    Questionnaire.objects.filter(id=found.id).update(answers=answered(facts, **answers))
    return found


def sent(person, patient, facts, **answers):
    found = filled(person, patient, facts, **answers)
    return operations.send(actor=actor(person), questionnaire_id=found.id, signing=TYPED)


def codes(patient):
    rows = MedicalAlert.objects.filter(patient=patient, ended_at=None)
    return set(rows.values_list("code", flat=True))


def test_answers_raise_alerts_before_anybody_reads_them(sarah, patient, facts):
    first = sent(sarah, patient, facts, allergies=["penicillin"], allergie_reaction="plaques")
    assert codes(patient) == {"penicillin"}
    alert = MedicalAlert.objects.get(patient=patient)
    assert (alert.severity, alert.details) == ("danger", "plaques")
    assert queries.alerts_raised(first.id) == {alert.id: "allergies"}
    assert queries.standing(patient.id).word == rules.TO_REVIEW


def test_what_is_no_longer_said_goes_after_the_review_and_stays_in_the_history(
    alice, patient, facts, frozen_clock
):
    sent(alice, patient, facts, allergies=["penicillin", "latex"], asthme="oui")
    frozen_clock.shift(timedelta(days=1))
    patients.add_alert(actor=actor(alice), patient_id=patient.id, code="dental_anxiety")
    again = sent(alice, patient, facts, allergies=["latex"], anxiete="oui")
    assert codes(patient) == {"penicillin", "latex", "asthma", "dental_anxiety"}
    operations.review(actor=actor(alice), patient_id=patient.id, questionnaire_id=again.id)
    assert codes(patient) == {"latex", "dental_anxiety"}
    assert MedicalAlert.objects.filter(patient=patient).count() == 4
    standing = queries.standing(patient.id)
    assert (standing.word, standing.reviewed_as) == (rules.FILLED, alice.full_name)
    frozen_clock.shift(timedelta(days=1))
    # What the team noted by hand never goes with the answers.
    last = sent(alice, patient, facts)
    operations.review(actor=actor(alice), patient_id=patient.id, questionnaire_id=last.id)
    assert codes(patient) == {"dental_anxiety"}
    with pytest.raises(AlreadyReviewed):
        operations.review(actor=actor(alice), patient_id=patient.id, questionnaire_id=last.id)


def test_not_to_know_ends_no_alert(alice, patient, facts, frozen_clock):
    sent(alice, patient, facts, asthme="oui", infection="oui", allergie_autre="Kiwi", reins="oui")
    frozen_clock.shift(timedelta(days=1))
    again = filled(alice, patient, facts, asthme="nsp", allergies=["nsp"])
    del (told := answered(facts, asthme="nsp", allergies=["nsp"]))["infection"]
    Questionnaire.objects.filter(id=again.id).update(answers=told)
    operations.send(actor=actor(alice), questionnaire_id=again.id, signing=TYPED)
    operations.review(actor=actor(alice), patient_id=patient.id, questionnaire_id=again.id)
    assert codes(patient) == {"asthma", "blood_exposure", ""}


def test_not_to_know_is_to_be_asked_and_takes_nothing_from_what_is_known(
    alice, patient, facts, frozen_clock
):
    for given in ({"anticoagulant": "nsp"}, {"anticoagulant": "oui"}, {"anticoagulant": "nsp"}):
        sent(alice, patient, facts, **given)
        frozen_clock.shift(timedelta(days=1))
    rows = MedicalAlert.objects.filter(patient=patient).order_by("created_at")
    assert [(one.label, one.ended_at is None) for one in rows] == [
        ("Anticoagulant : à préciser", False),
        ("Anticoagulant", True),
    ]


@pytest.mark.parametrize(
    ("word", "code", "known", "unsure"),
    [
        ("l’aspirine", "aspirin", "Aspirine : déclenche l’asthme", "Aspirine : à préciser"),
        (
            "les AINS",
            "nsaid",
            "Anti-inflammatoires (AINS) : déclenchent l’asthme",
            "Anti-inflammatoires (AINS) : à préciser",
        ),
        ("les sulfites", "sulphites", "Sulfites : déclenchent l’asthme", "Sulfites : à préciser"),
    ],
)
def test_what_sets_off_an_asthma_stays_known_when_it_is_to_be_asked_again(
    alice, patient, facts, frozen_clock, word, code, known, unsure
):
    for told in (f"ni {word}", f"le pollen ni {word}", word, f"je ne supporte ni {word}"):
        last = sent(alice, patient, facts, asthme="oui", asthme_quoi=told)
        frozen_clock.shift(timedelta(days=1))
    operations.review(actor=actor(alice), patient_id=patient.id, questionnaire_id=last.id)
    rows = MedicalAlert.objects.filter(patient=patient, code=code).order_by("created_at")
    assert [(one.label, one.details, one.ended_at is None) for one in rows] == [
        (unsure, f"ni {word}", False),
        (unsure, f"le pollen ni {word}", False),
        (known, word, True),
    ]


def test_team_and_answers_say_one_thing_once(alice, patient, facts):
    sent(alice, patient, facts, foie="oui")
    assert MedicalAlert.objects.get(patient=patient).label == "Maladie hépatique"
    patients.add_alert(actor=actor(alice), patient_id=patient.id, code="kidney_failure")
    sent(alice, patient, facts, foie="oui", reins="oui")
    labels = MedicalAlert.objects.filter(patient=patient, ended_at=None)
    assert set(labels.values_list("label", flat=True)) == {
        "Maladie hépatique",
        "Insuffisance rénale",
    }


def test_older_one_that_is_read_late_takes_nothing_away(alice, patient, facts, frozen_clock):
    old = sent(alice, patient, facts)
    frozen_clock.shift(timedelta(days=1))
    sent(alice, patient, facts, asthme="oui")
    operations.review(actor=actor(alice), patient_id=patient.id, questionnaire_id=old.id)
    assert codes(patient) == {"asthma"}


def test_details_are_renewed_when_we_raised_them_and_left_when_the_team_did(
    alice, patient, facts, frozen_clock
):
    patients.add_alert(
        actor=actor(alice), patient_id=patient.id, code="diabetes", details="équilibré"
    )
    sent(alice, patient, facts, diabete="oui", hba1c="7", anticoagulant="oui")
    frozen_clock.shift(timedelta(days=1))
    sent(alice, patient, facts, diabete="oui", anticoagulant="oui", anticoagulant_quel="Eliquis")
    shown = MedicalAlert.objects.filter(patient=patient, ended_at=None)
    assert dict(shown.values_list("code", "details")) == {
        "diabetes": "équilibré",
        "anticoagulant": "Eliquis",
    }


def test_minor_does_not_sign_for_herself(sarah, practice):
    child = factories.PatientFactory.create(practice=practice, born_on=date(2018, 5, 4))
    facts = queries.person(child.id, practice.id).facts
    found = filled(sarah, child, facts)
    for signing in (TYPED, Signing("patient", "", "refused"), Signing("voisin", "", "refused")):
        with pytest.raises(NotSigned):
            operations.send(actor=actor(sarah), questionnaire_id=found.id, signing=signing)
    mother = Signing("", "Jeanne Martin", "typed")
    done = operations.send(actor=actor(sarah), questionnaire_id=found.id, signing=mother)
    assert (done.signer, done.version) == ("guardian", 4)


def test_sheet_that_could_not_be_made_is_kept_later(sarah, patient, facts, monkeypatch):
    found = sent(sarah, patient, facts)

    def broken(*_args, **_kwargs):
        raise CannotTypeset("essai")

    with monkeypatch.context() as patched:
        patched.setattr(setting, "typeset", broken)
        assert not operations.try_paper(actor=actor(sarah), questionnaire_id=found.id)
        assert operations.keep_missing_papers() == 0
    assert not Document.objects.exists()
    jobs.keep_papers()
    assert Document.objects.filter(patient=patient, kind="questionnaire").count() == 1
    assert operations.keep_missing_papers() == 0


@pytest.mark.parametrize(
    ("signing", "error"),
    [
        (Signing("patient", "", "typed"), NotSigned),
        (Signing("patient", "Jeanne", ""), NotSigned),
        (Signing("voisin", "Jeanne", "typed"), NotSigned),
        (Signing("patient", "Jeanne", "drawn", "<svg onload='x'/>"), NotSigned),
        (Signing("patient", "Jeanne", "drawn", ""), NotSigned),
    ],
)
def test_nothing_is_sent_unsigned(sarah, patient, facts, signing, error):
    found = filled(sarah, patient, facts)
    with pytest.raises(error):
        operations.send(actor=actor(sarah), questionnaire_id=found.id, signing=signing)
    found.refresh_from_db()
    assert (found.state, codes(patient)) == ("open", set())


def test_who_refuses_to_sign_is_noted(sarah, patient, facts):
    found = filled(sarah, patient, facts)
    signing = Signing("", "", "refused")
    done = operations.send(actor=actor(sarah), questionnaire_id=found.id, signing=signing)
    assert (done.signed, done.signer) == ("refused", "patient")
    assert "refusé de signer" in reading.text_of(operations.paper_of(questionnaire_id=done.id))


def test_missing_answers_are_not_sent(sarah, patient):
    found = operations.begin(actor=actor(sarah), patient_id=patient.id, on_tablet=False)
    with pytest.raises(AnswersMissing):
        operations.send(actor=actor(sarah), questionnaire_id=found.id, signing=TYPED)


def test_sent_answers_are_never_written_over(sarah, patient, facts):
    found = sent(sarah, patient, facts)
    section = rules.definition(found.name, found.version).sections[0]
    with pytest.raises(AlreadySent):
        operations.note_answers(questionnaire_id=found.id, section=section, answers={})
    with pytest.raises(AlreadySent):
        operations.send(actor=actor(sarah), questionnaire_id=found.id, signing=TYPED)
    operations.give_back(found.id)
    found.refresh_from_db()
    assert found.state == "sent"


def test_paper_is_kept_once_and_says_what_was_answered(sarah, patient, facts):
    found = filled(sarah, patient, facts, allergie_autre="Kiwi")
    drawn = Signing("guardian", "Jeanne Martin", "drawn", DRAWING)
    operations.send(actor=actor(sarah), questionnaire_id=found.id, signing=drawn)
    first = operations.keep_paper(actor=actor(sarah), questionnaire_id=found.id)
    assert operations.keep_paper(actor=actor(sarah), questionnaire_id=found.id) == first
    assert Document.objects.get(id=first).kind == "questionnaire"
    words = reading.text_of(operations.paper_of(questionnaire_id=found.id))
    assert "Kiwi" in words
    assert "Jeanne Martin (le représentant légal)" in words


def test_wrong_hands_leave_nothing_that_counts(sarah, patient, facts):
    found = filled(sarah, patient, facts)
    operations.give_back(found.id)
    assert queries.begun(patient.id) is None
    assert queries.standing(patient.id).word == rules.NEVER


def handed(person, patient):
    found = operations.begin(actor=actor(person), patient_id=patient.id, on_tablet=True)
    return found, tablets.hand_over(
        actor=actor(person),
        purpose="questionnaire",
        subject_id=found.id,
        first_name="Camille",
        birth_year="",
    )


def note(person, patient, seen, page="", **answers):
    """Save a page of the practice that was opened now, but for the tablet that it knew of."""
    begun = queries.begun(patient.id)
    known = rules.Seen(page, seen, base=rules.told(begun.answers) if begun else {})
    return said_by(person, patient, known, **answers)


def said_by(person, patient, seen, **answers):
    return aside.note_page(
        actor=actor(person),
        patient_id=patient.id,
        seen=seen,
        read=lambda section, _facts: {
            one.key: answers[one.key] for one in section.walk() if one.key in answers
        },
    )


def test_page_of_the_practice_writes_over_nothing_typed_on_the_tablet(sarah, patient, frozen_clock):
    note(sarah, patient, "", motif="contrôle")
    frozen_clock.shift(timedelta(minutes=1))
    found, link = handed(sarah, patient)
    # Nobody has taken it yet.
    note(sarah, patient, "", motif="contrôle")
    tablets.take(link_id=link.id)
    section = rules.definition(found.name, found.version).sections[5]
    operations.note_answers(
        questionnaire_id=found.id, section=section, answers={"allergies": ["latex"]}
    )
    with pytest.raises(OnTablet):
        note(sarah, patient, "", motif="carie")
    frozen_clock.shift(timedelta(hours=3))
    with pytest.raises(FilledMeanwhile):
        note(sarah, patient, "", motif="carie")
    found.refresh_from_db()
    assert found.answers == {"motif": "contrôle", "allergies": ["latex"]}
    assert note(sarah, patient, str(link.id), motif="carie").id == found.id


def test_two_pages_of_the_practice_write_over_nothing(alice, sarah, patient):
    hers, his = rules.Seen("a"), rules.Seen("b")
    said_by(alice, patient, hers, motif="contrôle", reins="oui")
    # Her own page goes on, though no answer ever told it that its words had arrived.
    kept = said_by(alice, patient, hers, motif="carie", reins="oui")
    with pytest.raises(ChangedMeanwhile):
        said_by(sarah, patient, his, motif="douleur", asthme="oui")
    kept.refresh_from_db()
    assert rules.told(kept.answers) == {"motif": "carie", "reins": "oui"}
    waiting = aside.kept(actor=actor(sarah), patient_id=patient.id, found=kept)
    assert waiting == {"motif": "douleur", "asthme": "oui"}
    assert not aside.kept(actor=actor(alice), patient_id=patient.id, found=kept)
    # What both say is nobody's loss; what she takes up stands, the rest of hers is forgotten.
    assert said_by(sarah, patient, his, motif="carie", reins="oui")
    again = rules.Seen("c", base={"motif": "carie", "reins": "oui"})
    taken = aside.take_up(
        actor=actor(sarah), patient_id=patient.id, seen=again, keys=["asthme", "autre"]
    )
    assert rules.told(taken.answers) == {"motif": "carie", "reins": "oui", "asthme": "oui"}
    assert not aside.kept(actor=actor(sarah), patient_id=patient.id, found=taken)


def test_page_that_was_open_while_another_was_sent_begins_nothing_new(alice, patient, facts):
    stale, answers = rules.Seen("a"), answered(facts, asthme="oui")
    sent(alice, patient, facts, asthme="oui")
    with pytest.raises(AlreadySent):
        said_by(alice, patient, stale, **answers)
    with pytest.raises(ChangedMeanwhile):
        said_by(alice, patient, stale, asthme="non")
    assert Questionnaire.objects.count() == 1


def test_wrong_hands_reach_nothing_that_the_team_had_typed(sarah, patient, frozen_clock):
    before = note(sarah, patient, "", motif="contrôle")
    frozen_clock.shift(timedelta(minutes=1))
    found, link = handed(sarah, patient)
    assert (found.id != before.id, found.answers) == (True, {"motif": "contrôle"})
    tablets.give_back(link=link)
    # It had not been taken: nothing was typed.
    assert queries.begun(patient.id) == found
    frozen_clock.shift(timedelta(minutes=1))
    found, link = handed(sarah, patient)
    tablets.take(link_id=link.id)
    link.refresh_from_db()
    operations.note_answers(
        questionnaire_id=found.id,
        section=rules.definition(found.name, found.version).sections[0],
        answers={"motif": "autre"},
    )
    tablets.give_back(link=link)
    found.refresh_from_db()
    assert found.state == "abandoned"
    again = queries.begun(patient.id)
    assert again
    assert again.answers == {"motif": "contrôle"}


def test_sending_closes_the_drafts_beneath(sarah, patient, facts, frozen_clock):
    filled(sarah, patient, facts)
    frozen_clock.shift(timedelta(minutes=1))
    found, link = handed(sarah, patient)
    operations.send_from_tablet(link_id=link.id, questionnaire_id=found.id, signing=TYPED)
    assert queries.begun(patient.id) is None
    assert queries.standing(patient.id).word == rules.TO_REVIEW


def test_tablet_follows_the_record_that_was_united_meanwhile(alice, practice, patient, facts):
    found = filled(alice, patient, facts, asthme="oui")
    link = tablets.hand_over(
        actor=actor(alice),
        purpose="questionnaire",
        subject_id=found.id,
        first_name="Camille",
        birth_year="",
    )
    survivor = factories.PatientFactory.create(practice=practice, sex=patient.sex)
    merge_patients(
        actor=actor(alice),
        survivor_id=survivor.id,
        absorbed_id=patient.id,
        taken=(),
    )
    operations.send_from_tablet(link_id=link.id, questionnaire_id=found.id, signing=TYPED)
    assert codes(survivor) == {"asthma"}
    assert codes(patient) == set()


def test_journal_says_that_it_was_sent_and_nothing_of_it(sarah, patient, facts):
    sent(sarah, patient, facts, asthme="oui")
    lines = Line.objects.filter(object_kind="questionnaire").order_by("number")
    assert [one.detail["state"] for one in lines] == ["open", "sent"]


@pytest.mark.django_db(transaction=True)
def test_two_begin_one_draft(sarah, alice, patient):
    def begin(person):
        who = actor(person)
        return lambda: operations.begin(actor=who, patient_id=patient.id, on_tablet=False).id

    assert len(set(race(begin(sarah), begin(alice)))) == 1
    assert Questionnaire.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tablets_send_once(sarah, patient, facts):
    found = filled(sarah, patient, facts, asthme="oui")

    def send():
        return operations.send(actor=actor(sarah), questionnaire_id=found.id, signing=TYPED).state

    assert max(map(str, race(send, send))) == "sent"
    assert MedicalAlert.objects.filter(patient=patient).count() == 1
    assert timezone.now() == Questionnaire.objects.get().sent_at
