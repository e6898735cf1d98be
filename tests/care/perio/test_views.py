"""Pages of the periodontal chart: typed, closed, concluded, compared, printed; and refused."""

import html
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Draft
from quenotte.base.people.operations import save_draft
from quenotte.care.perio import operations, queries
from quenotte.care.perio.models import PerioExam, PerioHabit, PerioSite, PerioStatement
from quenotte.care.perio.rules.readings import Change
from tests.care.people import actor
from tests.factories import MedicalAlertFactory, PerioExamFactory


def url(name, *args):
    return reverse(f"perio:{name}", args=args)


def page(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def exam(alice, patient):
    return PerioExamFactory.create(patient=patient, examiner=alice)


def typed(person, exam, *changes):
    who = {"actor": actor(person), "patient_id": exam.patient_id, "exam_id": exam.id}
    operations.key_in(**who, changes=changes)
    return operations.close(**who)


PAIR = (
    Change(16, "depth", 6, "MV"),
    Change(16, "recession", 1, "MV"),
    Change(11, "depth", 4, "ML"),
    Change(11, "recession", 2, "ML"),
    Change(16, "bleeding", True, "MV"),
    Change(16, "plaque", True, "V"),
    Change(16, "suppuration", True, "MV"),
    Change(16, "furcation", 1, "V"),
    Change(16, "furcation", 2, "M"),
    Change(16, "furcation", 3, "D"),
    Change(16, "mobility", 2),
    Change(36, "presence", "implant"),
    Change(36, "depth", 5, "V"),
    Change(36, "bleeding", True, "V"),
)


def test_examination_is_begun_from_an_empty_list(bob, alice, patient, client_of):
    client = client_of(bob)
    empty = page(client.get(url("home", patient.id)))
    assert "Aucun examen parodontal" in empty
    answer = client.post(
        url("begin", patient.id), {"examined_on": "12/03/2026", "examiner": str(alice.id)}
    )
    exam = PerioExam.objects.get()
    assert answer.url == url("exam", patient.id, exam.id)
    assert (exam.examined_on, exam.examiner) == (date(2026, 3, 12), alice)
    assert "Un examen est en cours" in page(client.get(url("home", patient.id)))


@pytest.mark.parametrize(
    ("day", "words"),
    [("demain", "n’est pas une date"), ("01/01/1901", "précède la naissance"), ("", "Indiquez")],
)
def test_impossible_beginning_comes_back(alice, patient, client_of, day, words):
    asked = {"examined_on": day, "examiner": str(alice.id)}
    answer = client_of(alice).post(url("begin", patient.id), asked)
    assert answer.status_code == 422
    assert words in page(answer)
    assert not PerioExam.objects.exists()


def test_correction_is_begun_from_a_closed_one_alone(alice, patient, exam, client_of):
    client = client_of(alice)
    typed(alice, exam, *PAIR)
    asked = {"examined_on": "17/03/2026", "examiner": str(alice.id)}
    client.post(url("begin", patient.id), {**asked, "corrects": str(exam.id)})
    new = PerioExam.objects.get(corrects=exam)
    other = client.post(url("begin", patient.id), asked)
    assert "Un autre examen de ce patient est en cours" in page(other)
    operations.give_up(actor=actor(alice), patient_id=patient.id, exam_id=new.id)
    assert client.post(
        url("begin", patient.id), {**asked, "corrects": str(uuid4())}
    ).status_code == 404  # fmt: skip


def keyed(client, exam, changes):
    sent = changes if isinstance(changes, str) else json.dumps(changes)
    return client.post(url("values", exam.patient_id, exam.id), {"changes": sent, "hand": "tab"})


def test_values_are_kept_and_the_impossible_ones_come_back(bob, exam, client_of):
    client = client_of(bob)
    answer = keyed(client, exam, [
        {"tooth": 16, "site": "MV", "field": "depth", "value": 5},
        {"tooth": 11, "site": "V", "field": "furcation", "value": 1},
        {"tooth": 16, "site": "V", "field": "recession", "value": -12},
    ])  # fmt: skip
    said = answer.json()
    assert said["kept"] == 1
    assert "La 11 n’a pas de furcation" in said["refused"][0]["message"]
    assert "−9 à 15 mm" in said["refused"][1]["message"]
    state = client.get(url("state", exam.patient_id, exam.id)).json()
    assert state["values"]["sites"] == {"16MV": [5, None, False, False, False]}
    drawn = page(client.get(url("chart", exam.patient_id, exam.id)))
    assert 'data-d="16MV"' in drawn
    assert "Sites sondés" in drawn


def test_value_that_waited_comes_back_with_the_newer_one(alice, bob, exam, client_of):
    of_17 = {"tooth": 17, "site": "V", "field": "depth"}
    keyed(client_of(bob), exam, [of_17 | {"value": 3, "was": [None]}])
    said = keyed(client_of(alice), exam, [of_17 | {"value": 9, "was": [None]}]).json()
    (back,) = said["refused"]
    assert (said["kept"], back["value"], back["held"]) == (0, 9, 3)
    assert "Un autre poste a noté autre chose" in back["message"]


@pytest.mark.parametrize(
    "sent",
    [
        "", "{}", "[1]",
        '[{"tooth": 16, "site": "V", "field": "depth", "value": 3, "was": 2}]',
        '[{"tooth": 16, "site": "V", "field": "depth", "value": 3, "was": [[]]}]',
        '[{"tooth": 99, "site": "MV", "field": "depth", "value": 3}]',
        json.dumps([{"tooth": 16, "site": "MV", "field": "depth", "value": 3}] * 501),
    ],
    ids=["nothing", "object", "number", "was is no list", "was no value", "no tooth", "too many"],
)  # fmt: skip
def test_what_is_no_value_is_refused_whole(alice, exam, client_of, sent):
    answer = keyed(client_of(alice), exam, sent)
    assert answer.status_code == 400
    assert "écrites à côté" in answer.json()["message"]
    assert not PerioSite.objects.exists()


@pytest.mark.parametrize(
    ("strange", "echo"),
    [
        ({"tooth": 16, "site": "V", "field": "keratin", "value": 4},
         {"tooth": 16, "site": "V", "field": "keratin", "value": 4}),
        ({"tooth": "seize", "value": [4]}, {"tooth": 0, "site": "", "field": "", "value": "[4]"}),
        (7, {"tooth": 0, "site": "", "field": "", "value": None}),
    ],
)  # fmt: skip
def test_value_that_is_not_understood_takes_no_other_with_it(alice, exam, client_of, strange, echo):
    good = {"tooth": 16, "site": "MV", "field": "depth", "value": 3}
    said = keyed(client_of(alice), exam, [good, strange, good | {"site": "V"}]).json()
    (back,) = said["refused"]
    assert "écrites à côté" in back.pop("message")
    assert (said["kept"], back) == (2, echo)
    assert PerioSite.objects.count() == 2


def test_late_value_is_told_that_the_examination_is_closed(alice, exam, client_of):
    typed(alice, exam, *PAIR)
    late = [{"tooth": 16, "site": "MV", "field": "depth", "value": 9}]
    answer = keyed(client_of(alice), exam, late)
    assert answer.status_code == 409
    assert "vient d’être clos" in answer.json()["message"]


def test_draft_is_typed_by_some_and_read_by_others(alice, patient, exam, client_of, monkeypatch):
    typing = page(client_of(alice).get(url("exam", patient.id, exam.id)))
    assert 'data-island="perio"' in typing
    monkeypatch.setattr("quenotte.care.perio.views.pages.may", lambda _roles, _action: False)
    assert 'data-island="perio"' not in page(client_of(alice).get(url("exam", patient.id, exam.id)))


def test_alerts_stay_beside_what_is_typed(alice, patient, exam, client_of):
    MedicalAlertFactory.create(patient=patient, label="Sous anticoagulant")
    shown = page(client_of(alice).get(url("exam", patient.id, exam.id)))
    assert "Sous anticoagulant" in shown.partition('class="card perio-desk"')[2]


def test_path_is_kept_for_who_chose_it(alice, patient, exam, client_of):
    client = client_of(alice)
    client.post(url("habit", patient.id, exam.id), {"order": "by_tooth", "lower_first": "on"})
    client.post(url("habit", patient.id, exam.id), {"order": "sideways"})
    assert list(PerioHabit.objects.values_list("order", "lower_first", "has_sound")) == [
        ("by_tooth", True, False)
    ]
    typing = client.get(url("exam", patient.id, exam.id)).context["typing"]
    assert typing["path"][:4] == [(48, "DV"), (48, "V"), (48, "MV"), (48, "DL")]


def test_closing_is_told_and_then_everything_is_shown(alice, patient, exam, client_of):
    client = client_of(alice)
    empty = client.post(url("close", patient.id, exam.id), follow=True)
    assert "Aucune valeur n’a été saisie" in page(empty)
    operations.key_in(actor=actor(alice), patient_id=patient.id, exam_id=exam.id, changes=PAIR)
    margin = page(client.post(url("margin", patient.id, exam.id), follow=True))
    assert "Récession 0 notée à 0 sites" in margin or "Récession 0 notée à 0 site" in margin
    shown = page(client.post(url("close", patient.id, exam.id), follow=True))
    for words in ("Examen clos", "stade III", "Furcation II ou III (16)", "la perte osseuse",
                  "Implants", "6 / 1, saigne, pus", "ne décide rien"):  # fmt: skip
        assert words in shown
    record = page(client.get(reverse("patients:record", args=[patient.id])))
    assert "Examen parodontal clos" in record


def test_abandoned_draft_is_taken_up_from_the_list(alice, patient, exam, client_of):
    client = client_of(alice)
    listed = page(client.post(url("give_up", patient.id, exam.id), follow=True))
    assert "1 examen abandonné" in listed
    assert "abandonné" in page(client.get(url("exam", patient.id, exam.id)))
    again = page(client.post(url("take_up", patient.id, exam.id), follow=True))
    assert 'data-island="perio"' in again


CONCLUSION = {
    "bone_loss_percent": "40", "teeth_lost": "1", "cigarettes_a_day": "12", "diabetic": "yes",
    "hba1c": "7,2", "factor_vertical": "on", "stage": "III", "grade": "C", "extent": "localised",
    "text": "Parodontite localisée.",
}  # fmt: skip


def test_conclusion_is_helped_then_signed_then_replaced(alice, patient, exam, client_of):
    client = client_of(alice)
    typed(alice, exam, *PAIR)
    save_draft(person_id=alice.id, key=queries.draft_key(exam.id), text='{"text": "Paro"}')
    assert '{"text": "Paro"}</textarea>' in page(client.get(url("exam", patient.id, exam.id)))
    helped = page(
        client.post(url("conclude", patient.id, exam.id), {**CONCLUSION, "calculer": "1"})
    )
    assert "grade C" in helped
    assert "Diabète, HbA1c 7,2 %" in helped
    assert not PerioStatement.objects.exists()
    signed = page(client.post(url("conclude", patient.id, exam.id), CONCLUSION, follow=True))
    assert "Stade III, grade C, localisée" in signed
    assert not Draft.objects.exists()
    kept = PerioStatement.objects.get().context
    assert (kept["hba1c"], kept["factors"], kept["diabetic"]) == (7.2, ["vertical"], True)
    client.post(url("conclude", patient.id, exam.id), {"text": "Réévaluée."})
    assert "remplacée depuis" in page(client.get(url("exam", patient.id, exam.id)))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"text": ""}, "Il n’y a rien à signer"),
        ({"text": "x", "bone_loss_percent": "140"}, "Pas plus de 100"),
        ({"text": "x", "hba1c": "sept"}, "Écrivez un nombre"),
        ({"text": "x" * 5_001}, "trop long"),
    ],
)
def test_conclusion_that_cannot_be_signed_comes_back(alice, patient, exam, client_of, sent, words):
    typed(alice, exam, *PAIR)
    answer = client_of(alice).post(url("conclude", patient.id, exam.id), sent)
    assert answer.status_code == 422
    assert words in page(answer)
    assert not PerioStatement.objects.exists()


