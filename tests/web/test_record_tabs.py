"""The parts of a record, as each person may open them."""

from uuid import UUID

from django.http import HttpRequest

from quenotte.web import navigation, record_tabs
from quenotte.web.record_tabs import RecordTab
from tests.web.conftest import rendered

PATIENT = UUID(int=7)
RECORD = RecordTab("record", "Dossier", "patients:record", "patients.read", 10)
NOTES = RecordTab("notes", "Notes <fines>", "chart:notes", "chart.read", 20)


def _drawn(request: HttpRequest, current: str = "record") -> str:
    words = "{% record_tabs patient current %}"
    return rendered(words, request=request, patient=PATIENT, current=current)


def test_parts_stand_in_order_and_the_current_one_is_named(request_of: HttpRequest) -> None:
    navigation.use_permissions(lambda request, action: True)
    for tab in (NOTES, RECORD):
        record_tabs.register(tab)
    shown = _drawn(request_of, "notes")
    assert shown.index("Dossier") < shown.index("Notes &lt;fines&gt;")
    assert f'href="/patients/{PATIENT}/notes/" aria-current="page"' in shown


def test_one_part_alone_is_no_choice(request_of: HttpRequest) -> None:
    navigation.use_permissions(lambda request, action: action == "patients.read")
    for tab in (NOTES, RECORD):
        record_tabs.register(tab)
    assert _drawn(request_of) == ""


def test_a_stranger_is_offered_nothing(stranger_request: HttpRequest) -> None:
    navigation.use_permissions(lambda request, action: True)
    assert _drawn(stranger_request) == ""
