"""Inventory agents at the door: what they say, what is kept, what they are told."""

import asyncio
import json
import threading
import zlib
from typing import Any

import pytest

from quenotte.base.audit.rules import Actor
from quenotte.config.agents import glpi
from quenotte.config.agents.door import Door
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.fleet.models import Inventory, State
from tests_provider.agents.conftest import Answered, Ask, exchange
from tests_provider.factories import CustomerFactory

PROLOG = b"<REQUEST><DEVICEID>ACCUEIL-2026-03-17-09-30-00</DEVICEID><QUERY>PROLOG</QUERY></REQUEST>"
INVENTORY = """<?xml version="1.0" encoding="UTF-8"?>
<REQUEST><CONTENT>
<HARDWARE><NAME>{name}</NAME><UUID>4C4C4544-0042-3510-8051-B7C04F4D3332</UUID></HARDWARE>
<BIOS><SSN>{serial}</SSN><SMODEL>OptiPlex 7010</SMODEL></BIOS>
<OPERATINGSYSTEM><KERNEL_NAME>MSWin32</KERNEL_NAME><NAME>Windows</NAME>
<FULL_NAME>Microsoft Windows 11 Professionnel</FULL_NAME></OPERATINGSYSTEM>
<PROCESSES><CMD>notepad C:\\Patients\\DURAND Odile.docx</CMD><USER>o.durand</USER></PROCESSES>
<ENVS><KEY>PATIENT</KEY><VAL>DURAND Odile</VAL></ENVS>
</CONTENT><DEVICEID>{device}</DEVICEID><QUERY>INVENTORY</QUERY>
<VERSIONCLIENT>GLPI-Agent_v1.11</VERSIONCLIENT></REQUEST>"""


def inventory(device: str = "ACCUEIL-2026", name: str = "ACCUEIL", serial: str = "ABC123") -> bytes:
    return zlib.compress(INVENTORY.format(device=device, name=name, serial=serial).encode())


@pytest.fixture
def token(transactional_db: None, actor: Actor) -> str:
    customer = CustomerFactory.create(name="Cabinet des Lilas")
    return enrolment.make_token(customer_id=customer.id, machines=2, actor=actor)[1]


@pytest.fixture
def address(token: str) -> str:
    return f"/agents/glpi/{token}"


def test_first_inventory_puts_a_machine_into_quarantine_and_is_not_kept(ask: Ask, address: str):
    told = ask(address, zlib.compress(PROLOG))
    assert told.status == 200
    assert b"<RESPONSE>SEND</RESPONSE>" in zlib.decompress(told.body)

    told = ask(address, inventory())
    assert (told.status, told.headers["content-type"]) == (200, "application/x-compress-zlib")
    assert b"ACCOUNT_UPDATE" in zlib.decompress(told.body)
    machine = Machine.objects.get()
    assert (machine.standing, machine.name, machine.serial) == ("quarantine", "ACCUEIL", "ABC123")
    assert machine.customer.name == "Cabinet des Lilas"
    assert not Inventory.objects.exists()
    assert not State.objects.exists()


def test_accepted_machine_is_known_by_its_facts_and_no_patient_crosses(
    ask: Ask, address: str, actor: Actor
):
    ask(address, inventory())
    enrolment.accept(machine_id=Machine.objects.get().id, actor=actor)
    ask(address, inventory())
    kept = Inventory.objects.get()
    assert kept.source == "glpi"
    assert kept.facts["os.name"]["value"] == "Microsoft Windows 11 Professionnel"
    assert State.objects.get().is_due
    assert Token.objects.get().used == 1
    # Whatever was kept, anywhere.
    everything = str([list(model.objects.values()) for model in (Machine, Inventory, State)])
    for canary in ("DURAND", "Odile", "o.durand", "notepad"):
        assert canary not in everything


def test_wrong_token_is_told_nothing_and_lets_nobody_in(ask: Ask, token: str):
    wrong = "/agents/glpi/AAAAA-AAAAA-AAAAA-AAAAA-AAAAA"
    for body in (PROLOG, inventory()):
        assert ask(wrong, body).status == 403
        assert ask("/agents/glpi/x", body).status == 403
    assert not Machine.objects.exists()


def test_revoked_machine_is_refused_and_may_not_come_back(ask: Ask, address: str, actor: Actor):
    ask(address, inventory())
    enrolment.revoke(machine_id=Machine.objects.get().id, actor=actor)
    told = ask(address, inventory())
    assert told.status == 403
    assert Machine.objects.count() == 1


def test_copied_disk_goes_back_to_quarantine(ask: Ask, address: str, actor: Actor):
    ask(address, inventory())
    enrolment.accept(machine_id=Machine.objects.get().id, actor=actor)
    ask(address, inventory(serial="OTHER9"))
    assert (Machine.objects.get().standing, Machine.objects.get().doubt) == ("quarantine", "jumped")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (zlib.compress(b"0" * (9 << 20)), 413),
        (b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><REQUEST>&a;</REQUEST>", 400),
        (b"\xff\xfe\x00 not xml", 400),
        (b"", 400),
        (zlib.compress(PROLOG)[:-4], 400),
    ],
)
def test_bombs_and_rubbish_get_a_clear_answer(ask: Ask, address: str, body: bytes, status: int):
    assert ask(address, body).status == status
    assert not Machine.objects.exists()


def test_three_hundred_megabytes_are_refused_before_they_are_read(ask: Ask, address: str):
    told = ask(address, b"x", headers={"content-length": str(300 << 20)})
    assert (told.status, told.body) == (413, b"too_big")
    assert ask(address, b"x" * ((2 << 20) + 1)).status == 413


