"""Pages of the evidence: who may, what they say, which lines they leave."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.files.shelves import shelf
from quenotte.base.keyboard.models import Sitting
from quenotte.base.keyboard.operations.proofs import WrongProof
from quenotte.base.people.models import Person
from quenotte.kernel.memento.items import Sheet, of_sheet
from quenotte.provider.evidence import jobs, views
from quenotte.provider.evidence.models import Draft, Making, SignedSheet
from quenotte.provider.traces.models import Look
from tests.support.cast import PASSWORD
from tests_provider.evidence.test_chain import change
from tests_provider.evidence.test_making import machine, make

__all__ = ["machine"]
pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]


@pytest.fixture
def base(machine: Any) -> str:
    """The address of the evidence of a practice."""
    return f"/parc/cabinets/{machine.customer_id}/preuves/"


def test_practice_leads_to_its_evidence(tom: Person, client_of: Login, machine: Any, base: str):
    assertContains(client_of(tom).get(f"/parc/cabinets/{machine.customer_id}/"), base)


def test_first_page_says_what_there_is_and_leaves_a_line(
    tom: Person, client_of: Login, base: str, machine: Any
):
    page = client_of(tom).get(base)
    assertContains(page, "Aucun dossier encore")
    assertContains(page, "Organisation du cabinet")
    assertContains(page, "0 sur 3")
    assert Look.objects.get().what == "evidence"


def test_dossier_is_asked_for_followed_and_shown(
    tom: Person, client_of: Login, base: str, machine: Any
):
    client = client_of(tom)
    assertContains(client.post(base + "etablir/", follow=True), "cela commence dans un instant")
    assertContains(client.get(base + "en-cours/"), "hx-get")
    jobs.make(making_id=str(Making.objects.get().id))
    answer = client.get(base + "en-cours/")
    assert answer.headers["HX-Refresh"] == "true"
    assertNotContains(answer, "hx-get")
    assertContains(client.get(base), "n° 1")
    page = client.get(base + "1/")
    for words in ("disque non chiffré", "Personne n’a répondu", "premier dossier", "SERVEUR"):
        assertContains(page, words)


def test_refusal_is_told(tom: Person, client_of: Login, base: str, actor: Actor, machine: Any):
    Making.objects.create(
        customer=machine.customer,
        asked_at="2026-03-17T08:00:00Z",
        finished_at="2026-03-17T08:00:01Z",
        asked_by=tom,
        refusal="Le disque est plein.",
    )
    assertContains(client_of(tom).get(base), "Le disque est plein.")


def test_worker_that_is_away_is_told(tom: Person, client_of: Login, base: str, machine: Any):
    Making.objects.create(customer=machine.customer, asked_at="2026-03-17T08:00:00Z", asked_by=tom)
    assertContains(client_of(tom).get(base), "Le travail de fond n’a pas établi")


@pytest.mark.parametrize(("kind", "head"), [("pdf", b"%PDF-"), ("json", b'{"counts"')])
def test_file_is_handed_out_and_that_is_written_down(
    tom: Person, client_of: Login, base: str, actor: Actor, machine: Any, kind: str, head: bytes
):
    dossier = make(machine.customer_id, actor)
    answer = client_of(tom).get(f"{base}1/{kind}/")
    assert b"".join(answer.streaming_content).startswith(head)  # type: ignore[attr-defined]
    assert f"preuves-cabinet-des-quenottes-n001.{kind}" in answer.headers["Content-Disposition"]
    line = Line.objects.get(action="export")
    assert (line.object_id, line.detail) == (str(dossier.id), {"format": kind, "count": 1})


def test_file_that_is_away_says_so(
    tom: Person, client_of: Login, base: str, actor: Actor, machine: Any
):
    dossier = make(machine.customer_id, actor)
    path = shelf().local_path(dossier.json_file_id)
    assert path is not None
    path.unlink()
    for address in (f"{base}1/", f"{base}1/json/"):
        assertContains(client_of(tom).get(address), "quenotte files verify", status_code=409)
    assertContains(client_of(tom).get(base + "verifier/"), "La chaîne est rompue")


@pytest.mark.parametrize(
    ("kind", "was", "now"), [("json", b"SERVEUR", b"SERVICE"), ("pdf", b"%PDF-", b"%pdf-")]
)
def test_file_that_was_edited_is_neither_shown_nor_handed_out(
    tom: Person,
    client_of: Login,
    base: str,
    actor: Actor,
    machine: Any,
    kind: str,
    was: bytes,
    now: bytes,
):
    dossier = make(machine.customer_id, actor)
    path = shelf().local_path(dossier.json_file_id if kind == "json" else dossier.pdf_file_id)
    assert path is not None
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(was, now))
    client = client_of(tom)
    for address in [f"{base}1/{kind}/", *([f"{base}1/"] if kind == "json" else [])]:
        assertContains(client.get(address), "n’est plus celui qui a été établi", status_code=409)
    assert not Line.objects.filter(action="export").exists()


def test_check_tells_of_a_line_of_the_journal_that_was_changed(
    tom: Person, client_of: Login, base: str, actor: Actor, machine: Any
):
    dossier = make(machine.customer_id, actor)
    change(f"UPDATE base_line SET person_label = 'X' WHERE number = {dossier.journal_number}")
    page = client_of(tom).get(base + "verifier/")
    for words in ("La chaîne est rompue", "Lignes du journal modifiées", "sa ligne a été modifiée"):
        assertContains(page, words)


def test_check_says_that_all_is_whole(
    tom: Person, client_of: Login, base: str, actor: Actor, machine: Any
):
    assertContains(client_of(tom).get(base + "verifier/"), "rien à vérifier")
    make(machine.customer_id, actor)
    assertContains(client_of(tom).get(base + "verifier/"), "La chaîne est entière")


@pytest.mark.parametrize("sheet", Sheet)
def test_each_questionnaire_asks_its_questions(
    tom: Person, client_of: Login, base: str, sheet: Sheet
):
    page = client_of(tom).get(f"{base}questionnaires/{sheet}/")
    for item in of_sheet(sheet):
        assertContains(page, f'name="given-{item.key}"', count=5)


def test_draft_is_kept_and_shown_again(tom: Person, client_of: Login, base: str):
    client, page = client_of(tom), base + "questionnaires/contract/"
    assertContains(
        client.post(
            page, {"given-contract": "yes", "note-contract": "dans le classeur"}, follow=True
        ),
        "Brouillon gardé",
    )
    assertContains(client.get(page), "dans le classeur")
    assert not SignedSheet.objects.exists()


def test_provider_signs_as_the_account(tom: Person, client_of: Login, base: str):
    client, page = client_of(tom), base + "questionnaires/contract/"
    posted = {"given-contract": "yes", "sign": "1"}
    assertContains(client.post(page, posted), "obligatoire")
    assert Draft.objects.count() == 1
    posted |= {"has_read": "on", "proof": PASSWORD}
    assertContains(client.post(page, posted, follow=True), "signé par")
    assert Line.objects.get(object_kind="evidence_answers").detail["how"] == "password"
    signed = SignedSheet.objects.get()
    assert (signed.signer, signed.quality) == (tom.full_name, "technicien, Dentaire Services")
    page_again = client.get(page)
    assertContains(page_again, "Dernière réponse signée")
    assertNotContains(page_again, 'value="yes" checked')


@pytest.mark.parametrize("proof", ["", "wrong-password-here", "000000"])
@pytest.mark.parametrize("sheet", [Sheet.CONTRACT, Sheet.PRACTICE])
def test_nothing_is_signed_without_a_proof(
    tom: Person, client_of: Login, base: str, sheet: Sheet, proof: str
):
    posted = {
        f"given-{of_sheet(sheet)[0].key}": "yes", "sign": "1", "has_read": "on", "proof": proof,
        "signer": "Claire Aubry", "quality": "titulaire",
    }  # fmt: skip
    page = client_of(tom).post(f"{base}questionnaires/{sheet}/", posted)
    assertContains(page, "Votre mot de passe, ou le code de votre application")
    assertNotContains(page, "wrong-password-here")
    assert Draft.objects.count() == 1
    assert not SignedSheet.objects.exists()


def test_practitioner_answers_by_name_and_quality(tom: Person, client_of: Login, base: str):
    client, page = client_of(tom), base + "questionnaires/practice/"
    posted = {"given-register": "no", "sign": "1", "has_read": "on", "proof": PASSWORD}
    assertContains(client.post(page, posted), "obligatoire")
    posted |= {"signer": "Claire Aubry", "quality": "titulaire"}
    client.post(page, posted)
    signed = SignedSheet.objects.get()
    assert (signed.signer, signed.quality, signed.taken_by) == ("Claire Aubry", "titulaire", tom)
    words = f"recueillie par {tom.full_name}, non signée par le cabinet"
    assertContains(client.get(page), words)
    client.post(base + "etablir/")
    jobs.make(making_id=str(Making.objects.get().id))
    assertContains(client.get(base + "1/"), words)
    written = b"".join(client.get(base + "1/json/").streaming_content)  # type: ignore[attr-defined]
    assert b'"attested":"collected"' in written


@pytest.mark.parametrize("has_draft", [False, True])
@pytest.mark.parametrize("sheet", ["contract", "practice"])
def test_second_click_on_sign_signs_nothing_again(
    tom: Person, client_of: Login, base: str, sheet: str, has_draft: bool
):
    client, page = client_of(tom), f"{base}questionnaires/{sheet}/"
    posted = {f"given-{of_sheet(Sheet(sheet))[0].key}": "yes"}
    if has_draft:
        client.post(page, posted)
    posted |= {"seen": client.get(page).context["seen"], "sign": "1", "has_read": "on"}
    posted |= {"proof": PASSWORD, "signer": "Claire Aubry", "quality": "titulaire"}
    client.post(page, posted)
    # By then a code of the application is used up.
    for proof in (PASSWORD, "000000"):
        again = client.post(page, posted | {"proof": proof}, follow=True)
        assertContains(
            again, "Ces réponses sont déjà enregistrées : le second envoi n’a rien ajouté."
        )
    assert SignedSheet.objects.count() == 1
    assert not Draft.objects.exists()

    # Who opens the page again signs the same again: they are valid for longer.
    posted["seen"] = client.get(page).context["seen"]
    client.post(page, posted)
    assert SignedSheet.objects.count() == 2


def test_code_that_the_first_click_used_up_is_no_wrong_one(
    tom: Person, client_of: Login, base: str, monkeypatch: pytest.MonkeyPatch
):
    client, page = client_of(tom), base + "questionnaires/contract/"
    posted = {"given-contract": "yes", "sign": "1", "has_read": "on", "proof": "000000"}
    posted["seen"] = client.get(page).context["seen"]

    def prove(*_told: object) -> str:
        # The other click, whose draft was kept by both.
        with monkeypatch.context() as free:
            free.setattr(views, "prove_by_either", lambda *_told: "factor")
            client_of(tom).post(page, posted)
        raise WrongProof

    monkeypatch.setattr(views, "prove_by_either", prove)
    answer = client.post(page, posted, follow=True)
    assertContains(answer, "Ces réponses sont déjà enregistrées : le second envoi n’a rien ajouté.")
    assert SignedSheet.objects.count() == 1


def test_answers_that_were_signed_meanwhile_are_written_over_by_nobody_unseen(
    tom: Person, client_of: Login, base: str
):
    client, page = client_of(tom), base + "questionnaires/contract/"
    seen = client.get(page).context["seen"]
    posted = {"sign": "1", "has_read": "on", "proof": PASSWORD, "seen": seen}
    client.post(page, posted | {"given-contract": "no"})
    answer = client.post(page, posted | {"given-contract": "yes"})
    assertContains(answer, "ont changé depuis", status_code=409)
    assertContains(answer, "Dernière réponse signée", status_code=409)
    assertNotContains(answer, "Enregistré maintenant", status_code=409)
    assert SignedSheet.objects.count() == 1
    assert not Draft.objects.exists()


def test_answers_that_a_colleague_kept_meanwhile_are_shown_and_not_lost(
    tom: Person, client_of: Login, base: str
):
    client, page = client_of(tom), base + "questionnaires/contract/"
    seen = client.get(page).context["seen"]
    client.post(page, {"given-contract": "no", "note-contract": "à signer", "seen": seen})
    posted = {"given-contract": "yes", "seen": seen}
    for more in ({}, {"sign": "1", "has_read": "on", "proof": PASSWORD}):
        answer = client.post(page, posted | more)
        assert answer.status_code == 409
        for words in ("ont changé depuis", f"Enregistré par {tom.full_name}", "(à signer)"):
            assertContains(answer, words, status_code=409)
        assertContains(answer, 'value="yes" checked', count=1, status_code=409)
        assert Draft.objects.get().answers["contract"]["given"] == "no"
    assert not SignedSheet.objects.exists()
    posted |= {"seen": answer.context["seen"], "sign": "1", "has_read": "on", "proof": PASSWORD}
    assertContains(client.post(page, posted, follow=True), "signé par")
    assert SignedSheet.objects.get().answers["contract"] == {"given": "yes", "note": ""}


def test_file_asks_for_a_fresh_proof(
    tom: Person, client_of: Login, base: str, actor: Actor, machine: Any
):
    make(machine.customer_id, actor)
    client = client_of(tom)
    Sitting.objects.update(proven_at=timezone.now() - timedelta(minutes=6))
    answer = client.get(base + "1/json/")
    assert (answer.status_code, "suite=" in answer.headers["Location"]) == (302, True)
    assert not Line.objects.filter(action="export").exists()


def test_what_was_taken_away_is_told(
    tom: Person, client_of: Login, base: str, actor: Actor, machine: Any
):
    make(machine.customer_id, actor)
    change("DELETE FROM provider_making", "DELETE FROM provider_dossier")
    page = client_of(tom).get(base + "verifier/")
    assertContains(page, "La chaîne est rompue")
    assertContains(page, "Dossier n° 1")


def test_nothing_to_sign_says_so(tom: Person, client_of: Login, base: str):
    posted = {"sign": "1", "has_read": "on", "proof": PASSWORD}
    page = client_of(tom).post(base + "questionnaires/contract/", posted)
    assertContains(page, "rien à signer")
    assertContains(page, "Ce que vous avez saisi est toujours là", count=1)


@pytest.mark.parametrize("path", ["7/", "7/pdf/", "1/exe/", "questionnaires/other/", "en-cours/"])
def test_what_is_not_there_is_not_found(tom: Person, client_of: Login, base: str, path: str):
    assert client_of(tom).get(base + path).status_code == 404


@pytest.mark.parametrize(
    "path", ["", "1/", "1/json/", "verifier/", "questionnaires/contract/", "en-cours/"]
)
def test_dossier_of_another_practice_is_not_found(
    tom: Person, client_of: Login, machine: Any, actor: Actor, path: str
):
    make(machine.customer_id, actor)
    assert client_of(tom).get(f"/parc/cabinets/{uuid4()}/preuves/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["", "1/", "1/pdf/", "verifier/", "questionnaires/contract/", "en-cours/"]
)
def test_stranger_is_led_to_the_login(base: str, path: str):
    assert Client().get(base + path).status_code == 302


def test_wrong_verbs_are_refused(tom: Person, client_of: Login, base: str):
    client = client_of(tom)
    assert client.get(base + "etablir/").status_code == 405
    for path in ("", "1/", "verifier/", "1/pdf/"):
        assert client.post(base + path).status_code == 405