def test_addition_is_signed_and_an_empty_one_comes_back(bob, alice, patient, exam, client_of):
    client = client_of(bob)
    early = client.post(url("add", patient.id, exam.id), {"text": "Trop tôt"})
    assert early.status_code == 422
    typed(alice, exam, *PAIR)
    assert client.post(url("add", patient.id, exam.id), {"text": " "}).status_code == 422
    shown = page(
        client.post(url("add", patient.id, exam.id), {"text": "36 douloureuse"}, follow=True)
    )
    assert "36 douloureuse" in shown
    assert PerioStatement.objects.get().signed_as == bob.full_name


def test_two_examinations_are_compared_whatever_their_order(
    alice, patient, exam, client_of, frozen_clock
):
    typed(alice, exam, *PAIR)
    frozen_clock.shift(timedelta(days=90))
    new = PerioExamFactory.create(patient=patient, examiner=alice, examined_on=date(2026, 6, 15))
    typed(
        alice, new,
        Change(16, "depth", 3, "MV"), Change(11, "depth", 6, "ML"),
        Change(11, "bleeding", True, "ML"), Change(28, "presence", "missing"),
    )  # fmt: skip
    client = client_of(alice)
    for pair in ((new.id, exam.id), (exam.id, new.id)):
        shown = page(client.get(url("compare", patient.id, *pair)))
        for words in ("Du 17 mars 2026 au 15 juin 2026", "−3", "+2", "saigne désormais",
                      "ne saigne plus", "entre les deux : 28", "pc-before"):  # fmt: skip
            assert words in shown
    listed = page(client.get(url("home", patient.id)))
    assert url("compare", patient.id, new.id, exam.id) in listed


def test_print_is_journalled_as_a_print(alice, patient, exam, client_of):
    typed(alice, exam, *PAIR)
    answer = client_of(alice).get(url("print", patient.id, exam.id))
    assert "perio_print.css" in page(answer)
    assert Line.objects.filter(action="print", patient_id=patient.id).count() == 1


@pytest.mark.parametrize("name", ["values", "margin", "habit", "close", "give_up", "take_up",
                                  "conclude", "add"])  # fmt: skip
def test_writing_is_for_who_may_and_by_post(alice, sarah, chloe, patient, exam, client_of, name):
    address = url(name, patient.id, exam.id)
    assert client_of(sarah).post(address).status_code == 403
    assert client_of(chloe).post(address).status_code == 404
    assert client_of(alice).get(address).status_code == 405
    assert client_of(alice).post(url(name, patient.id, uuid4())).status_code == 404
    exam.refresh_from_db()
    assert exam.status == "draft"


def test_reading_is_not_for_the_secretary(sarah, patient, exam, client_of):
    client = client_of(sarah)
    for address in (url("home", patient.id), url("exam", patient.id, exam.id)):
        assert client.get(address).status_code == 403
    assert "Parodonte" not in page(client.get(reverse("patients:record", args=[patient.id])))
