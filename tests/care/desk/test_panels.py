"""Aujourd’hui: what each role finds there."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import UNSURE
from quenotte.base.people.rules import Role
from quenotte.care.desk import panels, queries
from quenotte.care.imaging.models import Picture
from quenotte.web import lights
from tests.factories import (
    AppointmentFactory,
    CallbackFactory,
    ChairFactory,
    DeviceFactory,
    MedicalAlertFactory,
    PatientFactory,
    PersonFactory,
    PictureFactory,
    QuestionnaireFactory,
    RoomFactory,
    TaskFactory,
)

FRAGMENT = {"HX-Request": "true"}
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def chair(practice):
    return ChairFactory.create(room=RoomFactory.create(practice=practice, name="Salle 1"))


@pytest.fixture
def day(alice, practice, chair):
    """Alice's day at 9:30: one in the chair, one who waits, one to come."""
    now = timezone.now()

    def visit(minutes, status, **more):
        return AppointmentFactory.create(
            patient=PatientFactory.create(practice=practice, mobile_phone="+33639980001"),
            practitioner=alice,
            chair=chair,
            starts_at=now + minutes * MINUTE,
            status=status,
            **more,
        )

    return {
        "seated": visit(-45, "in_chair", seated_at=now - 40 * MINUTE),
        "waiting": visit(-10, "arrived", arrived_at=now - 20 * MINUTE),
        "late": visit(-12, "booked"),
        "coming": visit(60, "booked"),
    }


def home(client):
    return html.unescape(client.get("/").content.decode()).replace("\u00a0", " ")


def panel(client, name):
    answer = client.get(reverse("desk:panel", args=[name]), headers=FRAGMENT)
    return html.unescape(answer.content.decode()).replace("\u00a0", " ")


def test_dentist_sees_her_chair_with_alerts_in_words(alice, client_of, day):
    MedicalAlertFactory.create(patient=day["seated"].patient, label="Latex")
    client = client_of(alice)
    shown = panel(client, "fauteuil")
    assert day["seated"].patient.full_name in shown
    assert "Allergie : Latex" in shown
    assert "Attend depuis 20 min" in shown
    assert "10 min de retard" in shown
    assert "Puis 2 rendez-vous" in shown
    read = Line.objects.filter(object_kind="patient", action="read")
    assert set(read.values_list("patient_id", flat=True)) == {
        day["seated"].patient_id,
        day["waiting"].patient_id,
    }
    panel(client, "fauteuil")
    assert read.count() == 2, "a redraw writes no second line"


def test_dentist_without_anybody(alice, client_of):
    shown = panel(client_of(alice), "fauteuil")
    assert "Personne." in shown
    assert "Plus personne aujourd’hui." in shown


def test_dentist_who_runs_the_practice_has_both(alice, client_of, day):
    shown = home(client_of(alice))
    assert 'id="mon-fauteuil"' in shown
    assert 'id="surveillance"' in shown
    assert 'id="arrivees"' not in shown


def test_next_patient_is_awaited(alice, client_of, practice):
    AppointmentFactory.create(
        patient=PatientFactory.create(practice=practice),
        practitioner=alice,
        starts_at=timezone.now() + 20 * MINUTE,
    )
    assert "Pas encore arrivé" in panel(client_of(alice), "fauteuil")


def test_arrived_without_a_time_waits_without_minutes(alice, sarah, client_of, practice):
    AppointmentFactory.create(
        patient=PatientFactory.create(practice=practice),
        practitioner=alice,
        starts_at=timezone.now(),
        status="arrived",
    )
    assert "Arrivé" in panel(client_of(alice), "fauteuil")
    assert "arrivé" in panel(client_of(sarah), "arrivees")


def test_chair_is_late_when_its_patient_stays(alice, client_of, practice):
    AppointmentFactory.create(
        patient=PatientFactory.create(practice=practice),
        practitioner=alice,
        starts_at=timezone.now() - 50 * MINUTE,
        status="in_chair",
    )
    assert "20 min de retard" in panel(client_of(alice), "fauteuil")


def test_assistant_sees_the_rooms(bob, client_of, day, practice):
    RoomFactory.create(practice=practice, name="Salle 9")
    shown = panel(client_of(bob), "salles")
    assert day["seated"].patient.full_name in shown
    assert "attend depuis 20 min" in shown
    assert "Salle 9 " in shown
    assert "libre" in shown
    assert 'id="mon-fauteuil"' not in home(client_of(bob))


