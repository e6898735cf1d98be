"""The note is kept as it is typed, signed at the end, and told in the record."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from quenotte.care.agenda.models import Appointment
from quenotte.care.chart import operations as chart
from quenotte.care.chart.models import Note
from quenotte.office.plans import operations as plans
from quenotte.office.visits import operations, telling
from quenotte.office.visits.models import VisitAct
from tests.care.people import actor
from tests.factories import (
    AppointmentFactory,
    NoteTemplateFactory,
)
from tests.office.plans.conftest import SCALING
from tests.office.visits.views import FRAGMENT, page, url


def test_note_is_kept_as_it_is_typed_and_a_conflict_keeps_both(alice, bob, visit, client_of):
    client = client_of(bob)
    saved = client.post(url("note", visit), {"text": "Vu", "version": "1"})
    assert (saved.status_code, saved.headers["X-Draft-Version"]) == (204, "2")
    late = client_of(alice).post(url("note", visit), {"text": "Autre", "version": "1"})
    assert (late.status_code, "Rien n’a été écrasé" in late.json()["error"]) == (409, True)
    assert ">Vu</textarea>" in page(client_of(alice).get(url("visit", visit)))
    part = client_of(alice).get(url("visit", visit), {"partie": "note"}, headers=FRAGMENT)
    assert ">Vu</textarea>" in page(part)


def test_template_is_added_and_what_was_typed_stays(alice, visit, practice, client_of):
    client = client_of(alice)
    template = NoteTemplateFactory.create(practice=practice)
    data = {"modele": template.id, "text": "Vu.", "version": "1"}
    shown = page(client.post(url("use_template", visit), data, headers=FRAGMENT))
    assert "Vu.\nDent {dent}" in shown
    late = client.post(url("use_template", visit), {**data, "text": "Mes mots"}, headers=FRAGMENT)
    assert (late.status_code, "Mes mots" in page(late)) == (409, True)
    assert client.post(url("use_template", visit), {"modele": "x"}).status_code == 302


def test_note_that_waits_is_listed_and_signed(alice, bob, patient, visit, client_of, frozen_clock):
    operations.save_note(
        actor=actor(alice), patient_id=patient.id, visit_id=visit.id,
        text="Teinte {teinte}", seen=1,
    )  # fmt: skip
    frozen_clock.shift(timedelta(days=1))
    client = client_of(alice)
    AppointmentFactory.create(
        patient=patient, practitioner=alice, status="in_chair", starts_at=timezone.now()
    )
    card = page(client.get(reverse("visits:card", args=[patient.id]), headers=FRAGMENT))
    assert 'hx-trigger="load"' in card
    client.post(reverse("visits:open", args=[patient.id]))
    assert "Note à signer" in page(client.get(reverse("visits:open_here"), headers=FRAGMENT))
    assert "Note à signer" in page(client.get(reverse("visits:visits", args=[patient.id])))
    assert "Signer la note" not in page(client_of(bob).get(url("visit", visit)))
    assert client_of(bob).post(url("sign", visit)).status_code == 403
    assert f'data-draft-url="{url("note", visit)}"' in page(client.get(url("visit", visit)))
    kept = client.post(url("note", visit), {"text": "Teinte {teinte} vue", "version": "2"})
    assert (kept.status_code, kept["X-Draft-Version"]) == (204, "3")
    data = {"text": "Teinte {teinte} vue", "version": "3"}
    asked = client.post(url("sign", visit), data)
    assert (asked.status_code, "{teinte} vue" in page(asked)) == (422, True)
    for _ in range(2):
        signed = client.post(url("sign", visit), {**data, "quand-meme": "1"}, follow=True)
    assert "{teinte} vue" in page(signed)
    assert Note.objects.count() == 1


def test_assistant_who_ends_is_told_who_signs(bob, visit, client_of):
    answer = client_of(bob).post(url("end", visit), {"text": "Vu.", "version": "1"})
    assert (answer.status_code, "Seul un praticien signe" in page(answer)) == (422, True)
    assert ">Vu.</textarea>" in page(answer)
    assert "Terminer quand même" not in page(answer)


def test_end_in_one_step_then_the_next_appointment(alice, patient, visit, lines, client_of):
    client = client_of(alice)
    where = {"actor": actor(alice), "patient_id": patient.id, "plan_id": lines[0].plan_id}
    plans.add_session(**where)
    asked = client.post(url("end", visit), {"text": "Teinte {teinte}", "version": "1"})
    assert (asked.status_code, "{teinte}" in page(asked)) == (422, True)
    assert "Terminer quand même" in page(asked)
    data = {"text": "Teinte A2", "version": "1"}
    ended = client.post(url("end", visit), data, follow=True)
    assert "note signée" in page(ended)
    assert "Prochain rendez-vous" in page(ended)
    assert client.post(url("end", visit), data).status_code == 302
    assert Note.objects.count() == 1
    at = timezone.localtime().replace(hour=10, minute=0) + timedelta(days=3)
    slot = {"plan": lines[0].plan_id, "seance": lines[0].session_id, "creneau": at.isoformat()}
    assert "Aucun créneau choisi" in page(client.post(url("book_next", visit), follow=True))
    assert "est réservé" in page(client.post(url("book_next", visit), slot, follow=True))
    assert Appointment.objects.get().starts_at == at
    assert "déjà son rendez-vous" in page(client.post(url("book_next", visit), slot, follow=True))
    listed = page(client.get(reverse("visits:visits", args=[patient.id])))
    assert "Aucun acte." in listed


def test_timeline_tells_a_visit_once_with_its_acts_and_its_note(
    alice, sarah, patient, visit, client_of, frozen_clock, django_assert_num_queries
):
    who = {"actor": actor(alice), "patient_id": patient.id, "visit_id": visit.id}
    operations.do_others(**who, acts=[SCALING, SCALING])
    operations.undo_act(**who, act_id=VisitAct.objects.all()[1].id)
    record = reverse("patients:record", args=[patient.id])
    client = client_of(alice)
    assert "Séance :" not in page(client.get(record))
    operations.end_visit(**who, text="Tartre sous-gingival. " * 9, seen=1)
    shown = page(client.get(record))
    assert f"Séance : {SCALING.label}</a>" in shown
    timeline = shown.partition('class="timeline"')[2]
    assert ("Tartre sous-gingival" in timeline, "Note de séance" in timeline) == (True, False)
    assert "Séance :" not in page(client_of(sarah).get(record))
    frozen_clock.shift(timedelta(hours=1))
    note = Note.objects.get()
    chart.write_note(actor=actor(alice), patient_id=patient.id, text="Non.", corrects_id=note.id)
    empty = operations.open_visit(actor=actor(alice), patient_id=patient.id)
    frozen_clock.shift(timedelta(hours=1))
    operations.end_visit(
        actor=actor(alice), patient_id=patient.id, visit_id=empty.id, text="", seen=1, anyway=True
    )
    with django_assert_num_queries(1):
        last, first = telling.told(patient.id, 31)
    assert (first.id, first.is_corrected, first.who) == (visit.id, True, alice.full_name)
    assert (last.acts, last.note, last.is_to_sign, last.who) == ([], "", False, alice.full_name)
    assert [one.id for one in telling.told(patient.id, 31, last.at)] == [visit.id]
    assert [one.id for one in telling.told(patient.id, 1)] == [empty.id]
