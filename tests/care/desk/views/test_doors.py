"""Who may ask for which page, and how."""

import pytest
from django.test import Client

from quenotte.base.audit.models import Line
from tests.care.desk.views.pages import NOWHERE, url

#: (name, arguments, verb, who may not) of each address of the desk.
READS = ["calls", "buttons", "tasks", "badge", "callbacks", "words", "kinds"]


WRITES = [
    "send", "answer", "withdraw", "put_away", "change_kind", "move_kind", "remove_kind",
    "restore_kind", "finish", "reopen", "comment", "note_try", "finish_callback",
    "reopen_callback", "read_word", "take_down", "put_back",
]  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
def test_write_wants_a_post(alice, client_of, name):
    assert client_of(alice).get(url(name, NOWHERE)).status_code == 405


@pytest.mark.parametrize("name", ["calls", "buttons", "badge", "patients"])
def test_read_wants_a_get(alice, client_of, name):
    assert client_of(alice).post(url(name)).status_code == 405


@pytest.mark.parametrize("name", READS)
def test_stranger_is_led_to_login(alice, name):
    assert Client().get(url(name))["Location"].startswith("/connexion/")


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("marc", "calls"), ("marc", "words"), ("marc", "callbacks"), ("bob", "kinds"),
        ("marc", "patients"), ("sarah", "kinds"),
    ],
)  # fmt: skip
def test_wrong_role_is_refused_and_written(request, client_of, who, name):
    assert client_of(request.getfixturevalue(who)).get(url(name)).status_code == 403
    assert Line.objects.get().result == "refused"


@pytest.mark.parametrize("name", ["calls", "buttons", "badge"])
def test_fragment_without_script_leads_to_a_page(alice, client_of, name):
    assert client_of(alice).get(url(name)).status_code == 302
