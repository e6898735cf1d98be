import pytest
from django.urls import reverse

from quenotte.base.live.models import Event
from quenotte.care.agenda.models import Appointment, Pin
from tests.care.agenda.conftest import at
from tests.care.agenda.views.conftest import change, heard, refusals, toast, told
from tests.factories import AppointmentTypeFactory, ShortNoticeFactory

CHANGES = ("move", "resize", "set_status", "cancel", "undo_status", "change", "pin", "unpin")


def again(visit):
    visit.refresh_from_db()
    return visit


def test_appointment_is_dragged_to_another_chair_and_time(desk, book, other_chair):
    visit = book()
    answer = change(
        desk, "move", visit, version=1, day="2026-03-19", time="10:15",
        columns="fauteuils", column=str(other_chair.id),
    )  # fmt: skip
    assert answer.status_code == 204
    assert again(visit).starts_at == at(10, 15, day=19)
    assert visit.chair_id == other_chair.id
    assert toast(answer) == "Rendez-vous déplacé : jeudi 19 mars à 10 h 15."
    assert heard(answer)["agenda:changed"] == {"id": str(visit.id), "version": 2}
    assert told("appointment")[-1] == ("change", str(visit.id), "ok")
    assert Event.objects.filter(name="agenda").count() == 2


def test_move_is_taken_back_by_its_toast(desk, book, other_chair, opened):
    visit = book()
    values = {"version": 1, "day": "2026-03-19", "time": "10:15"}
    values |= {"columns": "fauteuils", "column": str(other_chair.id)}
    undo = heard(change(desk, "move", visit, **values))["toast"]["undoUrl"]
    before = visit.chair_id
    assert desk.post(undo, headers={"HX-Request": "true"}).status_code == 204
    assert again(visit).starts_at == at(9)
    assert visit.chair_id == before


def test_column_of_a_practitioner_changes_who_treats(desk, book, hugo):
    visit = book()
    change(
        desk, "move", visit, version=1, day="2026-03-18", time="09:00",
        columns="praticiens", column=str(hugo.id),
    )  # fmt: skip
    assert again(visit).practitioner_id == hugo.id


def test_column_without_chair_takes_the_chair_away(desk, book):
    visit = book()
    values = {"day": "2026-03-18", "time": "09:00", "columns": "fauteuils", "column": ""}
    change(desk, "move", visit, version=1, **values)
    assert again(visit).chair_id is None


@pytest.mark.parametrize(
    "values",
    [
        {"columns": "praticiens", "column": ""},
        {"columns": "fauteuils", "column": "ailleurs"},
        {"columns": "fauteuils", "column": "00000000-0000-0000-0000-000000000000"},
        {"time": "26:00"},
        {"day": "2026-02-30"},
        {"day": ""},
    ],
)
def test_place_that_is_none_is_refused_and_redrawn(desk, book, values):
    visit = book()
    answer = change(
        desk, "move", visit, **{"version": 1, "day": "2026-03-19", "time": "9:00", **values}
    )
    assert answer.status_code == 409
    assert "Rien n’a été" in toast(answer)
    assert "agenda:changed" in heard(answer)
    assert again(visit).version == 1


@pytest.mark.parametrize(
    ("day", "time", "reason", "words"),
    [
        ("2027-02-29", "9:00", "no_such_day", "n’existe pas dans le calendrier"),
        ("29/02/2027", "9:00", "no_such_day", "n’existe pas dans le calendrier"),
        ("2026-03-29", "2:30", "no_such_time", "les horloges avancent"),
        ("", "9:00", None, "obligatoire"),
        ("demain", "9:00", None, "n’est pas une date"),
    ],
)
def test_moment_that_no_calendar_has_is_told_and_noted(desk, book, day, time, reason, words):
    visit = book()
    assert words in toast(change(desk, "move", visit, version=1, day=day, time=time))
    assert again(visit).version == 1
    noted = [("change", str(visit.id), reason, visit.patient_id)]
    assert refusals() == (noted if reason else [])


