"""The pages of the machines."""

from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.upkeep.workstations import operations, panels
from quenotte.upkeep.workstations.models import Exemption, Machine, MachineToken
from quenotte.web.lights import Level
from tests import factories
from tests.upkeep.workstations.conftest import Tell

pytestmark = pytest.mark.django_db
HOME = "/protection/postes/"


@pytest.fixture
def machine(practice: Any, tell: Tell) -> Machine:
    """A machine whose screen never locks."""
    made = factories.MachineFactory.create(practice=practice, name="ACCUEIL")
    tell(made)
    operations.judge_due(now=timezone.now())
    return made


def test_page_says_what_is_wrong_and_what_to_do(alice: Any, machine: Machine, client_of: Any):
    page = client_of(alice).get(HOME).content.decode()
    assert "1 poste sur 1 a besoin de vous." in page
    assert "L’écran ne se verrouille jamais seul." in page
    assert "Touches Windows + L" in page
    sheet = client_of(alice).get(reverse("workstations:machine", args=[machine.id]))
    words = sheet.content.decode()
    assert "Un écran laissé seul se lit" in words
    assert "vous pouvez le faire" in words
    assert "vu par compagnon Quenotte" in words
    assert "l’agent n’a pas pu le lire" in words


def test_page_without_machines_says_how_to_begin(alice: Any, client_of: Any):
    page = client_of(alice).get(HOME).content.decode()
    assert "Aucun poste n’est suivi." in page
    assert "Faire un code" in page


def test_code_is_shown_once(alice: Any, client_of: Any):
    client = client_of(alice)
    page = client.post(HOME, {"machines": 2}).content.decode()
    token = MachineToken.objects.get()
    assert f">{token.hint}-" in page
    assert "Le code, montré une seule fois" not in client.get(HOME).content.decode()
    assert client.post(HOME, {"machines": 0}).status_code == 422
    client.post(reverse("workstations:revoke_token", args=[token.id]))
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_machine_that_waits_is_recognised_left_and_taken_back(
    alice: Any, practice: Any, client_of: Any
):
    client = client_of(alice)
    one = factories.MachineFactory.create(practice=practice, standing="quarantine", name="RADIO")
    assert "C’est un poste du cabinet" in client.get(HOME).content.decode()
    for name, standing in (("accept", "accepted"), ("revoke", "revoked"), ("restore", "accepted")):
        answer = client.post(reverse(f"workstations:{name}", args=[one.id]), follow=True)
        assert answer.status_code == 200
        one.refresh_from_db()
        assert one.standing == standing
    answer = client.post(reverse("workstations:accept", args=[one.id]), follow=True)
    assert "Quelqu’un a déjà décidé" in answer.content.decode()
    assert Line.objects.filter(object_kind="machine").count() == 3


def test_fault_is_borne_and_counts_again(alice: Any, machine: Machine, client_of: Any):
    client = client_of(alice)
    address = reverse("workstations:bear", args=[machine.id])
    given = {"rule": "screen_locks", "reason": "never", "why": "porte fermée", "days": "30"}
    assert client.post(address, {**given, "why": ""}).status_code == 422
    assert client.post(address, {**given, "reason": "late"}).status_code == 422
    page = client.post(address, given, follow=True).content.decode()
    assert "« porte fermée »" in page
    one = Exemption.objects.get()
    page = client.post(reverse("workstations:end", args=[one.id]), follow=True).content.decode()
    assert "Ce constat compte de nouveau." in page


def test_history_and_hours_are_shown(alice: Any, machine: Machine, client_of: Any, tell: Tell):
    tell(machine, {"lock.after_s": {"value": 300}, "os.family": {"value": "windows"}}, b"2")
    operations.judge_due(now=timezone.now())
    sheet = client_of(alice).get(reverse("workstations:machine", args=[machine.id]))
    page = sheet.content.decode()
    assert "à corriger → en ordre" in page
    assert 'aria-label="9 h 30-9 h 45"' in page


@pytest.mark.parametrize("who", ["bob", "sarah", "marc"])
def test_whoever_may_not_reads_nothing(who: str, request: Any, machine: Machine, client_of: Any):
    client = client_of(request.getfixturevalue(who))
    assert client.get(HOME).status_code == 403
    assert client.get(reverse("workstations:machine", args=[machine.id])).status_code == 403
    assert client.post(reverse("workstations:revoke", args=[machine.id])).status_code == 403


def test_dentist_reads_and_does_not_decide(practice: Any, machine: Machine, client_of: Any):
    dentist = factories.PersonFactory.create(practice=practice, username="paul", role="praticien")
    client = client_of(dentist)
    assert "Faire un code" not in client.get(HOME).content.decode()
    assert client.post(HOME, {"machines": 1}).status_code == 403
    assert client.post(reverse("workstations:revoke", args=[machine.id])).status_code == 403


def test_stranger_finds_nothing_of_another_practice(
    chloe: Any, machine: Machine, alice: Any, client_of: Any
):
    client = client_of(chloe)
    one = factories.ExemptionFactory.create(machine=machine, granted_by=alice)
    token = factories.MachineTokenFactory.create(practice=alice.practice, created_by=alice)
    assert "ACCUEIL" not in client.get(HOME).content.decode()
    assert client.get(reverse("workstations:machine", args=[machine.id])).status_code == 404
    for name, of in (
        ("accept", machine), ("revoke", machine), ("restore", machine), ("bear", machine),
        ("end", one), ("revoke_token", token),
    ):  # fmt: skip
        assert client.post(reverse(f"workstations:{name}", args=[of.id])).status_code == 404


def test_light_tells_who_may_read_where_and_others_in_short(
    alice: Any, sarah: Any, machine: Machine, practice: Any, rf: RequestFactory
):
    panels.asked_anew(practice.id)
    request = rf.get("/")
    request.user = alice
    told = panels.light(request)
    assert (told.level, str(told.text)) == (Level.ATTENTION, "1 poste sur 1 a besoin de vous.")
    assert told.url == HOME
    request = rf.get("/")
    request.user = sarah
    assert (str(panels.light(request).text), panels.light(request).url) == ("à regarder", "")


def test_light_is_lit_for_whoever_waits_and_for_nobody_else(practice: Any):
    assert panels._standing(practice.id)[0] is Level.UNSET
    made = factories.MachineFactory.create(practice=practice, standing="quarantine")
    level, words = panels._standing(practice.id)
    assert (level, words) == (Level.ATTENTION, "1 poste attend que vous le reconnaissiez.")
    Machine.objects.filter(pk=made.pk).update(standing="accepted", decided_at=timezone.now())
    assert panels._standing(practice.id) == (Level.OK, "Rien à corriger sur 1 poste.")
