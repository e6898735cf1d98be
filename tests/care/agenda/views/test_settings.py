import pytest
from django.urls import reverse

from quenotte.care.agenda import queries
from quenotte.care.agenda.models import AgendaSettings, AppointmentType, Leave, OpeningPeriod
from tests.care.agenda.conftest import at
from tests.care.agenda.views.conftest import text_of, told
from tests.factories import AppointmentTypeFactory, LeaveFactory

PAGES = ("types", "hours", "leave")
TYPE = {
    "name": "Contrôle",
    "minutes": "30",
    "assistant_minutes": "0",
    "colour": "teal",
    "is_active": "on",
}


@pytest.fixture
def office(alice, client_of):
    return client_of(alice)


def test_type_is_added_changed_and_moved(office, practice):
    assert "Aucun type" in text_of(office.get(reverse("agenda:types")))
    office.post(reverse("agenda:types"), TYPE)
    kind = AppointmentType.objects.get()
    assert told("appointment_type") == [("create", str(kind.id), "ok")]
    other = AppointmentTypeFactory.create(practice=practice, name="Soin", position=1)
    change = reverse("agenda:change_type", args=[kind.id])
    said = text_of(office.post(change, TYPE | {"minutes": "45"}, follow=True))
    assert "Le type est enregistré." in said
    kind.refresh_from_db()
    assert kind.minutes == 45
    office.post(reverse("agenda:move_type", args=[other.id]), {"step": "up"})
    assert [one.name for one in queries.types(practice.id)] == ["Soin", "Contrôle"]


def test_type_that_cannot_be_is_explained(office, practice):
    AppointmentTypeFactory.create(practice=practice, name="Contrôle")
    twice = office.post(reverse("agenda:types"), TYPE)
    assert twice.status_code == 422
    assert "Un type porte déjà ce nom" in text_of(twice)
    short = office.post(reverse("agenda:types"), TYPE | {"name": "Bref", "minutes": "1"})
    assert short.status_code == 422
    kind = AppointmentType.objects.get()
    wrong = office.post(
        reverse("agenda:change_type", args=[kind.id]), TYPE | {"name": ""}, follow=True
    )
    assert "Rien n’a été modifié" in text_of(wrong)


def test_type_of_another_practice_is_not_changed(practice, chloe, client_of):
    kind = AppointmentTypeFactory.create(practice=practice, name="Soin")
    said = client_of(chloe).post(reverse("agenda:change_type", args=[kind.id]), TYPE, follow=True)
    assert "n’est plus proposé" in text_of(said)
    kind.refresh_from_db()
    assert kind.name == "Soin"


def test_hours_are_typed_as_people_write_them(office, practice):
    values = {"day_0": "9h-12h30, 14h-19h", "day_2": "8:30 à 12:00", "day_5": "9h-12h et 13h-24h"}
    office.post(reverse("agenda:hours"), values)
    kept = queries.hours_of(practice.id)[None]
    assert kept[0] == [(540, 750), (840, 1140)]
    assert kept[2] == [(510, 720)]
    assert kept[5] == [(540, 720), (780, 1440)]
    shown = text_of(office.get(reverse("agenda:hours")))
    assert "9h00-12h30, 14h00-19h00" in shown
    assert told("hours")[0][0] == "change"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("matin", "n’est pas une plage"),
        ("9h-25h", "n’est pas une heure"),
        ("9h75-12h", "n’est pas une heure"),
        ("9h-12h, 11h-14h", "ne se suivent pas"),
        ("14h-9h", "ne se suivent pas"),
    ],
)
def test_hours_that_cannot_be_are_explained_beside_their_day(office, typed, words):
    answer = office.post(reverse("agenda:hours"), {"day_1": typed})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert typed in text_of(answer)
    assert not OpeningPeriod.objects.exists()


def test_practitioner_has_hours_of_her_own(office, hugo, practice):
    address = f"{reverse('agenda:hours')}?praticien={hugo.id}"
    assert "suit les horaires du cabinet" in text_of(office.get(address))
    answer = office.post(address, {"day_3": "14h-20h"})
    assert answer["Location"] == address
    assert queries.hours_of(practice.id)[hugo.id][3] == [(840, 1200)]
    unknown = f"{reverse('agenda:hours')}?praticien=personne"
    assert office.get(unknown).status_code == 404