def test_move_from_an_old_version_is_told_and_overwrites_nothing(desk, book, other_chair):
    visit = book()
    change(desk, "set_status", visit, version=1, status="confirmed")
    answer = change(desk, "move", visit, version=1, day="2026-03-19", time="10:00")
    assert answer.status_code == 409
    assert "confirmé" in toast(answer)
    assert heard(answer)["agenda:changed"] == {"version": 2}
    assert again(visit).starts_at == at(9)
    noted = ("change", str(visit.id), "changed_meanwhile", visit.patient_id)
    assert refusals() == [noted]
    # Who is told again hears of what was done, not of what was refused.
    assert "confirmé" in toast(change(desk, "resize", visit, version=1, minutes=45))


def test_move_onto_somebody_is_refused_in_words(desk, book):
    visit = book()
    book(starts_at=at(10))
    answer = change(desk, "move", visit, version=1, day="2026-03-18", time="10:15")
    assert answer.status_code == 409
    assert "déjà pris" in toast(answer)
    assert refusals() == [("change", str(visit.id), "slot_taken", visit.patient_id)]


def test_change_of_what_is_cancelled_is_noted(desk, book):
    visit = book()
    change(desk, "cancel", visit, version=1, reason="patient")
    answer = change(desk, "resize", visit, version=2, minutes=45)
    assert "ne peut plus être modifié" in toast(answer)
    assert refusals() == [("change", str(visit.id), "no_longer_there", visit.patient_id)]


def test_closed_hours_are_asked_about_and_taken_when_she_insists(desk, book, opened):
    visit = book()
    values = {"version": 1, "day": "2026-03-18", "time": "07:00"}
    answer = change(desk, "move", visit, **values)
    assert answer.status_code == 409
    assert "En dehors des horaires" in heard(answer)["agenda:anyway"]
    assert "toast" not in heard(answer)
    assert [line[2] for line in refusals()] == ["closed"]
    assert change(desk, "move", visit, **values, anyway="1").status_code == 204
    assert again(visit).starts_at == at(7)


def test_who_may_not_insist_is_refused_at_once(bob, client_of, book, opened):
    answer = change(client_of(bob), "move", book(), version=1, day="2026-03-18", time="07:00")
    assert "agenda:anyway" not in heard(answer)
    assert "En dehors des horaires" in toast(answer)


def test_edge_is_dragged_and_put_back(desk, book):
    visit = book()
    answer = change(desk, "resize", visit, version=1, minutes=45)
    assert again(visit).minutes == 45
    assert "45 minutes" in toast(answer)
    desk.post(heard(answer)["toast"]["undoUrl"], headers={"HX-Request": "true"})
    assert again(visit).minutes == 30


@pytest.mark.parametrize("minutes", ["0", "-15", "", "beaucoup", "2000", "3"])
def test_length_that_is_none_is_refused(desk, book, minutes):
    visit = book()
    answer = change(desk, "resize", visit, version=1, minutes=minutes)
    assert answer.status_code == 409
    assert "Rien n’a été" in toast(answer)
    assert again(visit).minutes == 30


def test_step_is_taken_and_taken_back(desk, book):
    visit = book(starts_at=at(9, 0, day=17))
    answer = change(desk, "set_status", visit, version=1, status="arrived")
    assert again(visit).status == "arrived"
    assert "Arrivé" in toast(answer)
    back = desk.post(heard(answer)["toast"]["undoUrl"], headers={"HX-Request": "true"})
    assert "Réservé" in toast(back)
    assert again(visit).status == "booked"


@pytest.mark.parametrize("status", ["", "parti", "booked; drop"])
def test_step_that_is_none_is_refused(desk, book, status):
    answer = change(desk, "set_status", book(), version=1, status=status)
    assert answer.status_code == 409


def test_step_that_does_not_follow_is_refused_in_words(desk, book):
    answer = change(desk, "set_status", book(), version=1, status="done")
    assert answer.status_code == 409
    assert toast(answer)


