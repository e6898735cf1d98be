import json
from datetime import timedelta

import pytest

from quenotte.care.agenda import operations, queries
from tests.care.agenda.conftest import at
from tests.care.people import actor
from tests.factories import (
    AppointmentFactory,
    AppointmentTypeFactory,
    LeaveFactory,
    OpeningPeriodFactory,
    PatientFactory,
    PersonFactory,
    PinFactory,
)

pytestmark = pytest.mark.django_db

MONDAY = at(0, day=16).date()


@pytest.fixture
def week(alice):
    def shown(first=MONDAY, days=7):
        return queries.window(alice.practice_id, first, days)

    return shown


def test_week_of_an_empty_practice(week, alice, chair):
    shown = week()
    assert (shown["from"], shown["days"], shown["step"]) == ("2026-03-16", 7, 15)
    assert shown["zone"] == "Europe/Paris"
    assert shown["now"] == "2026-03-17T08:30:00+00:00"
    assert shown["people"] == [[str(alice.id), alice.full_name]]
    assert shown["chairs"] == [[str(chair.id), "Salle 1"]]
    assert (shown["rows"], shown["closed"], shown["types"], shown["pins"]) == ([], [], [], [])


def test_row_of_an_appointment(week, book, patient, alice):
    kind = AppointmentTypeFactory.create(practice=alice.practice, name="Contrôle", colour="sky")
    made = book(kind_id=kind.id, assistant_minutes=10)
    shown = week()
    assert shown["types"] == [[str(kind.id), "Contrôle", "sky", 30, 0]]
    assert shown["rows"] == [
        [str(made.id), 2, 540, 30, 0, 0, 0, "b", patient.full_name, "Contrôle", 1, 10]
    ]
    json.dumps(shown)


@pytest.mark.parametrize("status", [*queries.LETTERS])
def test_row_says_its_status_in_a_letter(week, alice, patient, status):
    AppointmentFactory.create(patient=patient, practitioner=alice, starts_at=at(9), status=status)
    (row,) = week()["rows"]
    assert row[7] == queries.LETTERS[status]
    assert row[5:7] == [-1, -1]
    assert len(set(queries.LETTERS.values())) == 7


def test_week_is_half_open(week, alice, patient):
    for moment in (at(23, 45, day=15), at(0, day=16), at(23, 30, day=22), at(0, day=23)):
        AppointmentFactory.create(patient=patient, practitioner=alice, starts_at=moment)
    assert [row[1:3] for row in week()["rows"]] == [[0, 0], [6, 1410]]


def test_rows_that_begin_together_keep_their_own_length_and_day(week, alice, patient):
    carole = PersonFactory.create(practice=alice.practice, role="praticien")
    for who, starts_at, minutes in (
        (alice, at(9), 30),
        (carole, at(9), 45),
        (alice, at(9) + timedelta(days=1), 30),
        (carole, at(9) + timedelta(days=1), 30),
    ):
        AppointmentFactory.create(
            patient=patient,
            practitioner=who,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
        )
    rows = week()["rows"]
    assert sorted(row[1:4] for row in rows) == [
        [2, 540, 30], [2, 540, 45], [3, 540, 30], [3, 540, 30],
    ]  # fmt: skip
    assert {row[4] for row in rows} == {0, 1}


def test_week_of_spring_shows_the_wall_clock(week, alice, patient):
    AppointmentFactory.create(
        patient=patient, practitioner=alice, starts_at=at(9, day=29), ends_at=at(9, 30, day=29)
    )
    (row,) = week(first=at(0, day=23).date())["rows"]
    assert row[1:4] == [6, 540, 30]


def test_week_names_who_left_and_types_of_old(week, alice, patient):
    gone = PersonFactory.create(practice=alice.practice, is_active=False, last_name="Zola")
    kind = AppointmentTypeFactory.create(practice=alice.practice, is_active=False)
    AppointmentFactory.create(patient=patient, practitioner=gone, kind=kind, starts_at=at(9))
    shown = week()
    assert [str(gone.id), gone.full_name] in shown["people"]
    (row,) = shown["rows"]
    assert shown["people"][row[4]][0] == str(gone.id)
    assert shown["types"][row[6]][0] == str(kind.id)