def test_grid_is_set_to_another_step(office, practice):
    address = reverse("agenda:settings")
    office.post(address, {"step_minutes": "5", "works_on_holidays": "on"})
    kept = AgendaSettings.objects.get()
    assert (kept.step_minutes, kept.works_on_holidays) == (5, True)
    said = text_of(office.post(address, {"step_minutes": "7"}, follow=True))
    assert "Rien n’a été modifié" in said
    kept.refresh_from_db()
    assert kept.step_minutes == 5


def test_leave_of_whole_days_is_noted_and_taken_back(office, hugo, book):
    book(practitioner_id=hugo.id, starts_at=at(10, day=20))
    values = {"kind": "holiday", "practitioner": str(hugo.id)}
    values |= {"first_day": "19/03/2026", "last_day": "20/03/2026"}
    said = text_of(office.post(reverse("agenda:leave"), values, follow=True))
    assert "L’absence est notée." in said
    assert "1 rendez-vous tombe pendant cette absence" in said
    leave = Leave.objects.get()
    assert (leave.starts_at, leave.ends_at) == (at(0, day=19), at(0, day=21))
    office.post(reverse("agenda:remove_leave", args=[leave.id]))
    assert not Leave.objects.exists()
    assert [line[0] for line in told("leave")] == ["create", "change"]


def test_closing_of_some_hours_is_noted(office):
    values = {"kind": "closing", "first_day": "19/03/2026", "start": "14h", "end": "16h30"}
    office.post(reverse("agenda:leave"), values)
    leave = Leave.objects.get()
    assert leave.practitioner_id is None
    assert (leave.starts_at, leave.ends_at) == (at(14, day=19), at(16, 30, day=19))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"first_day": ""}, "obligatoire"),
        ({"last_day": "18/03/2026"}, "avant le début"),
        ({"start": "16h", "end": "14h"}, "la fin doit suivre le début"),
        ({"last_day": "19/03/2036"}, "trois ans"),
        ({"kind": "grasse matinée"}, "grasse"),
    ],
)
def test_leave_that_cannot_be_is_explained(office, wrong, words):
    answer = office.post(
        reverse("agenda:leave"), {"kind": "holiday", "first_day": "19/03/2026", **wrong}
    )
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Leave.objects.exists()


def test_leave_that_is_over_is_not_listed(office, practice):
    LeaveFactory.create(practice=practice, starts_at=at(8, month=2), ends_at=at(9, month=2))
    assert "Aucune absence à venir" in text_of(office.get(reverse("agenda:leave")))


def test_leave_of_another_practice_stays(chloe, client_of, practice):
    leave = LeaveFactory.create(practice=practice)
    said = client_of(chloe).post(reverse("agenda:remove_leave", args=[leave.id]), follow=True)
    assert "n’existe plus" in text_of(said)
    assert Leave.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_settings_are_for_those_who_manage(sarah, marc, client_of, name):
    for person in (sarah, marc):
        assert client_of(person).get(reverse(f"agenda:{name}")).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_settings_show_the_way_from_one_to_the_next(office, name):
    shown = text_of(office.get(reverse(f"agenda:{name}")))
    for other in PAGES:
        assert reverse(f"agenda:{other}") in shown
    assert reverse("practice:cabinet") in shown


def test_dentist_who_is_not_manager_sees_no_tabs_of_the_cabinet(hugo, client_of):
    shown = text_of(client_of(hugo).get(reverse("agenda:types")))
    assert reverse("practice:places") not in shown


@pytest.mark.parametrize("name", ["settings", "change_type", "move_type", "remove_leave"])
def test_changes_of_settings_are_never_followed(office, practice, name):
    kind, leave = (
        AppointmentTypeFactory.create(practice=practice),
        LeaveFactory.create(practice=practice),
    )
    arguments = {"settings": [], "remove_leave": [leave.id]}.get(name, [kind.id])
    assert office.get(reverse(f"agenda:{name}", args=arguments)).status_code == 405


def test_cabinet_leads_to_the_agenda_of_those_who_manage(office):
    assert reverse("agenda:types") in text_of(office.get(reverse("practice:cabinet")))