def test_agent_is_told_that_there_is_nothing_more_to_do(ask: Ask, address: str):
    told = ask(address, method="GET", query="action=getConfig&machineid=ACCUEIL-2026")
    assert (told.status, told.headers["content-type"]) == (200, "application/json")
    assert b'"schedule":[]' in told.body
    assert ask(address, method="GET", query="action=formatDisk").status == 400


@pytest.mark.parametrize("path", ["/", "/agents/", "/agents/unknown/x", "/connexion/"])
def test_people_have_nothing_to_look_for_here(ask: Ask, path: str):
    assert ask(path).status == 404


def test_other_verbs_are_refused(ask: Ask, address: str):
    assert ask(address, method="DELETE").status == 405


def test_database_that_is_away_keeps_nothing_and_says_come_again(
    ask: Ask, address: str, monkeypatch: pytest.MonkeyPatch
):
    from django.db import OperationalError

    from quenotte.provider.fleet import operations

    def away(*_given: Any, **_named: Any) -> Any:
        raise OperationalError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(operations, "take", away)
        told = ask(address, inventory())
    assert told.status == 503
    assert 20 <= int(told.headers["retry-after"]) <= 120
    # It comes again, and nothing is doubled.
    assert ask(address, inventory()).status == 200
    assert Machine.objects.count() == 1


def test_inventories_wait_in_bounded_memory_while_the_database_hangs(
    door: Door, token: str, monkeypatch: pytest.MonkeyPatch
):
    from quenotte.provider.fleet import operations

    answers, take = threading.Event(), operations.take
    books: Any = door.books
    monkeypatch.setattr(books.batches, "_patience_s", 1.0)
    weights: list[int] = []

    def weigh(contact: Any) -> int:
        weights.append(contact.weight)
        return weights[-1]

    def hang(*given: Any, **named: Any) -> Any:
        answers.wait(20)
        return take(*given, **named)

    async def one(number: int) -> Answered:
        body = inventory(device=f"POSTE-{number}", serial=f"SN{number}")
        return await exchange(door, f"/agents/glpi/{token}", body, "POST", {}, "")

    async def morning() -> tuple[list[Answered], int, list[Answered], Answered]:
        crowd = [asyncio.create_task(one(number)) for number in range(12)]
        done, left = await asyncio.wait(crowd, timeout=0.7)
        most = books.batches._weight
        waited = await asyncio.gather(*left)
        answers.set()
        await books.batches._under_way
        return [one.result() for one in done], most, waited, await one(12)

    with monkeypatch.context() as patched:
        patched.setattr(books.batches, "_weigh", weigh)
        assert asyncio.run(one(0)).status == 200
        bound = 2 * weights[0]
        assert weights[0] > 5
        patched.setattr(books.batches, "_most_weight", bound)
        patched.setattr(operations, "take", hang)
        try:
            refused, most, waited, after = asyncio.run(morning())
        finally:
            answers.set()
    assert 0 < most <= bound
    assert (len(refused), len(waited)) == (10, 2)
    # Who finds no room is told at once; who waited, before it gives up by itself.
    assert {told.status for told in (*refused, *waited)} == {503}
    assert all(20 <= int(told.headers["retry-after"]) <= 120 for told in (*refused, *waited))
    assert after.status == 200


def test_stranger_is_turned_away_before_a_word_of_it_is_read(
    ask: Ask, token: str, monkeypatch: pytest.MonkeyPatch
):
    def read(*_told: object, **_named: object) -> None:
        raise AssertionError("a stranger was read")

    monkeypatch.setattr(glpi, "read", read)
    invented = "-".join(["7KQM3"] * 5)
    assert ask(f"/agents/glpi/{invented}", b"x" * 100_000).status == 403


def test_heavy_body_is_read_apart_and_keeps_no_heartbeat_waiting(door: Door, token: str):
    programs = "".join(f"<SOFTWARES><NAME>p{n}</NAME></SOFTWARES>" for n in range(20_000))
    heavy = INVENTORY.replace("<PROCESSES>", programs + "<PROCESSES>").format(
        device="ACCUEIL-2026", name="ACCUEIL", serial="ABC123"
    )

    async def both() -> bool:
        inventory = asyncio.create_task(
            exchange(door, f"/agents/glpi/{token}", zlib.compress(heavy.encode()), "POST", {}, "")
        )
        key = {"authorization": "Bearer nobody"}
        beat = b'{"version":1,"kind":"fingerprint","digest":"' + b"0" * 32 + b'"}'
        await exchange(door, "/agents/station/report", beat, "POST", key, "")
        was_first = not inventory.done()
        await inventory
        return was_first

    assert asyncio.run(both())


def test_part_of_an_inventory_leaves_the_rest_as_it_was(ask: Ask, address: str, actor: Actor):
    ask(address, inventory())
    enrolment.accept(machine_id=Machine.objects.get().id, actor=actor)
    ask(address, inventory())
    before = Inventory.objects.get().facts
    part = {
        "deviceid": "ACCUEIL-2026",
        "action": "inventory",
        "itemtype": "Computer",
        "partial": True,
        "content": {
            "versionclient": "GLPI-Agent_v1.11",
            "antivirus": [{"name": "Defender", "enabled": True, "uptodate": True}],
        },
    }
    assert ask(address, json.dumps(part).encode()).status == 200
    after = Inventory.objects.get().facts
    assert {key: after[key] for key in before if key != "antivirus.name"}.items() >= {
        key: one for key, one in before.items() if not key.startswith("antivirus")
    }.items()
    assert after != before
