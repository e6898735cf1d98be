"""Pages of the cabinet."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Chair, Practice, Room, Workstation
from quenotte.devices.certificates import pairs
from quenotte.devices.certificates.authority import issue, make_authority
from quenotte.devices.certificates.pairs import Facts
from tests.factories import ChairFactory, RoomFactory, WorkstationFactory

pytestmark = pytest.mark.django_db

Login = Callable[[Person], Client]
CABINET = "/cabinet/"
PLACES = "/cabinet/lieux/"
POSTS = "/cabinet/postes/"

CONNECT = "/cabinet/postes/relier/"
SHEET, CODE, FILE = (
    CONNECT + name for name in ("feuille/", "adresse.svg", "autorite-quenotte.crt")
)

DATA = {
    "name": "Cabinet du Port",
    "address": "1 quai",
    "postcode": "44000",
    "town": "Nantes",
    "phone": "01 99 00 12 34",
    "email": "",
    "finess": "440000016",
    "rpps": "1099 9900 011",
}


def _seen(client: Client) -> str:
    return str(client.get(CABINET).context["seen"])


def test_cabinet_is_saved(alice: Person, practice: Practice, client_of: Login) -> None:
    client = client_of(alice)

    answer = client.post(CABINET, DATA | {"seen": _seen(client)}, follow=True)

    assertContains(answer, "est enregistrée")
    practice.refresh_from_db()
    assert (practice.name, practice.phone) == ("Cabinet du Port", "+33199001234")
    assert (practice.rpps, practice.finess) == ("10999900011", "440000016")
    assertContains(answer, 'value="01 99 00 12 34"')


def test_cabinet_saved_twice_without_change_writes_one_line(
    alice: Person, client_of: Login
) -> None:
    client = client_of(alice)
    for _ in range(2):
        client.post(CABINET, DATA | {"seen": _seen(client)})

    assert Line.objects.filter(object_kind="practice").count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "obligatoire"),
        ({"postcode": "4400"}, "cinq chiffres"),
        ({"phone": "12"}, "n’existe pas"),
        ({"rpps": "10999900012"}, "RPPS est inexact"),
        ({"finess": "440000017"}, "FINESS est inexact"),
        ({"email": "personne"}, "id_email_error"),
    ],
)
def test_cabinet_explains_what_is_wrong(
    alice: Person, client_of: Login, wrong: dict[str, str], words: str
) -> None:
    client = client_of(alice)

    answer = client.post(CABINET, DATA | wrong | {"seen": _seen(client)})

    assertContains(answer, words, status_code=422)
    assertContains(answer, "1 quai", status_code=422)
    assert not Line.objects.exists()


def test_cabinet_changed_by_another_browser_overwrites_nothing(
    alice: Person, practice: Practice, client_of: Login
) -> None:
    client = client_of(alice)
    seen = _seen(client)
    client.post(CABINET, DATA | {"seen": seen})

    answer = client.post(CABINET, DATA | {"seen": seen, "name": "Autre"}, follow=True)

    assertContains(answer, "Rien n’a été écrasé")
    assertContains(answer, "Cabinet du Port")
    practice.refresh_from_db()
    assert practice.name == "Cabinet du Port"


@pytest.mark.parametrize("path", [CABINET, PLACES, POSTS])
def test_cabinet_is_refused_to_other_roles_and_strangers(
    bob: Person, client_of: Login, path: str
) -> None:
    assert client_of(bob).get(path).status_code == 403
    assert Line.objects.get().result == "refused"
    assertRedirects(Client().get(path), f"/connexion/?next={path}")


def test_places_are_added_named_moved_and_removed(
    alice: Person, practice: Practice, client_of: Login
) -> None:
    client = client_of(alice)
    assertContains(client.get(PLACES), "Aucune salle")

    client.post(reverse("practice:add_room"), {"name": "Salle 1"})
    client.post(reverse("practice:add_room"), {"name": "Salle 2"})
    first, second = Room.objects.order_by("position")
    client.post(reverse("practice:add_chair", args=[first.id]), {"name": "Fauteuil 1"})
    chair = Chair.objects.get()
    client.post(reverse("practice:rename", args=["chair", chair.id]), {"name": "Bleu"})
    client.post(reverse("practice:move", args=["room", second.id]), {"step": "up"})
    client.post(reverse("practice:move", args=["room", second.id]), {"step": "ailleurs"})

    page = client.get(PLACES).content.decode()
    assert page.index('value="Salle 2"') < page.index('value="Salle 1"')
    assert 'value="Bleu"' in page
    refused = client.post(reverse("practice:remove", args=["room", first.id]), follow=True)
    assertContains(refused, "sert encore")
    client.post(reverse("practice:remove", args=["chair", chair.id]))
    client.post(reverse("practice:remove", args=["room", first.id]))
    assert list(Room.objects.all()) == [second]


def test_place_without_a_name_is_refused(alice: Person, client_of: Login) -> None:
    answer = client_of(alice).post(reverse("practice:add_room"), {"name": "  "}, follow=True)

    assertContains(answer, "Donnez un nom")
    assert not Room.objects.exists()


def test_place_of_a_stranger_is_out_of_reach(alice: Person, client_of: Login) -> None:
    chair = ChairFactory.create()

    answer = client_of(alice).post(
        reverse("practice:remove", args=["chair", chair.id]), follow=True
    )

    assertContains(answer, "n’existe plus")
    assert Chair.objects.exists()


@pytest.mark.parametrize("name", ["rename", "move", "remove"])
def test_places_refuse_reading_and_other_roles(
    alice: Person, bob: Person, practice: Practice, client_of: Login, name: str
) -> None:
    room = RoomFactory.create(practice=practice)
    url = reverse(f"practice:{name}", args=["room", room.id])

    assert client_of(alice).get(url).status_code == 405
    assert client_of(bob).post(url, {"name": "x"}).status_code == 403
    assert Room.objects.get().name == room.name


def test_workstation_is_named_and_its_logins_know(
    alice: Person, practice: Practice, client_of: Login
) -> None:
    room = RoomFactory.create(practice=practice, name="Accueil")
    client, other = client_of(alice), client_of(alice)
    other.get("/")
    page = client.get(POSTS)
    assertContains(page, "Ce poste", count=1)
    own = Workstation.objects.get(id=client.session["workstation"]["id"])

    answer = client.post(
        reverse("practice:workstation", args=[own.id]),
        {"name": "Bureau", "room": str(room.id)},
        follow=True,
    )

    assertContains(answer, "Le poste est enregistré")
    own.refresh_from_db()
    assert (own.name, own.room) == ("Bureau", room)
    client.get("/journal/")
    assert Line.objects.get(object_kind="journal").workstation == "Bureau"
    assert other.session["workstation"]["name"] != "Bureau"


def test_workstation_without_name_or_of_a_stranger_is_refused(
    alice: Person, practice: Practice, client_of: Login
) -> None:
    mine = WorkstationFactory.create(practice=practice, name="Accueil")
    client = client_of(alice)

    wrong = client.post(reverse("practice:workstation", args=[mine.id]), {"name": ""}, follow=True)
    theirs = client.post(
        reverse("practice:workstation", args=[WorkstationFactory.create().id]), {"name": "x"}
    )
    nobody = client.post(reverse("practice:workstation", args=[uuid4()]), {"name": "x"})

    assertContains(wrong, "Donnez un nom au poste")
    assert theirs.status_code == nobody.status_code == 404
    mine.refresh_from_db()
    assert (mine.name, mine.room) == ("Accueil", None)
    assertNotContains(client.get(POSTS), 'value="x"')


def test_workstation_leaves_its_room(alice: Person, practice: Practice, client_of: Login) -> None:
    mine = WorkstationFactory.create(practice=practice, room=RoomFactory.create(practice=practice))

    client_of(alice).post(
        reverse("practice:workstation", args=[mine.id]), {"name": "Bureau", "room": ""}
    )

    mine.refresh_from_db()
    assert mine.room is None


@pytest.fixture
def network(settings: Any, tmp_path: Path) -> Facts:
    """A practice that is open to its network; the facts of its authority."""
    authority = make_authority("cabinet.local", datetime.now(UTC))
    server = issue(authority, ["cabinet.local"], ["127.0.0.1", "192.168.1.10"], datetime.now(UTC))
    settings.LAN_NAME, settings.LAN_PORT, settings.LAN_TRUST_PORT = "cabinet.local", 8443, 8080
    settings.LAN_AUTHORITY = tmp_path / "authority.crt"
    settings.LAN_CERTIFICATE = tmp_path / "server.crt"
    settings.LAN_AUTHORITY.write_bytes(pairs.public_bytes(authority.certificate))
    settings.LAN_CERTIFICATE.write_bytes(pairs.public_bytes(server.certificate))
    return pairs.facts(authority.certificate)


def test_page_and_sheet_say_how_to_connect(alice: Person, client_of: Login, network: Facts) -> None:
    client = client_of(alice)
    for address in (CONNECT, SHEET):
        answer = client.get(address)
        assertContains(answer, network.fingerprint)
        assertContains(answer, "http://cabinet.local:8080")
        assertContains(answer, "http://192.168.1.10:8080")
        assertContains(answer, "https://cabinet.local:8443")
        assertContains(answer, "Code QR de l’adresse http://192.168.1.10:8080")
        assertNotContains(answer, "127.0.0.1:8080")
    assertContains(client.get(POSTS), CONNECT)


def test_code_and_certificate_are_given(alice: Person, client_of: Login, network: Facts) -> None:
    client = client_of(alice)
    code, file = client.get(CODE), client.get(FILE)
    assert (code["Content-Type"], code.content[:5]) == ("image/svg+xml", b"<?xml")
    assert file["Content-Type"] == "application/x-x509-ca-cert"
    assert sha256(file.content).hexdigest().upper() == network.fingerprint.replace(" ", "")


def test_server_without_plain_port_says_so(
    alice: Person, client_of: Login, network: Facts, settings: Any
) -> None:
    settings.LAN_TRUST_PORT = 0
    client = client_of(alice)
    assertContains(client.get(CONNECT), "clé USB")
    assertContains(client.get(SHEET), "clé USB")
    assertNotContains(client.get(CONNECT), "http://")
    assert client.get(CODE).status_code == 200


def test_practice_that_is_not_open_says_how_to_open_it(alice: Person, client_of: Login) -> None:
    client = client_of(alice)
    assertContains(client.get(CONNECT), "quenotte serve --lan")
    for address in (SHEET, CODE, FILE):
        assertRedirects(client.get(address), CONNECT)


def test_certificate_that_is_missing_is_no_page(
    alice: Person, client_of: Login, network: Facts, settings: Any
) -> None:
    settings.LAN_CERTIFICATE.unlink()
    assertContains(client_of(alice).get(CONNECT), "quenotte serve --lan")


@pytest.mark.parametrize("address", [CONNECT, SHEET, CODE, FILE])
def test_connecting_is_for_the_gestionnaire(
    bob: Person, tom: Person, alice: Person, client_of: Login, network: Facts, address: str
) -> None:
    assert client_of(bob).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert client_of(alice).post(address).status_code == 405
    assert Line.objects.filter(result="refused").count() == 1
