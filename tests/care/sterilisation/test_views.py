import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.care.sterilisation.models import Autoclave, PouchUse, SterilisationCycle
from tests.factories import (
    AutoclaveFactory,
    PersonFactory,
    PouchFactory,
    PouchUseFactory,
    SterilisationCycleFactory,
)


def url(name, *args):
    return reverse(f"sterilisation:{name}", args=args)


def page(answer):
    return html.unescape(answer.content.decode())


def test_first_run_leads_to_the_first_autoclave(bob, client_of):
    client = client_of(bob)
    assert "Aucun autoclave pour l’instant" in page(client.get(url("home")))
    typed = {
        "nouveau-name": "Autoclave 1", "nouveau-letter": "B", "nouveau-is_active": "on",
        "nouveau-programmes": "Prion 134 °C 18 min",
    }  # fmt: skip
    wrong = client.post(url("settings") + "?autoclave", typed | {"nouveau-programmes": "Four"})
    assert "n’est pas comprise : « Four »" in page(wrong)
    assert client.post(url("settings") + "?autoclave", typed).status_code == 302
    assert "porte déjà ce nom" in page(client.post(url("settings") + "?autoclave", typed))
    client.post(url("settings"), {"shelf_days": 45, "kits": "Kit"})
    assert client.post(url("settings"), {"shelf_days": 0}).status_code == 422
    machine = Autoclave.objects.get()
    changed = {"name": "Mélusine", "letter": "B", "programmes": "Prion 134 °C 18 min"}
    assert client.post(url("autoclave", machine.id), changed | {"name": ""}).status_code == 422
    assert client.post(url("autoclave", machine.id), changed).status_code == 302
    assert "hors service" in page(client.get(url("settings")))


def test_programmes_name_their_autoclave_when_there_are_several(bob, client_of):
    first = AutoclaveFactory.create(practice=bob.practice)
    client = client_of(bob)
    assert f">{first.name} · " not in page(client.get(url("home")))
    second = AutoclaveFactory.create(practice=bob.practice)
    shown = page(client.get(url("home")))
    assert f">{first.name} · " in shown
    assert f">{second.name} · " in shown


def test_cycle_is_run_from_its_pages(bob, settings, tmp_path, client_of):
    machine = AutoclaveFactory.create(practice=bob.practice)
    client = client_of(bob)
    assert "Test du jour à faire" in page(client.get(url("home")))
    client.post(url("test", machine.id), {"kind": "helix", "result": "oui"})
    assert "Test du jour conforme" in page(client.get(url("home")))
    assert client.post(url("home"), {"where": "x"}).status_code == 422
    answer = client.post(url("home"), {"where": f"{machine.id}:0", "load": "6 kits"})
    cycle = SterilisationCycle.objects.get()
    assert answer.url == url("cycle", cycle.id)
    again = client.post(url("home"), {"where": f"{machine.id}:0"})
    assert "déjà en cours" in page(again)
    assert client.post(url("make", cycle.id), {"content": "", "count": 0}).status_code == 422
    client.post(url("make", cycle.id), {"content": "Kit", "count": 2})
    assert client.post(url("end", cycle.id), {}).status_code == 422
    ticket = SimpleUploadedFile("t.pdf", b"%PDF-1.4 x")
    wrong = {"indicator": "oui", "ticket": SimpleUploadedFile("t.exe", b"MZ")}
    assert client.post(url("end", cycle.id), wrong).status_code == 422
    client.post(url("end", cycle.id), {"indicator": "oui", "ticket": ticket})
    sent = client.get(url("ticket", cycle.id))
    assert sent.content == b"%PDF-1.4 x"
    assert sent["Content-Security-Policy"].startswith("sandbox")
    assert sent["Content-Disposition"] == 'attachment; filename="ticket.pdf"'
    client.post(url("decide", cycle.id), {"decision": "conforme"})
    cycle.refresh_from_db()
    assert cycle.state == "released"
    for form in ("a4", "roll", "x"):
        answer = client.get(url("labels", cycle.id), {"format": form, "debut": "0"})
        assert answer.content.startswith(b"%PDF")
    for month in ("2026-03", "hier", "1990-01"):
        assert client.get(url("register"), {"mois": month}).status_code == 200


@pytest.mark.parametrize(
    ("lack", "asked", "answer"),
    [
        ("no_test", "je libère quand même", {"sans_test": "oui"}),
        ("test_failed", "Libéré malgré le test non conforme", {"reason": "Test refait"}),
    ],
)
def test_release_without_a_passed_test_is_asked_twice(bob, client_of, lack, asked, answer):
    cycle = SterilisationCycleFactory.create(operator=bob, state="ended", lack=lack)
    client, typed = client_of(bob), {"decision": "conforme"}
    assert asked in page(client.get(url("cycle", cycle.id)))
    for more, state in (({}, "ended"), (answer, "released")):
        client.post(url("decide", cycle.id), typed | more)
        cycle.refresh_from_db()
        assert cycle.state == state