def test_practice_without_rooms_says_so(bob, client_of):
    assert "n’a pas encore de salle" in panel(client_of(bob), "salles")


def test_secretary_sees_who_waits_and_whom_to_call(sarah, client_of, day):
    CallbackFactory.create(author=sarah, due_on=timezone.localdate() - timedelta(days=1))
    shown = home(client_of(sarah))
    assert "20 min, attente longue" in shown
    assert "12 min de retard" in shown
    assert "Mme Tessier" in shown
    assert "En retard, 16/03" in shown
    assert "06 39 98 00 01" in shown, "the number of an appointment to confirm"
    assert "Peuvent venir vite" in shown
    assert 'id="surveillance"' not in shown


def test_wait_that_is_too_long_says_so(sarah, client_of, day, frozen_clock):
    frozen_clock.shift(15 * MINUTE)
    assert "35 min, trop long" in panel(client_of(sarah), "arrivees")


def test_unconfirmed_of_today_and_of_the_next_working_day(sarah, client_of, day, practice, alice):
    patient = PatientFactory.create(practice=practice)
    for days in (2, 3):
        AppointmentFactory.create(
            patient=patient, practitioner=alice, starts_at=timezone.now() + timedelta(days=days)
        )
    lines = queries.unconfirmed(practice.id, timezone.now())
    assert [(one.is_today, one.starts_at.day) for one in lines] == [(True, 17), (False, 19)]
    shown = panel(client_of(sarah), "a-confirmer")
    assert "jeudi 19 mars : 1" in shown
    assert "sans téléphone" in shown


def test_nobody_to_confirm(sarah, client_of):
    assert "Tous ceux d’aujourd’hui sont confirmés." in panel(client_of(sarah), "a-confirmer")


def test_callbacks_are_for_the_reception_where_there_is_one(alice, bob, sarah, client_of):
    CallbackFactory.create(author=sarah)
    assert panel(client_of(bob), "a-rappeler") == ""
    sarah.is_active = False
    sarah.save()
    assert "Mme Tessier" in panel(client_of(bob), "a-rappeler")


def test_accountant_sees_nothing_clinical(marc, alice, client_of, day):
    TaskFactory.create(
        author=alice, role="comptable", patient=day["seated"].patient, text="Facture"
    )
    shown = home(client_of(marc))
    assert "Facture" in shown
    for visit in day.values():
        assert visit.patient.full_name not in shown
    for name in panels.REDRAWN:
        assert name == "a-faire" or panel(client_of(marc), name) == ""


def test_home_shows_some_tasks_and_leads_to_the_others(alice, client_of):
    TaskFactory.create_batch(8, author=alice)
    assert "Voir les 2 autres" in home(client_of(alice))


def test_manager_alone_has_no_chair(practice, client_of):
    manager = PersonFactory.create(practice=practice, role=Role.MANAGER.value)
    shown = home(client_of(manager))
    assert 'id="mon-fauteuil"' not in shown
    assert "Rien d’inhabituel depuis hier." in shown


def _line(number, practice, **values):
    Line.objects.create(
        number=number,
        practice_id=practice.id,
        **{
            "at": timezone.now(), "person_label": "", "workstation": "", "source": "web",
            "action": "read", "object_kind": "", "object_id": "", "result": "ok",
            "previous_seal": "", "seal": "", **values,
        },
    )  # fmt: skip


def test_manager_is_told_what_the_journal_saw(alice, practice, client_of):
    client = client_of(alice)
    long_ago = timezone.now() - timedelta(days=5)
    _line(1, practice, action="failure", result="failed", at=long_ago)
    _line(2, practice, action="failure", result="failed")
    _line(3, practice, action="failure", result="locked")
    _line(4, practice, result="refused")
    _line(5, practice, action="create", object_kind="grant")
    _line(6, practice, previous_seal=UNSURE)
    _line(7, practice, action="failure", object_kind="account", result="refused")
    # Two people on one slot: refused, and nobody's access.
    _line(8, practice, action="change", object_kind="appointment", result="refused")
    _line(9, practice, action="change", object_kind="page", result="refused", at=long_ago)
    shown = panel(client, "surveillance")
    for words in (
        "1 connexion refusée depuis hier",
        "1 identifiant bloqué",
        "1 accès refusé",
        "1 connexion présentée depuis un autre poste",
        "1 dossier ouvert en urgence",
        "1 rupture du journal",
    ):
        assert words in shown, words
    assert "Aucune sauvegarde n’est réglée" in shown


