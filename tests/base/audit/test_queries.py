"""The journal is read by pages, within one practice."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from quenotte.base.audit import queries
from quenotte.base.audit.models import Head, Line
from quenotte.base.audit.operations import record
from quenotte.base.audit.queries import Wanted
from quenotte.base.audit.rules import SYSTEM, Action, Actor

pytestmark = pytest.mark.django_db

HERE = UUID(int=1)
ELSEWHERE = UUID(int=2)
PERSON = UUID(int=3)
PATIENT = UUID(int=4)


def _write(count: int = 1, *, practice_id: UUID | None = HERE, **values: Any) -> None:
    actor = Actor(values.pop("person_id", None), "", practice_id, "", "web")
    for _ in range(count):
        record(actor=actor, **{"action": Action.READ, **values})


def _numbers(wanted: Wanted | None = None, **options: int) -> list[int]:
    lines, _ = queries.page(HERE, wanted or Wanted(), **options)
    return [line.number for line in lines]


def test_page_shows_the_newest_first_and_leads_to_the_rest() -> None:
    _write(queries.PAGE + 3)

    lines, more = queries.page(HERE, Wanted())

    assert [line.number for line in lines] == list(range(53, 3, -1))
    assert _numbers(before=more) == [3, 2, 1]
    assert queries.page(HERE, Wanted(), before=more)[1] == 0


def test_page_of_exactly_one_page_has_no_rest() -> None:
    _write(queries.PAGE)

    assert queries.page(HERE, Wanted())[1] == 0


def test_page_hides_another_practice_and_shows_what_has_none() -> None:
    _write()
    _write(practice_id=ELSEWHERE)
    _write(practice_id=None)

    assert _numbers() == [3, 1]


def test_page_filters_by_each_column() -> None:
    _write()
    _write(person_id=PERSON)
    _write(action=Action.EXPORT)
    _write(patient_id=PATIENT)
    _write(result="refused")
    _write(result="locked")

    assert _numbers(Wanted(person_id=PERSON)) == [2]
    assert _numbers(Wanted(action="export")) == [3]
    assert _numbers(Wanted(patient_id=PATIENT)) == [4]
    assert _numbers(Wanted(result="not_ok")) == [6, 5]
    assert _numbers(Wanted(result="ok")) == [4, 3, 2, 1]


def test_page_filters_by_days_of_the_practice(frozen_clock: time_machine.Traveller) -> None:
    for _ in range(5):
        _write(3)
        frozen_clock.shift(timedelta(days=1))
    first = date(2026, 3, 17)

    assert _numbers(Wanted(since=first + timedelta(days=3))) == list(range(15, 9, -1))
    assert _numbers(Wanted(until=first)) == [3, 2, 1]
    assert _numbers(Wanted(since=first + timedelta(1), until=first + timedelta(2))) == [
        9, 8, 7, 6, 5, 4,
    ]  # fmt: skip
    assert _numbers(Wanted(since=date(2030, 1, 1))) == []
    assert _numbers(Wanted(until=date(2020, 1, 1))) == []


def test_page_of_an_empty_journal_is_empty() -> None:
    assert queries.page(HERE, Wanted(since=date(2026, 1, 1))) == ([], 0)


def test_every_yields_all_by_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_CHUNK", 4)
    _write(9)

    assert [line.number for line in queries.every(HERE, Wanted())] == list(range(9, 0, -1))


def test_patient_is_found_by_internal_id_or_through_the_upper_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "_patients", [])
    assert queries.patient_by_file_number(HERE, str(PATIENT)) == PATIENT
    assert queries.patient_by_file_number(HERE, "12") is None

    queries.use_patients(
        queries.PatientNames(
            find=lambda practice_id, text: PATIENT if text == "12" else None,
            labels=lambda practice_id, ids: {PATIENT: "Dossier 12"},
        )
    )

    assert queries.patient_by_file_number(HERE, "12") == PATIENT
    assert queries.patient_by_file_number(HERE, "13") is None
    other = uuid4()
    lines = [Line(patient_id=PATIENT), Line(patient_id=other), Line()]
    assert queries.patient_labels(HERE, lines) == {PATIENT: "Dossier 12", other: str(other)}


def test_patient_labels_without_the_upper_room_are_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_patients", [])

    assert queries.patient_labels(HERE, [Line(patient_id=PATIENT)]) == {PATIENT: str(PATIENT)}


def test_page_of_one_person_hides_another_practice() -> None:
    _write(person_id=PERSON)
    _write(person_id=PERSON, practice_id=ELSEWHERE)
    _write(person_id=PERSON, practice_id=None)

    assert _numbers(Wanted(person_id=PERSON)) == [3, 1]


def test_line_and_head_name_themselves() -> None:
    _write()

    assert str(Line.objects.get()) == "1 read"
    assert str(Head.objects.get()) == "1"


def test_system_lines_belong_to_no_practice() -> None:
    assert record(action=Action.RECEIVE, actor=SYSTEM).practice_id is None


def test_received_pictures_count_as_done_and_damaged_ones_do_not() -> None:
    for result in ("filed", "tray", "duplicate", "quarantine"):
        _write(result=result)

    assert _numbers(Wanted(result="ok")) == [3, 2, 1]
    assert _numbers(Wanted(result="not_ok")) == [4]
