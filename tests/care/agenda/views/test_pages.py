import pytest
from django.urls import reverse

from quenotte.base.audit.models import Line
from tests.care.agenda.conftest import at
from tests.care.agenda.views.conftest import text_of, told
from tests.factories import (
    AppointmentTypeFactory,
    LeaveFactory,
    MedicalAlertFactory,
    PinFactory,
)

PAGE = reverse("agenda:page")
FEED = reverse("agenda:feed")


def test_page_says_what_the_grid_needs(desk, chair):
    shown = text_of(desk.get(f"{PAGE}?jour=2026-03-18&vue=semaine&colonnes=praticiens"))
    for part in (
        'data-island="agenda"',
        'data-day="2026-03-18"',
        'data-view="semaine"',
        'data-columns="praticiens"',
        'data-step="15"',
        'data-may-write="true"',
        'id="reservation"',
        "Personne n’attend",
    ):
        assert part in shown


def test_page_is_remembered_by_this_browser(desk, chair):
    desk.get(f"{PAGE}?vue=semaine&colonnes=praticiens")
    shown = text_of(desk.get(PAGE))
    assert 'data-view="semaine"' in shown
    assert 'data-columns="praticiens"' in shown
    assert desk.cookies["agenda"].value == "semaine.praticiens"


@pytest.mark.parametrize("day", ["", "hier", "2026-02-30", "0001-01-01", "9999-12-31", "x" * 500])
def test_day_that_is_none_shows_today(desk, day):
    shown = text_of(desk.get(PAGE, {"jour": day}))
    assert 'data-day="2026-03-17"' in shown


def test_manager_reads_the_agenda_and_books_nothing(practice, client_of):
    from tests.factories import PersonFactory

    manager = PersonFactory.create(practice=practice, role="gestionnaire")
    shown = text_of(client_of(manager).get(PAGE))
    assert 'data-may-write="false"' in shown
    assert 'id="reservation"' not in shown


def test_accountant_is_refused_with_a_line(marc, client_of):
    assert client_of(marc).get(PAGE).status_code == 403
    assert told("page") == [("read", "agenda.read", "refused")]


def test_stranger_is_led_to_the_login(client):
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("name", ["page", "feed", "print", "waiting_room", "pinboard"])
def test_pages_are_only_read(desk, name):
    assert desk.post(reverse(f"agenda:{name}")).status_code == 405


def test_each_opening_of_a_day_is_one_line_and_a_redraw_none(desk):
    desk.get(f"{PAGE}?jour=2026-03-18&vue=jour")
    opened = [line for line in told("day") if line[1] == "2026-03-18"]
    assert opened == [("read", "2026-03-18", "ok")]
    for _ in range(3):
        desk.get(f"{FEED}?jour=2026-03-18&vue=jour")
    assert [line for line in told("day") if line[1] == "2026-03-18"] == opened
    desk.get(f"{FEED}?jour=2026-03-18&vue=jour&ouverture=1")
    assert len([line for line in told("day") if line[1] == "2026-03-18"]) == 2


def test_a_week_that_was_not_opened_is_opened_by_its_data(desk):
    desk.get(f"{FEED}?jour=2026-03-18&vue=semaine")
    assert told("days") == [("read", "2026-03-16/7", "ok")]


def test_feed_holds_the_appointments_of_the_days_alone(desk, book, patient):
    kept = book(starts_at=at(10))
    book(starts_at=at(10, day=19))
    answer = desk.get(f"{FEED}?jour=2026-03-18&vue=jour")
    assert answer["Content-Type"] == "application/json"
    (row,) = answer.json()["rows"]
    assert row[0] == str(kept.id)
    assert row[2] == 600
    assert patient.birth_name.upper() in row[8]


def test_feed_of_another_practice_is_empty(book, chloe, client_of):
    book()
    assert client_of(chloe).get(f"{FEED}?jour=2026-03-18").json()["rows"] == []


def test_feed_is_not_sent_twice_to_who_knows_it(desk, book):
    book()
    address = f"{FEED}?jour=2026-03-18&vue=jour"
    first = desk.get(address)
    assert first["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": first["ETag"]}
    assert desk.get(address, headers=known).status_code == 304
    book(starts_at=at(11))
    assert desk.get(address, headers=known).status_code == 200


def test_list_says_in_a_table_what_the_grid_shows(desk, book, patient, hugo):
    book(title="Contrôle annuel")
    LeaveFactory.create(
        practice=hugo.practice, practitioner=hugo, starts_at=at(8), ends_at=at(20), kind="holiday"
    )
    shown = text_of(desk.get(f"{PAGE}?jour=2026-03-18&vue=liste"))
    for words in ("9 h 00", "Contrôle annuel", "Réservé", "Congés", "<table"):
        assert words in shown
    assert 'data-island="agenda"' not in shown


def test_printed_day_is_a_line_of_its_own_and_hides_what_was_cancelled(desk, book, patient):
    book(title="Détartrage")
    gone = book(starts_at=at(11), title="Extraction")
    gone.status = "cancelled"
    gone.save()
    MedicalAlertFactory.create(patient=patient, label="Allergie au latex")
    shown = text_of(desk.get(reverse("agenda:print"), {"jour": "2026-03-18"}))
    assert "Détartrage" in shown
    assert "Allergie au latex" in shown
    assert "Extraction" not in shown
    assert "Imprimé le" in shown
    assert ("print", "2026-03-18", "ok") in told("day")


def test_waiting_room_shows_since_when(desk, book, patient, frozen_clock):
    visit = book(starts_at=at(9, 30, day=17))
    visit.status, visit.arrived_at = "arrived", at(9, 10, day=17)
    visit.save()
    answer = desk.get(reverse("agenda:waiting_room"), headers={"HX-Request": "true"})
    shown = text_of(answer)
    assert "depuis 9 h 10" in shown
    assert "20 min" in shown
    assert "attend longtemps" in shown
    assert f'data-since="{int(at(9, 10, day=17).timestamp())}000"' in shown


def test_parts_of_the_page_lead_to_it_without_script(desk):
    for name in ("waiting_room", "pinboard"):
        assert desk.get(reverse(f"agenda:{name}"))["Location"] == PAGE


def test_pinboard_shows_what_is_carried(desk, book, sarah, patient):
    PinFactory.create(person=sarah, appointment=book())
    shown = text_of(desk.get(reverse("agenda:pinboard"), headers={"HX-Request": "true"}))
    assert patient.birth_name.upper() in shown
    assert 'data-minutes="30"' in shown


def test_redraws_of_parts_write_one_line_a_day(desk):
    for _ in range(3):
        desk.get(reverse("agenda:waiting_room"), headers={"HX-Request": "true"})
        desk.get(reverse("agenda:pinboard"), headers={"HX-Request": "true"})
    assert told("day") == [("read", "2026-03-17", "ok")]


def test_legend_names_the_types(desk, practice):
    AppointmentTypeFactory.create(practice=practice, name="Contrôle", colour="violet")
    shown = text_of(desk.get(PAGE))
    assert "kind-violet" in shown
    assert "Contrôle" in shown


def test_patient_of_a_record_is_carried_into_the_booking(desk, patient):
    shown = text_of(desk.get(PAGE, {"patient": str(patient.id)}))
    assert 'data-opens-booking="true"' in shown
    assert patient.full_name in shown
    assert Line.objects.filter(patient_id=patient.id, action="read").count() == 1


def test_patient_of_another_practice_is_not_carried(client_of, chloe, patient):
    assert client_of(chloe).get(PAGE, {"patient": str(patient.id)}).status_code == 404