def test_week_of_another_practice_is_its_own(week, book, chloe):
    book()
    assert queries.window(chloe.practice_id, MONDAY, 7)["rows"] == []


def test_week_shows_what_is_pinned(week, book, sarah):
    pinned = PinFactory.create(appointment=book(), person=sarah)
    assert week()["pins"] == [str(pinned.appointment_id)]


def closed_on(shown, day):
    return [tuple(it[1:]) for it in shown["closed"] if it[0] == day]


def test_week_shades_what_the_hours_leave(week, opened):
    shown = week()
    assert closed_on(shown, 1) == [
        (0, 540, -1, "closed", "Fermé"),
        (750, 840, -1, "closed", "Fermé"),
        (1140, 1440, -1, "closed", "Fermé"),
    ]
    assert closed_on(shown, 5) == [(0, 1440, -1, "closed", "Fermé")]


def test_week_shades_the_hours_of_a_practitioner_apart(week, alice, opened):
    OpeningPeriodFactory.create(
        practice=alice.practice, practitioner=alice, weekday=1, opens_minute=600, closes_minute=720
    )
    assert [it for it in closed_on(week(), 1) if it[2] == 0] == [
        (0, 600, 0, "closed", "Fermé"),
        (720, 1440, 0, "closed", "Fermé"),
    ]


def test_week_shades_a_holiday_once_and_says_which(week, alice, opened):
    OpeningPeriodFactory.create(practice=alice.practice, practitioner=alice, weekday=1)
    shown = week(first=at(0, day=13, month=7).date())
    assert closed_on(shown, 1) == [(0, 1440, -1, "holiday", "Fête nationale")]


def test_week_shades_leave_from_its_minute_on(week, alice):
    LeaveFactory.create(
        practice=alice.practice, practitioner=alice, starts_at=at(14), ends_at=at(12, day=19)
    )
    LeaveFactory.create(
        practice=alice.practice, kind="closing", starts_at=at(0, day=20), ends_at=at(0, day=21)
    )
    shown = week()
    assert closed_on(shown, 2) == [(840, 1440, 0, "leave", f"Congés ({alice.full_name}).")]
    assert closed_on(shown, 3) == [(0, 720, 0, "leave", f"Congés ({alice.full_name}).")]
    assert closed_on(shown, 4) == [(0, 1440, -1, "leave", "Fermeture du cabinet.")]
    assert closed_on(shown, 5) == []


def test_week_over_new_year_knows_both_years(week):
    shown = week(first=at(0, day=28, month=12).date())
    assert closed_on(shown, 4) == [(0, 1440, -1, "holiday", "Jour de l’An")]


def test_week_of_a_practice_in_alsace_rests_on_good_friday(week, alice):
    alice.practice.postcode = "67000"
    alice.practice.save()
    shown = week(first=at(0, day=30).date())
    assert closed_on(shown, 4) == [(0, 1440, -1, "holiday", "Vendredi saint")]


def test_week_of_a_practice_that_works_on_holidays_shades_none(week, alice):
    operations.save_settings(actor=actor(alice), step_minutes=5, works_on_holidays=True)
    shown = week(first=at(0, day=13, month=7).date())
    assert (shown["closed"], shown["step"]) == ([], 5)


def test_chairs_of_one_room_are_told_apart(alice, chair, other_chair):
    from tests.factories import ChairFactory

    ChairFactory.create(room=chair.room, name="Fauteuil 9")
    names = [column.name for column in queries.chairs(alice.practice_id)]
    assert names == ["Salle 1, Fauteuil 1", "Salle 1, Fauteuil 9", "Salle 2"]


def test_week_costs_few_queries_and_few_bytes(week, alice, opened, django_assert_max_num_queries):
    people = [PatientFactory.create(practice=alice.practice) for _ in range(20)]
    kind = AppointmentTypeFactory.create(practice=alice.practice)
    for n in range(400):
        AppointmentFactory.create(
            patient=people[n % 20],
            practitioner=alice,
            kind=kind,
            starts_at=at(9, day=16) + timedelta(minutes=20 * n),
        )
    with django_assert_max_num_queries(10):
        shown = week()
    assert len(shown["rows"]) == 400
    assert len(json.dumps(shown, separators=(",", ":")).encode()) < 80_000
