"""What a vault refuses, asked of one that serves: a process of its own, spoken to over HTTP."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.devices.media.vault.practices import Allowance, Practices, Secrets
from quenotte.devices.repository import rest
from quenotte.devices.repository.errors import Full, Refused
from quenotte.devices.repository.rest import RestStore
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.kits import operations as kits
from quenotte.upkeep.kits.models import Kit
from quenotte.upkeep.kits.operations import Wanted
from quenotte.upkeep.restores.rules import Cause
from tests.devices.media.vault.test_server import KEY, attacks
from tests.real.test_vault import Served, name_of
from tests.upkeep import conftest as places_of_copies

folder = places_of_copies.folder

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]

Opened = Callable[..., tuple[Served, Secrets]]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Return what enrols a practice, then opens the vault."""
    monkeypatch.setattr(rest, "_WAITS_S", (0.0,))
    served = Served(tmp_path)

    def act(**allowance: int) -> tuple[Served, Secrets]:
        given = Practices(served.store / "practices").enrol("lilas", Allowance(**allowance))
        served.password = given.password
        served.start()
        return served, given

    yield act
    served.kill("terminate")


def fill(served: Served) -> None:
    """Do what a practice does on its first day; its snapshot closes the keys."""
    delta = f"000000000001-{name_of(b'delta')}"
    told = [
        served.ask("POST", "/lilas/2026/?create=true"),
        served.ask("POST", f"/lilas/2026/keys/{name_of(KEY)}", KEY),
        served.ask("POST", "/lilas/2026/config", b"c"),
        *(
            served.ask("POST", f"/lilas/2026/{kind}/{name_of(kind.encode())}", kind.encode())
            for kind in ("data", "index", "snapshots")
        ),
        served.ask("POST", f"/lilas/2026/journal/{delta}", b"delta"),
    ]
    assert told == [200] * 7


def alarms(served: Served) -> set[str]:
    done = subprocess.run(
        served.quenotte("status", "--json"), capture_output=True, text=True, timeout=60, check=True
    )
    return {one["reason"] for one in json.loads(done.stdout)["alarms"]}


def store_of(served: Served, place: str = "lilas/2026", who: str = "") -> RestStore:
    who = who or f"lilas:{served.password}"
    return RestStore(f"http://{who}@127.0.0.1:{served.port}/{place}/")


def test_no_attack_changes_a_byte(opened: Opened):
    """The same attacks as on the application alone: delete, overwrite, junk, wrong names."""
    served, _given = opened()
    fill(served)
    before = served.picture()
    for method, path, body in attacks():
        told = served.ask(method, path, body)
        assert told in {400, 403, 404, 405} or path.endswith("?create=true"), (method, path, told)
        assert served.picture() == before, (method, path)
    assert {"no-delete", "wrong-hash", "frozen", "not-yours", "read-only"} <= alarms(served)


def test_key_without_the_form_of_one_is_refused_while_keys_are_open(opened: Opened):
    served, _given = opened()
    assert served.ask("POST", "/lilas/2026/?create=true") == 200
    before = served.picture()
    for body in (b"junk", b"{}", KEY.replace(b"scrypt", b"scrypt ")):
        assert served.ask("POST", f"/lilas/2026/keys/{name_of(body)}", body) == 403
    assert served.picture() == before
    assert served.ask("POST", f"/lilas/2026/keys/{name_of(KEY)}", KEY) == 200
    assert "not-a-key" in alarms(served)


@pytest.mark.parametrize(
    ("kind", "name", "body"),
    [
        ("data", name_of(b"data"), b"another"),
        ("data", "0" * 64, b"junk"),
        ("snapshots", name_of(b"x") + ".tmp", b"x"),
        ("keys", name_of(b"junk"), b"junk"),
        ("keys", name_of(KEY + b"\n"), KEY + b"\n"),
        ("journal", f"000000000001-{name_of(b'x')}", b"y"),
        ("config", "", b"another"),
    ],
)
def test_our_own_client_hears_the_refusal(opened: Opened, kind: str, name: str, body: bytes):
    served, _given = opened()
    fill(served)
    before = served.picture()
    store = store_of(served)
    with pytest.raises(Refused):
        store.put(kind, name, body)
    with pytest.raises(Refused):
        store_of(served, "roses/2026").put("data", name_of(b"x"), b"x")
    with pytest.raises(Refused):
        store_of(served, who="lilas:wrong").put("data", name_of(b"x"), b"x")
    with pytest.raises(Refused):
        store_of(served, "as-of/2026-01-01T00:00:00Z/lilas/2026").put("data", name_of(b"x"), b"x")
    store.close()
    assert served.picture() == before


@pytest.mark.parametrize("part", ["objects_a_day", "bytes_a_day", "bytes_held"])
def test_beyond_its_part_a_practice_is_told_that_the_place_is_full(opened: Opened, part: str):
    # What the first day takes is within it; what comes then is not.
    served, _given = opened(**{part: 5 if part == "objects_a_day" else len(KEY) + 100})
    fill(served)
    before, store, body = served.picture(), store_of(served), bytes(200)
    with pytest.raises(Full):
        store.put("data", name_of(body), body)
    assert served.picture() == before
    # The steps of the journal go on; and what is there may be sent again.
    store.put("journal", f"000000000002-{name_of(body)}", body)
    store.put("data", name_of(b"data"), b"data")
    store.close()
    assert "quota" in alarms(served)


def test_flood_is_held_back(opened: Opened):
    served, _given = opened(objects_a_minute=6)
    fill(served)
    bodies = [bytes([at]) for at in range(6)]
    told = {served.ask("POST", f"/lilas/2026/data/{name_of(body)}", body) for body in bodies}
    assert 429 in told
    assert "too-fast" in alarms(served)


@pytest.mark.django_db
def test_lost_sheet_with_a_vault_whose_keys_are_closed_changes_no_place(
    opened: Opened, folder: Path, tmp_path: Path, settings: Any, alice: Person
):
    served, given = opened()
    actor = Actor(alice.id, alice.full_name, alice.practice_id, "Bureau", "web", alice.roles)
    vault = f"http://lilas:{served.password}@127.0.0.1:{served.port}/lilas"
    (tmp_path / "a").mkdir()
    for place in (str(tmp_path / "a"), vault):
        backups.init(place, settings.BACKUP_KEY)
    kit = issue(actor, Wanted())
    backups.run(vault)
    before, held = used(), served.picture()

    for _again in range(2):
        with pytest.raises(backups.KeysClosed):
            issue(actor, Wanted(after=kit.serial, cause=Cause.LOST))
    assert used() == before
    assert not list((tmp_path / "a").glob("20*"))
    kit.refresh_from_db()
    assert kit.state == Kit.State.IN_FORCE
    # Nothing of what the vault held changed either.
    assert held.items() <= served.picture().items()

    # Two persons open it again; then all go on together.
    words = ("reopen", "lilas", "--by", "Léa Martin")
    subprocess.run(served.quenotte(*words), check=True, capture_output=True, timeout=60)
    consent = json.dumps({"to": "reopen", "code": given.code}).encode()
    assert served.ask("POST", "/lilas/consent", consent) == 200
    issue(actor, Wanted(after=kit.serial, cause=Cause.LOST))
    assert [epoch for epoch, _id in used()] == [timezone.localdate().year] * 2


def issue(actor: Actor, wanted: Wanted) -> Kit:
    return kits.issue_sheet(actor=actor, device="bureau", wanted=wanted).kit


def used() -> list[tuple[int, str]]:
    return list(Destination.objects.values_list("epoch", "repository_id"))