def test_cancelled_place_is_offered_to_who_waits(desk, book, practice):
    visit = book()
    answer = change(desk, "cancel", visit, version=1, reason="patient")
    assert "freed" not in heard(answer)["agenda:changed"]
    other = book()
    ShortNoticeFactory.create(practice=practice, minutes=30)
    answer = change(desk, "cancel", other, version=1, reason="patient")
    assert heard(answer)["agenda:changed"]["freed"] == str(other.id)
    assert again(other).cancel_reason == "patient"


def test_cancel_needs_a_reason_of_the_list(desk, book):
    visit = book()
    assert change(desk, "cancel", visit, version=1, reason="caprice").status_code == 409
    assert again(visit).status == "booked"


def test_details_are_changed(desk, book, practice):
    visit, kind = book(), AppointmentTypeFactory.create(practice=practice)
    values = {"version": 1, "kind": str(kind.id), "title": "Suite", "note": "Radio d’abord"}
    answer = change(desk, "change", visit, **values, assistant_minutes="15")
    assert answer.status_code == 204
    assert again(visit).kind_id == kind.id
    assert (visit.title, visit.note, visit.assistant_minutes) == ("Suite", "Radio d’abord", 15)


def test_retired_type_stays_where_it_is(desk, book, practice):
    kind = AppointmentTypeFactory.create(practice=practice)
    visit = book(kind_id=kind.id)
    kind.is_active = False
    kind.save()
    values = {"version": 1, "kind": str(kind.id), "title": "Suite"}
    assert change(desk, "change", visit, **values).status_code == 204
    assert again(visit).title == "Suite"


def test_appointment_is_pinned_by_one_person_and_detached(desk, book, bob, client_of):
    visit = book()
    assert change(desk, "pin", visit).status_code == 204
    assert Pin.objects.count() == 1
    refused = change(client_of(bob), "pin", visit)
    assert refused.status_code == 409
    assert "déjà sur le panneau" in toast(refused)
    assert "Sa place n’a pas changé" in toast(change(desk, "unpin", visit))
    assert not Pin.objects.exists()


@pytest.mark.parametrize("name", CHANGES)
def test_change_is_for_the_desk_alone(marc, client_of, book, name):
    visit = book()
    assert change(client_of(marc), name, visit).status_code == 403
    assert ("change", "agenda.write", "refused") in told("page")


@pytest.mark.parametrize("name", CHANGES)
def test_change_of_another_practice_is_none(chloe, client_of, book, name):
    visit = book()
    values = {"version": 1, "day": "2026-03-19", "time": "10:00", "minutes": 45}
    answer = change(client_of(chloe), name, visit, **values, status="confirmed", reason="other")
    assert answer.status_code in {404, 409}
    assert again(visit).version == 1
    # The line of a stranger names no patient of ours.
    assert {line[3] for line in refusals()} <= {None}
    assert not Pin.objects.exists()


@pytest.mark.parametrize("name", CHANGES)
def test_change_is_never_an_address_that_is_followed(desk, book, name):
    assert desk.get(reverse(f"agenda:{name}", args=[book().id])).status_code == 405


def test_change_works_without_script(desk, book):
    visit = book(starts_at=at(9, 0, day=17))
    address = reverse("agenda:set_status", args=[visit.id])
    answer = desk.post(address, {"version": 1, "status": "arrived"})
    assert answer["Location"] == reverse("agenda:page")
    page = "http://testserver/agenda/?vue=liste"
    refused = desk.post(address, {"version": 1, "status": "done"}, headers={"Referer": page})
    assert refused["Location"] == page
    assert Appointment.objects.get().status == "arrived"


def test_page_of_somebody_else_is_not_led_back_to(desk, book):
    address = reverse("agenda:pin", args=[book().id])
    answer = desk.post(address, headers={"Referer": "https://ailleurs.example/"})
    assert answer["Location"] == reverse("agenda:page")
