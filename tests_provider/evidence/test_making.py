"""A dossier is made, kept, chained; its paper and file say the same; nothing else crosses."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.files import operations as files
from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person
from quenotte.devices.paper import reading
from quenotte.devices.paper.typesetting import CannotTypeset
from quenotte.kernel.memento.items import ITEMS, Sheet
from quenotte.provider.customers.models import Customer
from quenotte.provider.evidence import jobs, operations, papers, queries
from quenotte.provider.evidence.models import Dossier, Making, SignedSheet
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.models import Finding
from quenotte.provider.incidents import operations as incidents
from quenotte.provider.incidents.models import Exemption
from quenotte.provider.traces.operations import note_opening
from quenotte.wire.texts import TEXTS
from tests_provider.factories import CustomerFactory, MachineFactory, SignatureFactory
from tests_provider.fleet.test_judging import WINDOWS, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine(db: None) -> Any:
    """A practice with a server whose disk is plain, and which told of its copies."""
    made = MachineFactory.create(
        name="SERVEUR",
        speaks_for_practice=True,
        customer=CustomerFactory.create(name="Cabinet des Quenottes", postcode="44000"),
    )
    tell(made, {**WINDOWS, "machine.is_server": {"value": True}})
    now = timezone.now().isoformat().replace("+00:00", "Z")
    tell(made, {"backup.proven_at": {"value": now}}, source="practice")
    fleet.judge_due(now=timezone.now())
    return made


def make(customer_id: Any, actor: Actor) -> Dossier:
    """Ask for a dossier and let the worker make it."""
    making = operations.ask(customer_id=customer_id, actor=actor)
    jobs.make(making_id=str(making.id))
    making.refresh_from_db()
    assert making.refusal == ""
    assert making.dossier is not None
    return making.dossier


def told(dossier: Dossier) -> dict[str, Any]:
    """Return what the file of a dossier says, read with nothing of ours."""
    with files.open_blob(dossier.json_file) as stream:
        found: dict[str, Any] = json.loads(stream.read())
    return found


def item(content: dict[str, Any], key: str) -> dict[str, Any]:
    """Return one item of a dossier."""
    return next(one for theme in content["themes"] for one in theme["items"] if one["key"] == key)


def paper(dossier: Dossier) -> bytes:
    """Return the PDF of a dossier."""
    with files.open_blob(dossier.pdf_file) as stream:
        return stream.read()


def recomputed(content: dict[str, Any]) -> str:
    """Return the digest of a dossier as a stranger computes it: five lines, nothing of ours."""
    rest = {name: one for name, one in content.items() if name != "hash"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_dossier_says_what_is_measured_with_source_and_time(machine: Any, actor: Actor):
    content = told(make(machine.customer_id, actor))
    disks = item(content, "encryption")
    assert (disks["state"], disks["reason"]) == ("bad", "measured_bad")
    (measure,) = disks["measured"][0]["measures"]
    assert (measure["subject"], measure["words"]) == ("SERVEUR", "disque non chiffré : C:")
    (fact,) = measure["evidence"]
    assert (fact["key"], fact["source"], fact["unknown"]) == ("disks", "station", None)
    assert fact["value"][0]["is_encrypted"] is False
    assert fact["at"] == timezone.now().isoformat().replace("+00:00", "Z")


def test_each_item_is_there_and_what_nobody_knows_is_unknown(machine: Any, actor: Actor):
    content = told(make(machine.customer_id, actor))
    keys = [one["key"] for theme in content["themes"] for one in theme["items"]]
    assert keys == [one.key for one in ITEMS]
    assert item(content, "register")["reason"] == "not_answered"
    assert item(content, "firewall")["state"] == "unknown"
    assert item(content, "lock")["reason"] == "nobody_measured"
    assert sum(content["counts"].values()) == len(ITEMS)


@pytest.mark.parametrize(
    ("kept", "state", "words"),
    [
        ({"value": []}, "ok", "débranché, vu le"),
        ({"unknown": "not_reported"}, "unknown", "aucun agent ne l’a dit"),
        ({"unknown": "no_such_thing"}, "unknown", "sans objet : aucun disque"),
    ],
)
def test_disk_is_good_where_it_was_seen_unplugged_alone(
    machine: Any, actor: Actor, kept: dict[str, Any], state: str, words: str
):
    if "value" in kept:
        seen_at = timezone.now().isoformat().replace("+00:00", "Z")
        kept = {"value": [{"is_plugged": False, "seen_at": seen_at}]}
    tell(machine, {"backup.medium": kept}, source="practice")
    content = told(make(machine.customer_id, actor))
    measured = item(content, "medium")["measured"][0]
    assert measured["state"] == state
    (measure,) = measured["measures"]
    said = papers._evidence(measure) + measure["words"]
    assert words in said
    assert state == "unknown" or all(fact["unknown"] is None for fact in measure["evidence"])


def test_backup_never_proven_is_said_to_be_never(machine: Any, actor: Actor):
    tell(machine, {"backup.proven_at": {"unknown": "no_such_thing"}}, source="practice")
    content = told(make(machine.customer_id, actor))
    (measure,) = item(content, "backup_restored")["measured"][0]["measures"]
    assert (measure["state"], measure["words"]) == ("bad", "sauvegarde jamais prouvée")
    assert "Dernière preuve : jamais" in papers._evidence(measure)


def test_practice_without_facts_has_a_dossier_that_is_all_unknown(db: None, actor: Actor):
    content = told(make(CustomerFactory.create().id, actor))
    assert content["counts"] == {"ok": 0, "bad": 0, "unknown": len(ITEMS)}
    assert content["machines"] == []


def test_chain_is_recomputed_by_a_stranger(machine: Any, actor: Actor, frozen_clock: Any):
    first = told(make(machine.customer_id, actor))
    frozen_clock.shift(timedelta(days=30))
    second = told(make(machine.customer_id, actor))
    assert first["previous"] is None
    assert recomputed(first) == first["hash"] == second["previous"]
    assert recomputed(second) == second["hash"]
    assert [first["number"], second["number"]] == [1, 2]


def test_paper_bears_digest_and_number_on_each_page_and_the_file_inside(machine: Any, actor: Actor):
    dossier = make(machine.customer_id, actor)
    with pypdfium2.PdfDocument(paper(dossier)) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
        (attached,) = [document.get_attachment(n) for n in range(document.count_attachments())]
        assert attached.get_name() == "preuves-cabinet-des-quenottes-n001.json"
        assert bytes(attached.get_data()) == queries.written(dossier)
    assert len(pages) > 2
    for number, words in enumerate(pages, start=1):
        assert dossier.digest in words
        assert f"{number} / {len(pages)}" in words
    whole = "\n".join(pages)
    for words in ("Cabinet des Quenottes", "disque non chiffré", "compagnon Quenotte", "n° 1"):
        assert words in whole


def test_moments_are_told_by_the_clock_of_the_practice(machine: Any, actor: Actor):
    Customer.objects.filter(pk=machine.customer_id).update(time_zone="Indian/Reunion")
    dossier = make(machine.customer_id, actor)
    assert "Établi le 17/03/2026 à 12 h 30 (heure de Reunion)" in reading.text_of(paper(dossier))
    assert told(dossier)["made_at"] == "2026-03-17T08:30:00Z"


def test_paper_is_one_for_archives(machine: Any, actor: Actor):
    content = paper(make(machine.customer_id, actor))
    assert b"pdfaid:part" in content
    assert b"<pdfaid:part>3</pdfaid:part>" in content


def test_what_is_borne_stays_bad_and_says_why_until_when(machine: Any, actor: Actor):
    finding = Finding.objects.get(rule="disks_encrypted")
    until = timezone.now() + timedelta(days=90)
    incidents.grant(finding_id=finding.id, why="serveur remplacé", ends_at=until, actor=actor)
    dossier = make(machine.customer_id, actor)
    disks = item(told(dossier), "encryption")
    (measure,) = disks["measured"][0]["measures"]
    assert (disks["state"], measure["state"]) == ("bad", "bad")
    assert (measure["borne"]["why"], measure["borne"]["by"]) == (
        "serveur remplacé",
        actor.person_label,
    )
    # The paper breaks its lines where it likes.
    words = " ".join(reading.text_of(paper(dossier)).split())
    assert "assumé jusqu’au 15/06/2026" in words
    other = item(told(dossier), "supported")["measured"][0]["measures"][0]
    assert (other["state"], other["borne"]) == ("bad", None)


def test_another_fault_of_the_same_rule_is_not_borne(machine: Any, actor: Actor):
    finding = Finding.objects.get(rule="disks_encrypted")
    until = timezone.now() + timedelta(days=90)
    made = incidents.grant(finding_id=finding.id, why="connu", ends_at=until, actor=actor)
    Exemption.objects.filter(pk=made.pk).update(reason="other")
    disks = item(told(make(machine.customer_id, actor)), "encryption")
    assert disks["measured"][0]["measures"][0]["borne"] is None


def charter(content: dict[str, Any]) -> tuple[str, str]:
    """Return what a dossier says of the charter: its state, its words."""
    (rule,) = item(content, "technicians_charter")["measured"]
    return rule["state"], rule["measures"][0]["words"]


def test_charter_is_measured_by_who_opened_the_practice(
    machine: Any, actor: Actor, tom: Person, diane: Person
):
    customer_id = machine.customer_id
    assert charter(told(make(customer_id, actor)))[0] == "unknown"
    SignatureFactory.create(person=tom)
    note_opening(actor=actor, customer_id=customer_id, what="fleet")
    state, words = charter(told(make(customer_id, actor)))
    assert (state, "toutes ont signé" in words) == ("ok", True)
    stranger = replace(actor, person_id=diane.id, person_label=diane.full_name)
    note_opening(actor=stranger, customer_id=customer_id, what="fleet")
    state, words = charter(told(make(customer_id, actor)))
    assert (state, "1 ne l’a pas signée" in words) == ("bad", True)


def test_same_content_is_the_same_paper(machine: Any, actor: Actor):
    dossier = make(machine.customer_id, actor)
    again = papers.pdf_of(queries.written(dossier))
    assert hashlib.sha256(again).hexdigest() == dossier.pdf_file_id


def test_journal_holds_both_digests(machine: Any, actor: Actor):
    dossier = make(machine.customer_id, actor)
    line = Line.objects.get(number=dossier.journal_number)
    assert (line.object_kind, line.object_id, line.person_id) == (
        "evidence",
        str(dossier.id),
        actor.person_id,
    )
    assert line.detail["digest"].replace(":", "") == dossier.digest
    assert line.detail["file"].replace(":", "") == dossier.pdf_file_id


def test_asked_twice_is_made_once(machine: Any, actor: Actor):
    first = operations.ask(customer_id=machine.customer_id, actor=actor)
    assert operations.ask(customer_id=machine.customer_id, actor=actor) == first
    for _ in range(2):
        jobs.make(making_id=str(first.id))
    assert Dossier.objects.count() == 1
    assert Run.objects.filter(name__endswith="evidence.jobs.make").count() == 1


def test_two_who_ask_at_once_wait_for_the_same(
    machine: Any, actor: Actor, monkeypatch: pytest.MonkeyPatch
):
    first = operations.ask(customer_id=machine.customer_id, actor=actor)
    # Neither saw the other's before she asked; the database lets one in.
    monkeypatch.setattr(queries, "making_of", lambda _customer_id: None)
    assert operations.ask(customer_id=machine.customer_id, actor=actor) == first
    assert Making.objects.count() == 1


def test_what_the_worker_gave_up_is_asked_for_again(machine: Any, actor: Actor, frozen_clock: Any):
    first = operations.ask(customer_id=machine.customer_id, actor=actor)
    frozen_clock.shift(timedelta(minutes=11))
    assert not queries.is_under_way(first)
    second = operations.ask(customer_id=machine.customer_id, actor=actor)
    assert second.id != first.id
    jobs.make(making_id=str(first.id))
    assert Dossier.objects.count() == 0


@pytest.mark.parametrize(
    ("where", "error", "words"),
    [
        ("keep", files.NoRoom(), "espace disque"),
        ("pdf", CannotTypeset("no"), "mis en page"),
        ("pdf", OSError("no"), "mis en page"),
    ],
)
def test_what_cannot_be_made_says_why_and_keeps_nothing(
    machine: Any,
    actor: Actor,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    error: Exception,
    words: str,
):
    def fail(*_: Any, **__: Any) -> None:
        raise error

    module, name = (files, "keep") if where == "keep" else (papers, "pdf_of")
    monkeypatch.setattr(module, name, fail)
    making = operations.ask(customer_id=machine.customer_id, actor=actor)
    jobs.make(making_id=str(making.id))
    making.refresh_from_db()
    assert words in making.refusal
    assert making.finished_at is not None
    assert Dossier.objects.count() == 0


@pytest.mark.parametrize("table", ["provider_dossier", "provider_signedsheet"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET digest = 'x'", "DELETE FROM {}"])
def test_database_refuses_to_change_what_was_made(
    machine: Any, actor: Actor, table: str, verb: str
):
    make(machine.customer_id, actor)
    operations.save_draft(
        customer_id=machine.customer_id,
        sheet=Sheet.CONTRACT,
        typed={"contract": ("yes", "")},
        actor=actor,
    )
    operations.sign(
        customer_id=machine.customer_id,
        sheet=Sheet.CONTRACT,
        typed={"contract": ("yes", "")},
        signer="Tom",
        quality="technicien",
        actor=actor,
    )
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(table))
    assert (Dossier.objects.count(), SignedSheet.objects.count()) == (1, 1)
    assert Making.objects.count() == 1


#: The texts of facts that a dossier may hold: what tells a product, and the sticker of a desk.
_TOLD = {
    "os.name",
    "os.version",
    "os.build",
    "antivirus.products[].name",
    "antivirus.products[].version",
    "firewall.profiles[].name",
    "remote.tools[].name",
}


def test_no_text_of_a_fact_crosses_beyond_the_closed_list(actor: Actor):
    canaries = {place: f"Dupont{number:02}" for number, place in enumerate(sorted(TEXTS))}
    machine = MachineFactory.create(name="POSTE", speaks_for_practice=True)
    facts: dict[str, Any] = {}
    for place, name in canaries.items():
        key, _, field = place.partition("[].")
        if field:
            rows = facts.setdefault(key, {"value": [{}]})
            rows["value"][0][field] = name
        else:
            facts[key] = {"value": name}
    facts["os.family"] = {"value": "windows"}
    facts["antivirus.products"]["value"][0]["is_active"] = False
    facts["firewall.profiles"]["value"][0]["is_on"] = False
    facts["disks"]["value"][0] |= {"is_encrypted": False, "total_mib": 1000, "free_mib": 1}
    facts["disks.health"]["value"][0]["is_healthy"] = False
    facts["ports.open"]["value"][0]["port"] = 22
    facts["software"]["value"].append({"name": "WhatsApp de Dupont99"})
    tell(machine, facts)
    dossier = make(machine.customer_id, actor)
    written, words = queries.written(dossier).decode(), reading.text_of(paper(dossier))
    for place, name in canaries.items():
        if place not in _TOLD | {"os.family"}:
            assert name not in written, place
            assert name not in words, place
    assert "Dupont99" not in written + words
    assert "messagerie grand public : WhatsApp" in words


def test_what_was_agreed_is_named_beside_what_it_makes_good(machine: Any, actor: Actor) -> None:
    tools = {"value": [{"name": "AnyDesk"}]}
    ports = {"value": [{"port": 3389, "address": "0.0.0.0"}]}
    tell(machine, {**WINDOWS, "remote.tools": tools, "ports.open": ports})
    Customer.objects.update(
        remote_tools=["AnyDesk"], ports=[3389], agreed_at=timezone.now(), agreed_by="Tom Martin"
    )
    dossier = make(machine.customer_id, actor)
    measured = {
        rule["rule"]: rule["measures"][0]
        for theme in told(dossier)["themes"]
        for one in theme["items"]
        for rule in one["measured"]
        if rule["measures"]
    }
    for rule, name in (("remote_tools", "AnyDesk"), ("open_ports", "port 3389")):
        words = f"convenu : {name}, par Tom Martin, le 17/03/2026"
        assert measured[rule]["state"] == "ok"
        assert words in measured[rule]["words"]
        assert words in " ".join(reading.text_of(paper(dossier)).split())