def test_recall_is_told_and_printed(bob, sarah, patient, client_of):
    use = PouchUseFactory.create(patient=patient, author=bob)
    cycle = use.pouch.cycle
    assert client_of(bob).get(url("recall", cycle.id)).status_code == 302
    client_of(bob).post(url("decide", cycle.id), {"decision": "non", "reason": "Positif"})
    client = client_of(sarah)
    assert "1 patient à informer" in page(client.get("/"))
    for query, action in (("", "read"), ("?papier", "print")):
        shown = page(client.get(url("recall", cycle.id) + query))
        assert patient.full_name in shown
        assert Line.objects.filter(action=action, object_id=str(cycle.id)).count() == 1
    client.post(url("note_told", patient.id, cycle.id), {"way": "x"})
    assert "À informer" in page(client.get(url("recall", cycle.id)))
    client.post(url("note_told", patient.id, cycle.id), {"way": "phone", "words": "Rassurée"})
    shown = page(client.get(url("recall", cycle.id)))
    assert "Rassurée" in shown
    assert "Informé" in shown


def test_failed_cycle_without_a_patient_has_nobody_to_recall(bob, client_of):
    cycle = SterilisationCycleFactory.create(operator=bob, state="failed", reason="Panne")
    client = client_of(bob)
    assert "Personne à rappeler" in page(client.get(url("recall", cycle.id)))
    assert client.get(url("labels", cycle.id)).status_code == 404
    assert client.get(url("ticket", cycle.id)).status_code == 404


def test_pouch_is_taken_back(bob, patient, client_of):
    use = PouchUseFactory.create(patient=patient, author=bob)
    answer = client_of(bob).post(url("detach", patient.id, use.id))
    assert answer.url == reverse("stock:traceability", args=[patient.id])
    assert PouchUse.objects.get().undone_as == bob.full_name


@pytest.mark.parametrize("role", ["secretaire", "gestionnaire"])
def test_who_does_not_sterilise_reads_only(practice, bob, role, client_of):
    cycle = SterilisationCycleFactory.create(operator=bob, state="ended")
    client = client_of(PersonFactory.create(practice=practice, role=role))
    assert "Lancer un cycle" not in page(client.get(url("home")))
    assert client.get(url("cycle", cycle.id)).status_code == 200
    for path in (url("decide", cycle.id), url("end", cycle.id), url("make", cycle.id)):
        assert client.post(path).status_code == 403
    assert client.post(url("home"), {"where": "x"}).status_code == 200


def test_stranger_finds_no_cycle(chloe, bob, client_of):
    pouch = PouchFactory.create(cycle__operator=bob)
    client = client_of(chloe)
    for name in ("cycle", "labels", "recall", "ticket"):
        assert client.get(url(name, pouch.cycle_id)).status_code == 404
    assert client.get(url("autoclave", pouch.cycle.autoclave_id)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cycle__state": "failed", "cycle__reason": "Panne"}, "sera sur la liste de rappel de ce"),
        ({"cycle__state": "ended"}, "Si le cycle est déclaré non conforme"),
        ({"expires_on": "2026-03-16"}, "valable jusqu’au 16/03/2026"),
    ],
)
def test_pouch_that_was_opened_is_asked_for_and_written(bob, patient, client_of, changes, words):
    pouch, client = PouchFactory.create(cycle__operator=bob, **changes), client_of(bob)
    scan = reverse("stock:scan_for", args=[patient.id])
    answer = client.post(scan, {"code": pouch.code}, headers={"HX-Request": "true"})
    path = answer["HX-Redirect"]
    assert path == f"{url('opened', patient.id)}?code={pouch.code}"
    assert words in page(client.get(path))
    refused = client.post(path, {"reason": " "})
    assert (refused.status_code, "ce qui s’est passé" in page(refused)) == (422, True)
    assert not PouchUse.objects.exists()
    assert client.post(path, {"reason": "Ouvert à 9 h"}).status_code == 302
    shown = page(client.get(reverse("stock:traceability", args=[patient.id])))
    assert "Ouvert à 9 h" in shown
    assert ("ce patient est sur la liste de rappel" in shown) is (
        changes.get("cycle__state") == "failed"
    )
    assert "Ouvert à 9 h" in page(client.get(url("cycle", pouch.cycle_id)))
    again = client.post(scan, {"code": pouch.code}, headers={"HX-Request": "true"})
    assert "HX-Redirect" not in again
    if "expires_on" not in changes:
        assert client.post(path, {"reason": "Encore"}).status_code == 422


def test_pouch_that_may_be_opened_is_scanned(bob, chloe, patient, client_of):
    pouch, client = PouchFactory.create(cycle__operator=bob), client_of(bob)
    path = url("opened", patient.id)
    answer = client.get(path, {"code": pouch.code})
    assert "lisez de nouveau son étiquette" in page(client.get(answer.url))
    assert client.get(path, {"code": "ST0000000000"}).status_code == 404
    assert client_of(chloe).get(path, {"code": pouch.code}).status_code == 404


def test_register_says_who_released_what_another_failed(bob, alice, client_of):
    cycle = SterilisationCycleFactory.create(operator=bob, state="ended")
    client_of(bob).post(url("decide", cycle.id), {"decision": "conforme", "sans_test": "oui"})
    client_of(alice).post(url("decide", cycle.id), {"decision": "non", "reason": "Positif"})
    cycle.refresh_from_db()
    assert (cycle.released_as, cycle.decided_as) == (bob.full_name, alice.full_name)
    client = client_of(bob)
    shown = page(client.get(url("register")))
    assert re.search(f"libéré d’abord le 17/03 [^,]+, {re.escape(bob.full_name)}", shown)
    assert f"{alice.full_name}, 17/03" in shown
    shown = page(client.get(url("cycle", cycle.id)))
    assert all(f"· {name}" in shown for name in (bob.full_name, alice.full_name))