def test_manager_is_told_of_jobs_given_up(alice, client_of):
    from quenotte.base.jobs.models import Run

    Run.objects.create(name="x", state="failed")
    assert "1 tâche du serveur en échec" in panel(client_of(alice), "surveillance")


def light(client, label):
    """What a light of the top bar says on an ordinary page."""
    shown = client.get(reverse("desk:tasks")).content.decode()
    (words,) = re.findall(f'title="{label} : ([^"]*)"', shown)
    return html.unescape(words)


def test_light_of_security_tells_what_the_journal_is_worried_about(alice, sarah, client_of):
    client = client_of(alice)
    assert light(client, "Sécurité") == "rien à signaler"
    _line(1, alice.practice, action="failure", result="locked")
    assert light(client, "Sécurité") == "rien à signaler", "kept for some seconds"
    panel(client, "surveillance")
    assert light(client, "Sécurité") == "1 identifiant bloqué après cinq essais"
    shown = client.get(reverse("desk:tasks")).content.decode()
    assert 'href="/#surveillance"' in shown
    assert "#surveillance" not in client_of(sarah).get(reverse("desk:tasks")).content.decode()


def test_one_password_mistyped_changes_no_light(alice, client_of):
    _line(1, alice.practice, action="failure", result="failed")
    assert light(client_of(alice), "Sécurité") == "rien à signaler"
    for number in range(2, 6):
        _line(number, alice.practice, action="failure", result="failed")
    assert "5 connexions refusées" in panel(client_of(alice), "surveillance")
    assert light(client_of(alice), "Sécurité") == "5 connexions refusées depuis hier"


def test_lights_cost_a_page_nothing_once_they_are_known(
    alice, client_of, django_assert_num_queries, monkeypatch
):
    client = client_of(alice)
    client.get(reverse("desk:tasks"))
    with CaptureQueriesContext(connection) as lit:
        client.get(reverse("desk:tasks"))
    monkeypatch.setattr(lights, "_sources", {})
    with django_assert_num_queries(len(lit)):
        client.get(reverse("desk:tasks"))


def test_full_disk_is_told_beside_the_server(alice, client_of, settings):
    settings.DISK_FLOOR_BYTES = 10**18
    assert "disque presque plein" in panel(client_of(alice), "surveillance")


def test_pictures_left_in_the_tray_and_strange_devices_are_told(alice, client_of):
    PictureFactory.create(
        practice=alice.practice, patient=None, state="tray", received_at=timezone.now() - DAY
    )
    assert "chaque image a son patient" in panel(client_of(alice), "surveillance")
    Picture.objects.update(received_at=timezone.now() - 2 * DAY)
    assert "1 image attend un patient depuis hier" in panel(client_of(alice), "surveillance")
    DeviceFactory.create(practice=alice.practice, is_recognised=False)
    assert "1 appareil inconnu a envoyé" in panel(client_of(alice), "surveillance")


def test_stranger_practice_counts_nothing(alice, other_practice, client_of):
    _line(1, other_practice, action="failure", result="failed")
    assert "Rien d’inhabituel" in panel(client_of(alice), "surveillance")


def test_panel_without_script_is_the_page(alice, client_of):
    assert client_of(alice).get(reverse("desk:panel", args=["a-faire"])).url == "/"


def test_unknown_panel(alice, client_of):
    assert client_of(alice).get(reverse("desk:panel", args=["rien"])).status_code == 404


def test_browser_nobody_knows_has_no_workstation():
    assert panels.here(RequestFactory().get("/")) is None


def test_day_is_read_once_for_all_panels(sarah, client_of, day, django_assert_max_num_queries):
    client = client_of(sarah)
    client.get("/")
    with django_assert_max_num_queries(30):
        client.get("/")


def test_dentist_sees_whose_answers_of_today_she_has_not_read(alice, sarah, client_of, day):
    waiting = day["waiting"].patient
    now = timezone.now()
    for one in (waiting, PatientFactory.create(practice=alice.practice)):
        QuestionnaireFactory.create(patient=one, state="sent")
    read = {"state": "reviewed", "reviewed_at": now, "reviewed_by": alice, "reviewed_as": "A"}
    QuestionnaireFactory.create(patient=day["coming"].patient, **read)
    client = client_of(alice)
    shown = panel(client, "a-relire")
    assert re.findall(r'href="(/patients/[^"]*/antecedents/)"', shown) == [
        reverse("questionnaires:history", args=[waiting.id])
    ]
    assert "Questionnaires à relire" in home(client)
    assert panel(client_of(sarah), "a-relire") == ""
